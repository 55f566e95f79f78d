import type { MiddlewareHandler } from "hono";
import { cors } from "hono/cors";
import type { Amend } from "./answers.ts";
import { EXPOSED } from "./headers.ts";
import type { AppEnv } from "./requests.ts";

/** What a browser is to let the pages of other sites do. */
export interface Sharing {
  /** Answers the question that it asks beforehand. */
  readonly preflight: MiddlewareHandler<AppEnv>;
  /** Says so with every other answer. */
  readonly amend: Amend;
}

const EXPOSED_NAMES = EXPOSED.join(",");

/**
 * Lets the listed origins read answers, and send cookies; all others neither. What Hono would say before the answer is there
 * would have every answer made twice, so it speaks for preflights alone.
 */
export function sharedWith(origins: readonly string[]): Sharing {
  const options = { origin: [...origins], exposeHeaders: EXPOSED, maxAge: 600 };
  const [listed, foreign] = [cors({ ...options, credentials: true }), cors(options)];
  const isListed = (origin: string | undefined) => origin !== undefined && origins.includes(origin);
  return {
    preflight: (c, next) => (isListed(c.req.header("origin")) ? listed : foreign)(c, next),
    amend(c, { headers }) {
      if (c.req.method === "OPTIONS") return undefined;
      const origin = c.req.header("origin");
      if (origin !== undefined && isListed(origin)) {
        headers.set("access-control-allow-origin", origin);
        headers.set("access-control-allow-credentials", "true");
      }
      headers.set("access-control-expose-headers", EXPOSED_NAMES);
      headers.append("vary", "Origin");
      return undefined;
    },
  };
}
