import { randomUUID } from "node:crypto";
import { truncatedAddress } from "@pitwall/domain/networks";
import type { MiddlewareHandler } from "hono";
import { outgoing } from "./answers.ts";
import { limitHeaders, secure } from "./headers.ts";
import type { Health } from "./health.ts";
import { type Lap, routeOf, type Stopwatch } from "./metrics.ts";
import type { AddressOf, AppEnv, Asking, ContextSources } from "./requests.ts";

/** What is known around every request, whoever answers it. */
export interface Frame {
  readonly log: ContextSources["services"]["log"];
  readonly health: Health;
  readonly stopwatch: Stopwatch;
  readonly home: string;
  readonly addressOf: AddressOf;
}

/** Around every request, also those that are refused at once: its id, the headers of every answer, and its line in the log. */
export function framed(frame: Frame): MiddlewareHandler<AppEnv> {
  const { health, stopwatch, home, addressOf } = frame;
  return async (c, next) => {
    const startedAt = performance.now();
    const address = addressOf(c.req.raw, c.env);
    c.set("requestId", randomUUID());
    c.set("home", home);
    c.set("counts", new Map());
    c.set("setCookies", []);
    c.set("address", address);
    stopwatch.begin();
    await next();
    const answer = outgoing(c);
    const { headers, status } = answer;
    const [requestId, { method, path }] = [c.get("requestId"), c.req];
    const lap = { route: routeOf(c), method, status, ms: performance.now() - startedAt };
    headers.set("x-request-id", requestId);
    for (const [name, value] of Object.entries(limitHeaders([...c.get("counts").values()]))) headers.set(name, value);
    if (c.get("isReplayed")) headers.set("idempotency-replayed", "true");
    secure(headers, c.req.raw.headers);
    if (health.isClosing) headers.set("connection", "close");
    const response = answer.response();
    for (const line of c.get("setCookies")) response.headers.append("set-cookie", line);
    c.res = undefined;
    c.res = response;
    answered(frame, lap, { requestId, path, actor: nameOf(c), address });
  };
}

interface Told {
  readonly requestId: string;
  readonly path: string;
  readonly actor: string;
  readonly address: string | null;
}

/** Times a request that is being answered, and tells the log of it. */
export function answered({ log, stopwatch }: Frame, lap: Lap, { requestId, path, actor, address }: Told): void {
  const { route, method, status, ms } = lap;
  stopwatch.end(lap);
  const from = truncatedAddress(address);
  log.info("request", { requestId, method, route, path, status, ms: Math.round(ms), actor, address: from });
}

function nameOf(c: Asking): string {
  const actor = c.get("actor");
  return actor?.kind === "user" || actor?.kind === "admin" ? actor.userId : GUEST;
}

/** What the log calls whoever is not known. */
export const GUEST = "guest";
