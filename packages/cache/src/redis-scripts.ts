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

/** Keys: the value, then its names. Arguments: the tokens it was loaded under, the value, its milliseconds. Stores it if they still hold. */
export const STORE = `${READ}
local tokens = {}
for i = 2, #KEYS do tokens[#tokens + 1] = read(KEYS[i]) or '' end
if table.concat(tokens, ' ') == ARGV[1] then redis.call('set', KEYS[1], ARGV[2], 'PX', ARGV[3]) end
`;

/**
 * Keys: the counters. Arguments: for each its limit and its window in milliseconds. Answers whether it counted, what remains
 * in the tightest, and what is left of its window, or of the longest of the full ones.
 */
export const HIT = `${READ}
local counts, lefts, remaining, reset, full = {}, {}, nil, 0, 0
for i = 1, #KEYS do
  counts[i] = tonumber(read(KEYS[i]) or '0') or 0
  lefts[i] = redis.call('pttl', KEYS[i])
  if lefts[i] < 0 then
    counts[i] = 0
    lefts[i] = tonumber(ARGV[2 * i])
  end
  local room = tonumber(ARGV[2 * i - 1]) - counts[i]
  if room <= 0 then full = math.max(full, lefts[i], 1) end
  if not remaining or room < remaining then
    remaining = room
    reset = lefts[i]
  end
end
if full > 0 then return { 0, 0, full } end
for i = 1, #KEYS do redis.call('set', KEYS[i], counts[i] + 1, 'PX', math.max(lefts[i], 1)) end
return { 1, remaining - 1, reset }
`;

/** Keys: the counters. Takes one from each that counts anything. */
export const GIVE_BACK = `${READ}
for i = 1, #KEYS do
  if (tonumber(read(KEYS[i]) or '0') or 0) > 0 then redis.call('decr', KEYS[i]) end
end
return 1
`;
