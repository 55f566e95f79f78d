import { randomUUID } from "node:crypto";
import {
  answerRest,
  appRouter,
  doorFaults,
  faultOf,
  isJson,
  openApiDocument,
  type PublicFault,
  problemResponse,
} from "@pitwall/api";
import { DomainError } from "@pitwall/domain/domain-error";
import { SECOND } from "@pitwall/domain/durations";
import { truncatedAddress } from "@pitwall/domain/networks";
import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { Hono, type MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { cors } from "hono/cors";
import { HTTPException } from "hono/http-exception";
import { timeout } from "hono/timeout";
import type { Registry } from "prom-client";
import { compressed } from "./compression.ts";
import { serveDocs } from "./docs.ts";
import { EXPOSED, secure, tagged, tellLimits } from "./headers.ts";
import type { Health } from "./health.ts";
import { serveLinks } from "./links.ts";
import { createStopwatch, routeOf, type Stopwatch, serveMetrics } from "./metrics.ts";
import { originGuard } from "./origins.ts";
import {
  type AppEnv,
  type Asking,
  addressOf,
  type ContextSources,
  contextMaker,
  isReading,
  publicError,
} from "./requests.ts";
import { version } from "./version.ts";

export interface AppDeps extends ContextSources {
  readonly health: Health;
  readonly metrics: Registry;
  readonly settings: AppSettings;
}

export interface AppSettings {
  /** Without one the OpenAPI document speaks of paths only, and cookies count for pages of this machine. */
  readonly publicUrl?: string | undefined;
  readonly corsOrigins: readonly string[];
  readonly trustedProxies: readonly string[];
  /** Opens the metrics to whoever bears it; without one they are told on this machine alone. */
  readonly metricsToken?: string | undefined;
}

const REST = "/api/v1";
const READ_ONLY = ["/", "/openapi.json", "/docs", "/docs/*", "/links/*", "/health/*", "/metrics"];
const LARGEST_BODY = 64 * 1024;
const LARGEST_BATCH = 10;
const DEADLINE = 10 * SECOND;

/** The whole of HTTP as one value: tRPC, REST, the documents and health. */
export function createApp({ services, limits, health, metrics, settings }: AppDeps): Hono<AppEnv> {
  const { log } = services;
  const contextFor = contextMaker({ services, limits, admit: originGuard(settings) });
  const app = new Hono<AppEnv>();

  const [home, stopwatch] = [settings.publicUrl ?? "", createStopwatch(metrics)];
  app.use(framed({ log, health, stopwatch, home, addressOf: addressOf(settings.trustedProxies) }));
  // Of itself, for whoever opens a body and leaves it makes the listener cut the connection, and the next request with it.
  app.use(async (c, next) =>
    Number(c.req.header("content-length")) > LARGEST_BODY ? refusal(c, doorFaults.tooLarge) : next(),
  );
  app.use(bodyLimit({ maxSize: LARGEST_BODY, onError: (c) => refusal(c, doorFaults.tooLarge) }));
  app.use(sharedWith(settings.corsOrigins));
  app.use(compressed());
  app.use(timeout(DEADLINE));
  app.use((c, next) => (health.isOpen || isOfOperators(c) ? next() : Promise.resolve(refusal(c, NOT_OPEN_YET))));

  app.all("/trpc/*", async (c) => {
    const { method, headers } = c.req.raw;
    if (method !== "GET" && method !== "HEAD" && method !== "POST") return wrongMethod(c, "GET, POST");
    if (method === "POST" && !isJson(headers)) return refusal(c, doorFaults.wrongMediaType);
    return fetchRequestHandler({
      endpoint: "/trpc",
      req: c.req.raw,
      router: appRouter,
      createContext: ({ info }) =>
        contextFor(c, { isStreamed: info.accept === "application/jsonl", calls: info.calls.length }),
      maxBatchSize: LARGEST_BATCH,
    });
  });

  app.all(`${REST}/*`, async (c) => {
    const request = c.req.raw;
    const path = c.req.path.slice(REST.length);
    const onFound = (template: string) => c.set("route", `${REST}${template}`);
    const answer = await answerRest({ request, path, asked: askedOf(c), context: () => contextFor(c), onFound });
    return isReading(c) ? tagged(request, answer) : answer;
  });

  let document: string | undefined;
  app.get("/openapi.json", (c) => {
    document ??= JSON.stringify(openApiDocument({ home, baseUrl: `${home}${REST}`, version }));
    return c.body(document, 200, { "content-type": "application/json", "cache-control": "public, max-age=60" });
  });
  serveDocs(app);
  serveLinks(app);
  app.get("/", (c) => c.redirect("/docs"));
  app.get("/health/live", (c) => c.json({ status: "live" }));
  app.get("/health/ready", async (c) => {
    const { isReady, checks } = await health.report();
    return c.json(
      { status: isReady ? "ready" : "not_ready", checks },
      isReady ? 200 : 503,
      isReady ? {} : { "retry-after": "5" },
    );
  });
  serveMetrics(app, metrics, settings.metricsToken);
  app.on(["POST", "PUT", "PATCH", "DELETE"], READ_ONLY, (c) => wrongMethod(c, "GET"));

  app.notFound((c) => refusal(c, doorFaults.noSuchPath));
  app.onError((error, c) => {
    if (isGone(error)) return refusal(c, doorFaults.unreadable);
    return refusal(c, publicError(services, isTooSlow(error) ? TOO_SLOW : error, c.get("requestId")).fault);
  });
  return app;
}

/** Lets the listed origins read answers, and send cookies; all others neither. */
function sharedWith(origins: readonly string[]): MiddlewareHandler<AppEnv> {
  const options = { origin: [...origins], exposeHeaders: EXPOSED, maxAge: 600 };
  const [listed, foreign] = [cors({ ...options, credentials: true }), cors(options)];
  return (c, next) => (origins.includes(c.req.header("origin") ?? "") ? listed : foreign)(c, next);
}

interface Frame {
  readonly log: ContextSources["services"]["log"];
  readonly health: Health;
  readonly stopwatch: Stopwatch;
  readonly home: string;
  readonly addressOf: (c: Asking) => string | null;
}

/** Around every request, also those that are refused at once: its id, the headers of every answer, and its line in the log. */
function framed({ log, health, stopwatch, home, addressOf }: Frame): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const startedAt = performance.now();
    const address = addressOf(c);
    c.set("requestId", randomUUID());
    c.set("home", home);
    c.set("counts", new Map());
    c.set("setCookies", []);
    c.set("address", address);
    stopwatch.begin();
    await next();
    const ms = performance.now() - startedAt;
    stopwatch.end(c, ms);
    const { headers, status } = c.res;
    headers.set("x-request-id", c.get("requestId"));
    tellLimits(headers, [...c.get("counts").values()]);
    if (c.get("isReplayed")) headers.set("idempotency-replayed", "true");
    for (const line of c.get("setCookies")) headers.append("set-cookie", line);
    secure(headers, c.req.raw.headers);
    if (health.isClosing) headers.set("connection", "close");
    log.info("request", {
      requestId: c.get("requestId"),
      method: c.req.method,
      route: routeOf(c),
      path: c.req.path,
      status,
      ms: Math.round(ms),
      actor: nameOf(c),
      address: truncatedAddress(address),
    });
  };
}

