import {
  answerRest,
  appRouter,
  doorFaults,
  faultOf,
  isJson,
  openApiDocument,
  type PublicFault,
  problemResponse,
  type ReadyAnswer,
} from "@pitwall/api";
import type { Ready } from "@pitwall/cache/ready";
import { DomainError } from "@pitwall/domain/domain-error";
import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { Registry } from "prom-client";
import { inParts } from "./answers.ts";
import { compressedBy, createCompressor } from "./compression.ts";
import { deadline } from "./deadline.ts";
import { serveDocs } from "./docs.ts";
import { framed } from "./frame.ts";
import { tagged } from "./headers.ts";
import type { Health } from "./health.ts";
import { serveLinks } from "./links.ts";
import { createStopwatch, serveMetrics } from "./metrics.ts";
import { originGuard } from "./origins.ts";
import { answersAtTheDoor } from "./ready.ts";
import {
  type AppEnv,
  type Asking,
  addressOf,
  type ContextSources,
  contextMaker,
  isReading,
  publicError,
} from "./requests.ts";
import { sharedWith } from "./sharing.ts";
import { version } from "./version.ts";

export interface AppDeps extends ContextSources {
  readonly health: Health;
  readonly metrics: Registry;
  readonly settings: AppSettings;
  /** Left out, each answer is made anew. */
  readonly ready?: Ready<ReadyAnswer> | undefined;
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

/** The whole of HTTP as one value: tRPC, REST, the documents and health. */
export function createApp({ services, patient, limits, health, metrics, settings, ready }: AppDeps): Hono<AppEnv> {
  const { log } = services;
  const contextFor = contextMaker({
    ...{ services, patient, limits, admit: originGuard(settings) },
    onChanged: () => ready?.drop(),
  });
  const app = new Hono<AppEnv>();

  const [home, stopwatch, compressor] = [settings.publicUrl ?? "", createStopwatch(metrics), createCompressor()];
  const askedOf = (c: Asking) => ({ instance: c.req.path, requestId: c.get("requestId"), home });
  const refusal = (c: Asking, fault: PublicFault) => problemResponse(fault, askedOf(c));
  const wrongMethod = (c: Asking, allow: string) => {
    const answer = refusal(c, doorFaults.wrongMethod);
    answer.headers.set("allow", allow);
    return answer;
  };

  const frame = { log, health, stopwatch, addressOf: addressOf(settings.trustedProxies) };
  const sharing = sharedWith(settings.corsOrigins);
  app.use(framed(frame, [compressedBy(compressor), sharing.amend]));
  app.options("*", sharing.preflight);
  const limited = bodyLimit({ maxSize: LARGEST_BODY, onError: (c) => refusal(c, doorFaults.tooLarge) });
  const inTime = deadline();
  app.use(async (c, next) => {
    // Said beforehand, for whoever opens a body and leaves it makes the listener cut the connection, and the next request with it.
    if (Number(c.req.header("content-length")) > LARGEST_BODY) return refusal(c, doorFaults.tooLarge);
    if (!health.isOpen && !isOfOperators(c)) return refusal(c, NOT_OPEN_YET);
    return isBoundless(c) ? inTime(c, () => limited(c, next)) : inTime(c, next);
  });

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
      responseMeta: ({ errors }) => ({ headers: retryAfter(errors.map(faultOf)) }),
    });
  });

  app.all(`${REST}/*`, async (c) => {
    const request = c.req.raw;
    const path = c.req.path.slice(REST.length);
    const onFound = (template: string) => c.set("route", `${REST}${template}`);
    const answer = await answerRest({ request, path, asked: askedOf(c), context: () => contextFor(c), onFound, ready });
    return inParts(c, isReading(c) ? tagged(request, answer) : answer);
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
    return refusal(c, publicError(services, error, c.get("requestId")).fault);
  });
  if (!ready) return app;
  const atTheDoor = answersAtTheDoor({ ready, cache: services.cache, limits, frame, compressor, prefix: REST });
  const inside = app.fetch;
  return Object.assign(app, {
    fetch: async (request: Request, ...rest: [AppEnv["Bindings"]?]) =>
      (await atTheDoor(request, ...rest)) ?? inside(request, ...rest),
  });
}

const NOT_OPEN_YET = faultOf(
  new DomainError("unavailable", "service.unavailable", "The game is being prepared. Try again shortly.", {
    retryAfterSeconds: 5,
  }),
);

/**
 * Whether a body of any length may come. Of one whose length was said no more is read than that, and to look at one that is
 * not there takes a request of another kind. Whoever asks without a socket says no length.
 */
function isBoundless(c: Asking): boolean {
  if (c.req.header("transfer-encoding") !== undefined) return true;
  return !isReading(c) && c.req.header("content-length") === undefined;
}

/** Of several calls, the one that is to wait longest. */
function retryAfter(faults: readonly PublicFault[]): Record<string, string> {
  const seconds = Math.max(0, ...faults.map(({ retryAfterSeconds = 0 }) => retryAfterSeconds));
  return seconds > 0 ? { "retry-after": String(seconds) } : {};
}

function isOfOperators(c: Asking): boolean {
  return c.req.path.startsWith("/health/") || c.req.path === "/metrics";
}

/** The asker left in the middle of a body: nobody hears the answer, and nothing of ours failed. */
function isGone(error: Error): boolean {
  return error.message === "aborted" && "code" in error && error.code === "ECONNRESET";
}
