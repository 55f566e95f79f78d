import type { Chance } from "../chance.ts";

export interface RawShot {
  readonly kind: string;
  readonly bytes: Buffer;
  readonly leaves: boolean;
}

const SMUGGLED = "GET /smuggled HTTP/1.1\r\nhost: x\r\n\r\n";
const HOST = "host: pitwall.test\r\n";
const TYPE = "content-type: application/json\r\n";
const POST = `POST /api/v1/auth/login HTTP/1.1\r\n${HOST}${TYPE}`;
const GET = `GET /api/v1/seasons HTTP/1.1\r\n${HOST}`;
const BODY = '{"login":"nobody","password":"none"}';
const WHOLE = `${POST}content-length: ${BODY.length}\r\n\r\n${BODY}`;

/** Two readers might see other ends of the same request: nobody may ever be answered for the second one. */
const SMUGGLING = [
  `${POST}content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n${SMUGGLED}`,
  `${POST}transfer-encoding: chunked\r\ncontent-length: ${SMUGGLED.length}\r\n\r\n0\r\n\r\n${SMUGGLED}`,
  `${POST}content-length: ${BODY.length}\r\ncontent-length: ${BODY.length + SMUGGLED.length}\r\n\r\n${BODY}${SMUGGLED}`,
  `${POST}transfer-encoding: xchunked\r\n\r\n0\r\n\r\n${SMUGGLED}`,
  `${POST}transfer-encoding : chunked\r\n\r\n0\r\n\r\n${SMUGGLED}`,
  `${POST}transfer-encoding: chunked\r\ntransfer-encoding: identity\r\n\r\n0\r\n\r\n${SMUGGLED}`,
  `${POST}transfer-encoding:\x0bchunked\r\n\r\n0\r\n\r\n${SMUGGLED}`,
  `${POST}x: y\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n${SMUGGLED}`,
  `${POST}content-length: +5\r\n\r\n${SMUGGLED}`,
  `${POST}content-length: 0x5\r\n\r\n${SMUGGLED}`,
  `${POST}content-length: -1\r\n\r\n${SMUGGLED}`,
  `${POST}content-length: 99999999999999999999\r\n\r\n${SMUGGLED}`,
  `${POST}content-length: 1e3\r\n\r\n${SMUGGLED}`,
  `${GET}x: a\r\n b\r\n\r\n`,
];

const chunked = (chunks: string) => `${POST}transfer-encoding: chunked\r\n\r\n${chunks}`;

const CHUNKS = [
  ...[
    "zz\r\nx\r\n0\r\n\r\n",
    "5\r\nabc",
    "ffffffffffffffff1\r\nx",
    "-1\r\nx\r\n",
    "5;ext=1\r\nabcde\r\n0\r\n\r\n",
    "0\r\nx: y\r\n\r\n",
  ],
  ...[
    `5;${"x".repeat(20_000)}\r\nabcde\r\n0\r\n\r\n`,
    "5\nabcde\n0\n\n",
    "5 \r\nabcde\r\n0\r\n\r\n",
    "1\r\n{\r\n1\r\n}\r\n0\r\n\r\n",
    "0x5\r\nabcde\r\n0\r\n\r\n",
  ],
  ...[`${"1\r\nx\r\n".repeat(5_000)}0\r\n\r\n`, `${(70_000).toString(16)}\r\n${"x".repeat(70_000)}\r\n0\r\n\r\n`, ""],
].map(chunked);

