/** A value as it stands in JSON, since some of these no program would write. */
export type Json = string;

const quoted = (text: string): Json => JSON.stringify(text);

export const ODD_TEXTS: readonly Json[] = [
  ...[
    "",
    " ",
    "   ",
    "\t",
    "\0",
    "a\0b",
    "\ud800",
    "a\udfff",
    "\u202eabc",
    "\u200b",
    "a\u200bb",
    "\u2066x",
    "\ufeff",
  ].map(quoted),
  ...[
    "e\u0301",
    "\u{1f3ce}\ufe0f",
    "ﬁ",
    "ｐａｓｓ",
    "\ufdfa".repeat(40),
    "a\r\nSet-Cookie: x=1",
    "\u001b[31m",
    "\u2028",
  ].map(quoted),
  ...[
    "<script>alert(1)</script>",
    "=HYPERLINK(1)",
    "' or 1=1 --",
    "%",
    "_",
    "\\",
    "%00",
    "../../etc/passwd",
    "{{7*7}}",
  ].map(quoted),
  ...["null", "undefined", "NaN", "true", "__proto__", "constructor", "toString", "1e999", "0x10"].map(quoted),
  ...[
    "x".repeat(1_000),
    "x".repeat(30_000),
    "\u00e9".repeat(20_000),
    "id;drop table users",
    "2025-02-30T00:00:00Z",
  ].map(quoted),
  ...['"\\ud83d"', '"\\u0000"', '"\\uDC00\\uD800"'],
];

/** Text of which some part of the house cannot hold every character. */
export const UNHELD: readonly Json[] = [...["\0", "a\0b", "\ud800", "a\udfff"].map(quoted), '"\\u0000"', '"\\ud83d"'];

export const ODD_NUMBERS: readonly Json[] = [
  ...["-1", "0", "-0", "1.5", "2147483647", "2147483648", "3000000000", "9007199254740992", "9223372036854775808"],
  ...[
    "1e308",
    "1e999",
    "-1e999",
    "1e-400",
    "0.1",
    "0.30000000000000004",
    "1E2",
    "32768",
    "-32769",
    "1950",
    "9999",
    "10000",
  ],
];

export const WRONG_TYPES: readonly Json[] = [
  ...["null", "true", "false", "[]", "{}", "[[]]", "[null]", '{"0":1}', '{"length":5}', '{"toString":1}', '{"then":1}'],
  ...['{"$ne":null}', '["a","a"]', "[1,2,3]", '{"__proto__":{"polluted":1}}', '[{"__proto__":{"polluted":1}}]'],
  ...['{"constructor":{"prototype":{"polluted":1}}}', '{"json":null,"meta":{}}'],
];

export const STRANGE_FIELDS: readonly string[] = [
  ...["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "", "\0", "\ud800", "json", "meta", "0"],
  ...["role", "isAdmin", "isActive", "totalPoints", "price", "ownerId", "code", "createdAt", "id", "passwordHash"],
];

const nested = (open: string, close: string, depth: number): Json => `${open.repeat(depth)}1${close.repeat(depth)}`;

/** Each within what a body may have, if only just. */
export const HUGE: readonly Json[] = [
  nested("[", "]", 1_000),
  nested("[", "]", 30_000),
  nested('{"a":', "}", 9_000),
  `[${Array(20_000).fill("1").join(",")}]`,
  `{${Array.from({ length: 6_000 }, (_, at) => `"k${at}":1`).join(",")}}`,
  quoted("x".repeat(64_000)),
];

export const BROKEN: readonly string[] = [
  ...[
    "",
    " ",
    "{",
    "}",
    "[",
    "nul",
    "{'a':1}",
    "{a:1}",
    "[1,]",
    '{"a":1,}',
    "NaN",
    "// x",
    "\ufeff{}",
    "{}{}",
    '"',
    "1",
    "[]",
    "null",
  ],
  ...['"x"', "true", "{\u0000}", '{"a":"\u0001"}', "<xml/>", "a=1&b=2", '{"a":\\u0031}', "\\u007b}"],
];

/** What superjson might be talked into. */
export const METAS: readonly Json[] = [
  ...['{"values":{"__proto__.polluted":["undefined"]}}', '{"values":{"constructor.prototype.polluted":["Date"]}}'],
  ...['{"referentialEqualities":{"a":["__proto__.polluted"]}}', '{"referentialEqualities":{"__proto__":["polluted"]}}'],
  ...[
    '{"referentialEqualities":[["a","b"],{"c":["d"]}]}',
    '{"values":{"id":["Date"]}}',
    '{"values":{"name":["bigint"]}}',
  ],
  ...[
    '{"values":{"name":["regexp"]}}',
    '{"values":{"name":["map"]}}',
    '{"values":{"name":["set"]}}',
    '{"values":{"name":["Error"]}}',
  ],
  ...[
    '{"values":{"name":[["custom","x"]]}}',
    '{"values":{"name":[["class","User"]]}}',
    '{"values":{"name":[["symbol","x"]]}}',
  ],
  ...[
    '{"values":{"name":[["typed-array","Uint8Array"]]}}',
    '{"values":{"name":["URL"]}}',
    '{"values":{"name":["number"]}}',
  ],
  ...[
    '{"values":["undefined"]}',
    '{"values":["Date"]}',
    '{"values":{"season":["bigint"]}}',
    '{"values":{"a.b.c.d":["undefined"]}}',
  ],
  ...[
    '{"values":null}',
    '{"values":1}',
    "null",
    "1",
    "[]",
    '{"v":1,"values":{"":["Date"]}}',
    '{"values":{"driverIds":["set"]}}',
  ],
  ...[
    '{"values":{"driverIds.0":["undefined"]}}',
    '{"values":{"driverIds.length":["undefined"]}}',
    '{"values":{"name":["-0"]}}',
  ],
];