function nameOf(c: Asking): string {
  const actor = c.get("actor");
  return actor?.kind === "user" || actor?.kind === "admin" ? actor.userId : "guest";
}

function askedOf(c: Asking) {
  return { instance: c.req.path, requestId: c.get("requestId"), home: c.get("home") };
}

function refusal(c: Asking, fault: PublicFault): Response {
  return problemResponse(fault, askedOf(c));
}

function wrongMethod(c: Asking, allow: string): Response {
  const answer = refusal(c, doorFaults.wrongMethod);
  answer.headers.set("allow", allow);
  return answer;
}

const NOT_OPEN_YET = faultOf(
  new DomainError("unavailable", "service.unavailable", "The game is being prepared. Try again shortly.", {
    retryAfterSeconds: 5,
  }),
);

function isOfOperators(c: Asking): boolean {
  return c.req.path.startsWith("/health/") || c.req.path === "/metrics";
}

const TOO_SLOW = new DomainError("unavailable", "request.timed_out", "This took too long. Try again shortly.", {
  retryAfterSeconds: 5,
});

/** The asker left in the middle of a body: nobody hears the answer, and nothing of ours failed. */
function isGone(error: Error): boolean {
  return error.message === "aborted" && "code" in error && error.code === "ECONNRESET";
}

function isTooSlow(error: Error): boolean {
  return error instanceof HTTPException && error.status === 504;
}
