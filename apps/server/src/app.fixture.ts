import type { RateLimits } from "@pitwall/api";
import type { Db } from "@pitwall/db/database";
import { contextAs } from "@pitwall/services/context.fixture";
import { createMetrics } from "@pitwall/services/stats/metrics";
import { type AppSettings, createApp } from "./app.ts";
import { createHealth } from "./health.ts";

export const password = "Correct-Horse-7";

/** The kind of thing no answer, header or log line may say, whatever went wrong. */
export const LEAK =
  /Failed query|params:|violates .* constraint|\$argon2|postgres(ql)?:\/\/|redis:\/\/|node_modules|\bat .+:\d+:\d+|ECONN|ENOTFOUND|Unexpected token/;

export interface Entry {
  readonly message: string;
  readonly facts: Record<string, unknown>;
}

interface Wanted {
  readonly limits?: RateLimits | null;
  readonly settings?: Partial<AppSettings>;
}

/** All that a server is made of, on the test's database, and what its log heard. */
export function parts(db: Db, { limits = null, settings = {} }: Wanted = {}) {
  const heard: Entry[] = [];
  const hear = (message: string, facts: Record<string, unknown> = {}) => void heard.push({ message, facts });
  const services = contextAs(db, { kind: "system", name: "test" }, { log: { info: hear, warn: hear, error: hear } });
  const metrics = createMetrics(services);
  return { heard, services, limits, metrics, settings: { corsOrigins: [], trustedProxies: [], ...settings } };
}

export function anApp(db: Db, wanted: Wanted = {}) {
  const { heard, services, ...rest } = parts(db, wanted);
  const health = createHealth(services);
  return { app: createApp({ services, health, ...rest }), heard, health, services };
}

/** A request's body and the header that belongs to it. */
export function json(body: unknown, headers: Record<string, string> = {}) {
  return { method: "POST", body: JSON.stringify(body), headers: { "content-type": "application/json", ...headers } };
}

let serial = 0;

/** What a new account registers with. */
export function someone() {
  serial += 1;
  return { username: `anna_${serial}`, email: `anna_${serial}@example.org`, password };
}
