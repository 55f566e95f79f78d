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
  health.open();
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

type App = ReturnType<typeof anApp>["app"];

interface Sent {
  readonly method?: string;
  readonly key?: string;
  readonly ifMatch?: string;
  /** Where it is said, if not where they have registered. */
  readonly at?: App;
}

/** Somebody new, and what they hear when they say something. */
export async function somebody(app: App) {
  const registered = await app.request("/api/v1/auth/register", json(someone()));
  const { accessToken, user } = JSON.parse(await registered.text());
  const say = async (path: string, body?: unknown, { method = "POST", key, ifMatch, at = app }: Sent = {}) => {
    const headers = new Headers({ authorization: `Bearer ${accessToken}` });
    if (body !== undefined) headers.set("content-type", "application/json");
    if (key !== undefined) headers.set("idempotency-key", key);
    if (ifMatch !== undefined) headers.set("if-match", ifMatch);
    const answer = await at.request(path, {
      method,
      headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return {
      ...{ status: answer.status, text, isReplayed: answer.headers.get("idempotency-replayed") === "true" },
      ...{ retryAfter: answer.headers.get("retry-after"), etag: answer.headers.get("etag"), body: JSON.parse(text) },
    };
  };
  return { id: String(user.id), headers: { authorization: `Bearer ${accessToken}` }, say };
}
