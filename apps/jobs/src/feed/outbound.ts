import { isUtf8 } from "node:buffer";

/** What came of one request: a whole answer, or the reason why there is none. */
export type Outcome =
  | { readonly kind: "answered"; readonly status: number; readonly body: string; readonly headers: Headers }
  | Failure;

interface Failure {
  readonly kind: "failed";
  readonly reason: string;
  /** Whether the next try may fare better. */
  readonly mayPass: boolean;
}

export interface OutboundOptions {
  /** Up to its path everything that is asked has to begin like it: no other host is ever called. */
  readonly baseUrl: string;
  readonly userAgent: string;
  /** Ends everything from the connection to the last byte. */
  readonly signal: AbortSignal;
}

/** Bytes after decompression; a whole season's results are a third of it. */
const LARGEST_BODY = 2_000_000;

/** The one call to the outside: nothing out there can hang it, flood it, or send it elsewhere. */
export async function get(path: string, { baseUrl, userAgent, signal }: OutboundOptions): Promise<Outcome> {
  const url = addressOf(path, baseUrl);
  try {
    const headers = { accept: "application/json", "user-agent": userAgent };
    const response = await fetch(url, { headers, redirect: "manual", signal });
    const bytes = await boundedBytes(response.body);
    if (bytes === null) return failure(`The answer is larger than ${LARGEST_BODY} bytes.`);
    if (!isUtf8(bytes)) return failure("The answer is not text.");
    const body = new TextDecoder().decode(bytes);
    return { kind: "answered", status: response.status, body, headers: response.headers };
  } catch (error) {
    if (signal.aborted) return failure("There was no whole answer in time.");
    return { ...failure(`The source was not reached: ${causeOf(error)}.`), mayPass: true };
  }
}

function failure(reason: string): Failure {
  return { kind: "failed", reason, mayPass: false };
}

/** Sources turn away whoever goes round their caches, and no path of ours leads off their host: either is a bug of ours. */
function addressOf(path: string, baseUrl: string): URL {
  const base = new URL(baseUrl);
  const url = new URL(`${baseUrl}${path}`);
  const isWithin = url.origin === base.origin && url.pathname.startsWith(`${base.pathname.replace(/\/$/, "")}/`);
  if (!isWithin || !/^https?:$/.test(url.protocol)) throw new TypeError(`${path} does not stay within ${base.origin}`);
  const evading = [...url.searchParams.keys()].find((name) => /cache/i.test(name));
  if (evading !== undefined) throw new TypeError(`${evading} goes round the source's cache`);
  return url;
}

/** Null when there are too many, of which the rest is then never received. */
async function boundedBytes(body: ReadableStream<Uint8Array> | null): Promise<Buffer | null> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.byteLength;
    if (size > LARGEST_BODY) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Players read why a result waits, so it is said in words, and what else stands in an error of ours stays here. */
const WORDS: readonly (readonly [RegExp, string])[] = [
  [/^(ENOTFOUND|EAI_AGAIN)$/, "its name is not known here"],
  [/^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EACCES)$/, "the connection was refused"],
  [/^(ECONNRESET|EPIPE|UND_ERR_SOCKET)$/, "the connection broke off"],
  [/TIMEOUT|TIMEDOUT/, "it took too long to connect"],
  [/CERT|UNABLE_TO_VERIFY/, "its certificate is not trusted"],
  [/TLS|SSL|EPROTO/, "no secure connection came about"],
];

/** Fetch wraps what happened to the connection in a TypeError that says nothing. */
function causeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  return WORDS.find(([codes]) => codes.test(code))?.[1] ?? "the connection failed";
}
