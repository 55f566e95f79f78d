import type { RateLimits } from "@pitwall/api";
import type { Db } from "@pitwall/db/database";
import type { Log } from "@pitwall/services/context";
import { contextAs } from "@pitwall/services/context.fixture";
import { jsonLog } from "@pitwall/services/log";
import { createMetrics } from "@pitwall/services/stats/metrics";
import { looked, lookedLine } from "@pitwall/testing/leaks";
import { type AppDeps, type AppSettings, createApp } from "./app.ts";
import { foreseen } from "./foreseen.fixture.ts";
import { createHealth } from "./health.ts";

export const password = "Correct-Horse-7";

export interface Entry {
  readonly message: string;
  readonly facts: Record<string, unknown>;
}

interface Wanted {
  readonly limits?: RateLimits | null;
  readonly settings?: Partial<AppSettings>;
  readonly ready?: AppDeps["ready"];
  readonly patient?: AppDeps["patient"];
  readonly now?: () => Date;
}

/** All that a server is made of, on the test's database, and what its log heard. */
export function parts(db: Db, { limits = null, settings = {}, ready, patient, now = () => new Date() }: Wanted = {}) {
  const heard: Entry[] = [];
  const services = contextAs(db, { kind: "system", name: "test" }, { log: hearing(heard), now });
  const metrics = createMetrics(services);
  return {
    heard,
    services,
    limits,
    metrics,
    ready,
    patient,
    settings: { corsOrigins: [], trustedProxies: [], ...settings },
  };
}

export function anApp(db: Db, wanted: Wanted = {}) {
  const { heard, services, ...rest } = parts(db, wanted);
  const health = createHealth(services);
  health.open();
  const app = createApp({ services, health, ...rest });
  const ask = app.request;
  app.request = async (input, init, ...how) => {
    const { url, method = "GET" } = input instanceof Request ? input : { url: String(input), ...init };
    return foreseen(method, url, await looked(url, await ask(input, init, ...how)));
  };
  return { app, heard, health, services };
}

/** Keeps what it hears as it was told, and looks at each line as it would be written. */
function hearing(heard: Entry[]): Log {
  const written = jsonLog({ level: "debug", write: lookedLine });
  const at =
    (weight: keyof Log): Log[typeof weight] =>
    (message, facts = {}) => {
      heard.push({ message, facts });
      written[weight](message, facts);
    };
  return { info: at("info"), warn: at("warn"), error: at("error") };
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
