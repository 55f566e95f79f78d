import type { Parts } from "./parts.ts";
import type { Asking } from "./requests.ts";

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

/** What amends an answer; a promise only where it takes time. */
export type Amend = (c: Asking, answer: Outgoing) => Promise<void> | undefined;

type Bytes = Buffer<ArrayBuffer>;

/** What Hono holds meanwhile. */
const STAND_IN = new Response(null);

/** Answers in parts, which are amended on the way out and become a `Response` once. */
export function inParts(c: Asking, parts: Parts): Response {
  c.set("parts", parts);
  return STAND_IN;
}

/** The answer as it stands. Whoever gave up in the meantime has put another one in its place. */
export function outgoing(c: Asking): Outgoing {
  const parts = c.res === STAND_IN ? c.get("parts") : undefined;
  return parts ? new OutgoingParts(parts) : outgoingResponse(c);
}

/** A class, since one is made for nearly every request and all that it can do need not be. */
class OutgoingParts implements Outgoing {
  readonly status: number;
  readonly headers: PlainHeaders;
  #body: string | Bytes | null;

  constructor({ status, headers, body }: Parts) {
    this.status = status;
    this.headers = new PlainHeaders(headers);
    this.#body = body;
  }

  async bytes(): Promise<Bytes | null> {
    return typeof this.#body === "string" ? Buffer.from(this.#body) : this.#body;
  }

  replace(bytes: Bytes): void {
    this.#body = bytes;
  }

  response(): Response {
    return new Response(this.#body, { status: this.status, headers: this.headers.all });
  }
}

class PlainHeaders {
  readonly all: Record<string, string>;

  constructor(said: Parts["headers"]) {
    this.all = { ...said };
  }

  get(name: string): string | null {
    return this.all[name] ?? null;
  }

  has(name: string): boolean {
    return name in this.all;
  }

  set(name: string, value: string): void {
    this.all[name] = value;
  }

  append(name: string, value: string): void {
    this.all[name] = name in this.all ? `${this.all[name]}, ${value}` : value;
  }

  delete(name: string): void {
    delete this.all[name];
  }
}

function outgoingResponse(c: Asking): Outgoing {
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
