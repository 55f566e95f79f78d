/** A key that holds something else than text is treated as if it were not there. */
const READ = `
local function read(key)
  local found = redis.pcall('get', key)
  if type(found) == 'table' then redis.call('del', key) return false end
  return found
end
`;

/** Keys: the value, then its names. Arguments: a token for those that have none, its seconds. Answers the value and all tokens. */
export const LOOK = `${READ}
local tokens = {}
for i = 2, #KEYS do
  local token = read(KEYS[i])
  if not token then
    token = ARGV[1]
    redis.call('set', KEYS[i], token, 'EX', ARGV[2])
  end
  tokens[#tokens + 1] = token
end
return { read(KEYS[1]), table.concat(tokens, ' ') }
`;

/** Keys: the value, then its names. Arguments: the tokens it was loaded under, the value, its seconds. Stores it if they still hold. */
export const STORE = `${READ}
local tokens = {}
for i = 2, #KEYS do tokens[#tokens + 1] = read(KEYS[i]) or '' end
if table.concat(tokens, ' ') == ARGV[1] then redis.call('set', KEYS[1], ARGV[2], 'EX', ARGV[3]) end
`;

/** Key: the counter. Arguments: the limit, the window in milliseconds. Answers whether it counted, the count, what is left of the window. */
export const HIT = `${READ}
local count = tonumber(read(KEYS[1]) or '0') or 0
local left = redis.call('pttl', KEYS[1])
if left < 0 then
  count = 0
  left = tonumber(ARGV[2])
end
if count >= tonumber(ARGV[1]) then return { 0, count, left } end
redis.call('set', KEYS[1], count + 1, 'PX', left)
return { 1, count + 1, left }
`;
