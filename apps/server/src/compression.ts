import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { recent } from "@pitwall/cache/recent";
import { parseAccept } from "hono/utils/accept";
import type { Amend, Outgoing } from "./answers.ts";

/** The best first. Their middle levels: what the highest save beyond is paid with many times the time. */
const ENCODINGS = {
  br: (bytes: Buffer) => promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }),
  gzip: (bytes: Buffer) => promisify(gzip)(bytes, { level: 4 }),
} as const satisfies Record<string, (bytes: Buffer) => Promise<Buffer>>;

export type Encoding = keyof typeof ENCODINGS;

/** Below this, what is saved fits into the packet that is sent anyway. */
const WORTH_IT = 1024;

const TEXT = /^(application\/(problem\+)?json|text\/(html|css|javascript))(;|$)/;

/**
 * The length of what is compressed tells of what is in it, so an answer that bears a token and repeats something of the
 * request could be made to betray the token bit by bit.
 */
const BEARS_TOKENS = /^\/api\/v1\/auth\/|^\/trpc\/(.*(,|%2C))?auth\./i;

const MANY = 128;

export interface Compressor {
  /** Null where it is too small to be worth it. What has a name is compressed once. */
  small(encoding: Encoding, bytes: Buffer, name: string | null): Promise<Buffer<ArrayBuffer> | null>;
}

export function createCompressor(): Compressor {
  const ready = recent<string, Buffer<ArrayBuffer>>(MANY);
  return {
    async small(encoding, bytes, name) {
      if (bytes.length < WORTH_IT) return null;
      const known = name === null ? undefined : ready.get(`${encoding} ${name}`);
      const small = known ?? Buffer.from(await ENCODINGS[encoding](bytes));
      if (name !== null) ready.set(`${encoding} ${name}`, small);
      return small;
    },
  };
}

/** Compresses what is large enough for whoever takes it. What is tagged and for all is compressed once. */
export function compressedBy(compressor: Compressor): Amend {
  return (c, answer) => {
    const { headers } = answer;
    const isText = TEXT.test(headers.get("content-type") ?? "") && !headers.has("content-encoding");
    // What comes in pieces is to arrive in pieces.
    if (!isText || headers.has("transfer-encoding") || BEARS_TOKENS.test(c.req.path)) return undefined;
    headers.append("vary", "accept-encoding");
    const encoding = c.req.method === "HEAD" ? null : encodingFor(c.req.header("accept-encoding"));
    return encoding === null || isSmall(headers) ? undefined : pack(answer, encoding, compressor);
  };
}

async function pack(answer: Outgoing, encoding: Encoding, compressor: Compressor): Promise<void> {
  const { headers } = answer;
  const bytes = await answer.bytes();
  if (bytes === null) return;
  const etag = headers.get("etag");
  const isForAll = headers.get("cache-control")?.startsWith("public") ?? false;
  const small = await compressor.small(encoding, bytes, isForAll ? etag : null);
  if (small === null) return answer.replace(bytes);
  headers.set("content-encoding", encoding);
  headers.delete("content-length");
  // Other bytes than those that the tag was made of, which say the same.
  if (etag !== null) headers.set("etag", `W/${etag}`);
  answer.replace(small);
}

/** Known beforehand, it need not be read to be left as it is. */
function isSmall(headers: Outgoing["headers"]): boolean {
  const length = headers.get("content-length");
  return length !== null && Number(length) < WORTH_IT;
}

export function encodingFor(accepted: string | undefined): Encoding | null {
  if (accepted === undefined) return null;
  const wanted = new Map(parseAccept(accepted).map(({ type, q }) => [type.toLowerCase(), q]));
  const wantedOf = (encoding: Encoding) => wanted.get(encoding) ?? wanted.get("*") ?? 0;
  const best = wantedOf("gzip") > wantedOf("br") ? "gzip" : "br";
  return wantedOf(best) > 0 ? best : null;
}