const HEADS = [
  ...[
    "GET / HTTP/1.1\r\n\r\n",
    "GET / HTTP/1.0\r\n\r\n",
    "GET / HTTP/2.0\r\n\r\n",
    "GET /\r\n\r\n",
    "GET  / HTTP/1.1\r\n\r\n",
    "\r\n\r\n",
    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
  ],
  ...[
    "* / HTTP/1.1\r\n\r\n",
    "GET * HTTP/1.1\r\nhost: x\r\n\r\n",
    "OPTIONS * HTTP/1.1\r\nhost: x\r\n\r\n",
    "CONNECT x:1 HTTP/1.1\r\nhost: x\r\n\r\n",
    "TRACE / HTTP/1.1\r\nhost: x\r\n\r\n",
  ],
  ...[
    "GET http://evil.test/x HTTP/1.1\r\nhost: x\r\n\r\n",
    "GET //x HTTP/1.1\r\nhost: x\r\n\r\n",
    "GET \\x HTTP/1.1\r\nhost: x\r\n\r\n",
    "GET /\0 HTTP/1.1\r\nhost: x\r\n\r\n",
    "GET /\xff\xfe HTTP/1.1\r\nhost: x\r\n\r\n",
  ],
  ...[
    `${GET}host: two\r\n\r\n`,
    "GET / HTTP/1.1\r\nhost: a b\r\n\r\n",
    "GET / HTTP/1.1\r\nhost: [::1\r\n\r\n",
    "GET / HTTP/1.1\r\nhost:\r\n\r\n",
    "GET / HTTP/1.1\r\nhost: x:99999\r\n\r\n",
    "GET / HTTP/1.1\r\nhost: %\r\n\r\n",
  ],
  ...[
    `${GET}x: ${"y".repeat(9_000)}\r\n\r\n`,
    `${GET}${"x: y\r\n".repeat(3_000)}\r\n`,
    `GET /${"x".repeat(9_000)} HTTP/1.1\r\n${HOST}\r\n`,
    `${GET}: y\r\n\r\n`,
    `${GET}x\r\n\r\n`,
    `${GET}\x01: y\r\n\r\n`,
  ],
  ...[
    `${GET}expect: 100-continue\r\n\r\n`,
    `${GET}expect: x\r\n\r\n`,
    `${GET}upgrade: websocket\r\nconnection: upgrade\r\n\r\n`,
    `${GET}connection: close, keep-alive, x\r\n\r\n`,
    "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
  ],
];

const PIPELINES = [
  GET.repeat(0) + `${GET}\r\n`.repeat(20),
  `${WHOLE}${GET}\r\n`.repeat(5),
  `${GET}\r\n${WHOLE}${chunked("0\r\n\r\n")}\x00${GET}\r\n`,
];

export function rawShotOf(chance: Chance): RawShot {
  const leaves = chance.below(8) === 0;
  const kind = chance.one(["smuggling", "chunks", "head", "pipeline", "cut short", "mutated", "mutated", "mutated"]);
  const whole = () =>
    chance.one([
      WHOLE,
      `${GET}\r\n`,
      chunked("1\r\n{\r\n1\r\n}\r\n0\r\n\r\n"),
      `GET /trpc/seasons.list HTTP/1.1\r\n${HOST}\r\n`,
    ]);
  const text = () => {
    if (kind === "smuggling") return chance.one(SMUGGLING);
    if (kind === "chunks") return chance.one(CHUNKS);
    if (kind === "head") return chance.one(HEADS);
    if (kind === "pipeline") return chance.one(PIPELINES);
    const said = whole();
    return kind === "cut short" ? said.slice(0, chance.below(said.length)) : mutated(chance, said);
  };
  return { kind: `raw ${kind}`, bytes: Buffer.from(text(), "latin1"), leaves };
}

const PIECES = [
  "\r",
  "\n",
  "\r\n",
  "\r\n\r\n",
  "\0",
  "\xff",
  " ",
  ":",
  "\t",
  "content-length: 3\r\n",
  "transfer-encoding: chunked\r\n",
  "0",
  "%",
  "\x7f",
];

function mutated(chance: Chance, said: string): string {
  let text = said;
  for (let times = 1 + chance.below(4); times > 0; times -= 1) {
    const at = chance.below(text.length);
    const length = chance.below(6);
    const change = chance.below(3);
    const put = [chance.one(PIECES), String.fromCharCode(chance.below(256)), text.slice(at, at + 40)][change] ?? "";
    text = text.slice(0, at) + put + text.slice(at + (change === 2 ? 0 : length));
  }
  return text;
}
