import { randomUUID } from "node:crypto";
import type { Counted } from "@pitwall/api";
import { truncatedAddress } from "@pitwall/domain/networks";
import type { MiddlewareHandler } from "hono";
import { type Amend, outgoing } from "./answers.ts";
import { limitHeaders, secure } from "./headers.ts";
import type { Health } from "./health.ts";
import { type Lap, routeOf, type Stopwatch } from "./metrics.ts";
import type { AddressOf, AppEnv, Asking, ContextSources } from "./requests.ts";

/** What is known around every request, whoever answers it. */
export interface Frame {
  readonly log: ContextSources["services"]["log"];
  readonly health: Health;
  readonly stopwatch: Stopwatch;
  readonly addressOf: AddressOf;
}

/**
 * Around every request, also those that are refused at once: its id, what amends every answer and the headers of all of them,
 * and its line in the log. One step for all of it: each that Hono takes costs more than most of what is done here.
 */
export function framed(frame: Frame, amendments: readonly Amend[]): MiddlewareHandler<AppEnv> {
  const { health, stopwatch, addressOf } = frame;
  return async (c, next) => {
    const startedAt = performance.now();
    const requestId = randomUUID();
    const address = addressOf(c.req.raw, c.env);
    const counts = new Map<string, Counted>();
    c.set("requestId", requestId);
    c.set("counts", counts);
    c.set("address", address);
    stopwatch.begin();
    await next();
    const answer = outgoing(c);
    for (const amend of amendments) {
      const amending = amend(c, answer);
      if (amending) await amending;
    }
    const { headers, status } = answer;
    const { method, path } = c.req;
    const lap = { route: routeOf(c), method, status, ms: performance.now() - startedAt };
    headers.set("x-request-id", requestId);
    const limits = limitHeaders([...counts.values()]);
    for (const name in limits) headers.set(name, limits[name] ?? "");
    if (c.get("isReplayed")) headers.set("idempotency-replayed", "true");
    secure(headers, c.req.raw.headers);
    if (health.isClosing) headers.set("connection", "close");
    const response = answer.response();
    for (const line of c.get("setCookies") ?? []) response.headers.append("set-cookie", line);
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
