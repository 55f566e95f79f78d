/** What came of one request: a whole answer, or the reason why there is none. */
export type Outcome =
  | { readonly kind: "answered"; readonly status: number; readonly body: string; readonly retryAfter: string | null }
  | { readonly kind: "failed"; readonly reason: string };

export interface OutboundOptions {
  readonly userAgent: string;
  /** For everything from the connection to the last byte, in milliseconds. */
  readonly timeout: number;
}

/** Bytes after decompression; a whole season's results are a third of it. */
const LARGEST_BODY = 2_000_000;

/** The one call to the outside: nothing out there can hang it, flood it, or send it elsewhere. */
export async function get(url: string, { userAgent, timeout }: OutboundOptions): Promise<Outcome> {
  const signal = AbortSignal.timeout(timeout);
  try {
    const headers = { accept: "application/json", "user-agent": userAgent };
    const response = await fetch(url, { headers, redirect: "manual", signal });
    const body = await boundedText(response.body);
    if (body === null) return { kind: "failed", reason: `The answer is larger than ${LARGEST_BODY} bytes.` };
    return { kind: "answered", status: response.status, body, retryAfter: response.headers.get("retry-after") };
  } catch (error) {
    const reason = signal.aborted
      ? `There was no whole answer within ${timeout} ms.`
      : `The source was not reached: ${causeOf(error)}.`;
    return { kind: "failed", reason };
  }
}

/** The text of a body; null when it is too large, whose rest is then never received. */
async function boundedText(body: ReadableStream<Uint8Array> | null): Promise<string | null> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.byteLength;
    if (size > LARGEST_BODY) return null;
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}

/** Players read why a result waits, so it is said in words, and what else stands in an error of ours stays here. */
const WORDS: readonly (readonly [RegExp, string])[] = [
  [/^(ENOTFOUND|EAI_AGAIN)$/, "its name is not known here"],
  [/^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EACCES)$/, "the connection was refused"],
  [/^(ECONNRESET|EPIPE|UND_ERR_SOCKET)$/, "the connection broke off"],
  [/TIMEOUT|TIMEDOUT/, "it took too long to connect"],
  [/CERT|TLS|SSL/, "its certificate is not trusted"],
];

/** Fetch wraps what happened to the connection in a TypeError that says nothing. */
function causeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  return WORDS.find(([codes]) => codes.test(code))?.[1] ?? "the connection failed";
}
