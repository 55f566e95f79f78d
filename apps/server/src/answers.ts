import type { Context } from "hono";

/** An answer in parts. To amend the headers of a `Response` costs more than most answers do, since each is judged anew. */
export interface Parts {
  readonly status: number;
  /** By their names in small letters. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/** An answer on its way out, as whoever stands there may amend it. */
export interface Outgoing {
  readonly status: number;
  readonly headers: Pick<Headers, "get" | "has" | "set" | "append" | "delete">;
  /** Null where there are none. */
  bytes(): Promise<Bytes | null>;
  replace(bytes: Bytes): void;
  /** Makes of it what is sent. */
  response(): Response;
}

type Bytes = Buffer<ArrayBuffer>;

/** What Hono holds meanwhile. */
const STAND_IN = new Response(null);
const standingIn = new WeakMap<Context, Outgoing>();

/** Answers in parts, which are amended on the way out and become a `Response` once. */
export function inParts(c: Context, parts: Parts): Response {
  standingIn.set(c, outgoingParts(parts));
  return STAND_IN;
}

/** The answer as it stands. Whoever gave up in the meantime has put another one in its place. */
export function outgoing(c: Context): Outgoing {
  const amended = c.res === STAND_IN ? standingIn.get(c) : undefined;
  return amended ?? outgoingResponse(c);
}

function outgoingParts({ status, headers: said, body }: Parts): Outgoing {
  const headers: Record<string, string> = { ...said };
  let content: string | Bytes | null = body;
  return {
    status,
    headers: {
      get: (name) => headers[name] ?? null,
      has: (name) => name in headers,
      set(name, value) {
        headers[name] = value;
      },
      append(name, value) {
        headers[name] = name in headers ? `${headers[name]}, ${value}` : value;
      },
      delete(name) {
        delete headers[name];
      },
    },
    bytes: async () => (typeof content === "string" ? Buffer.from(content) : content),
    replace(bytes) {
      content = bytes;
    },
    response: () => new Response(content, { status, headers }),
  };
}

function outgoingResponse(c: Context): Outgoing {
  const { status, headers } = c.res;
  return {
    status,
    headers,
    bytes: async () => (c.res.body === null ? null : Buffer.from(await c.res.arrayBuffer())),
    replace(bytes) {
      // Put over another one, it would take over that one's headers.
      c.res = undefined;
      c.res = new Response(bytes, { status, headers });
    },
    response: () => c.res,
  };
}
