import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { SECOND } from "@pitwall/domain/durations";
import { EnvError } from "@pitwall/services/environment";
import { type Ground, lookAtGround, type State, stateOf } from "@pitwall/services/health";
import { mayScrape } from "@pitwall/services/stats/metrics";
import type { Registry } from "prom-client";
import type { JobContext } from "./tasks/context.ts";

export interface MonitorOptions {
  readonly ctx: Pick<JobContext, "db" | "cache">;
  readonly metrics: Registry;
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Opens the metrics to whoever bears it; without one they are told on this machine alone. */
  readonly token: string | undefined;
  /** Whether this process takes jobs, as far as it knows itself. */
  readonly isWorking: () => boolean;
}

export interface Monitor {
  readonly port: number;
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

const SLOWEST = { headersTimeout: 5 * SECOND, requestTimeout: 10 * SECOND, maxHeaderSize: 8 * 1024 };
const MOST_CONNECTIONS = 50;

/** A door for probes and scrapers, and for nobody else: whether this worker lives and works, and its metrics. */
export async function openMonitor(options: MonitorOptions): Promise<Monitor> {
  const server = createServer(SLOWEST, (request, response) => {
    answerTo(request, options).then(
      (answer) => send(response, answer),
      () => send(response, json(500, { status: "failed" })),
    );
  });
  server.maxConnections = MOST_CONNECTIONS;
  server.listen(options.port, options.host);
  await once(server, "listening").catch((error: unknown) => {
    const code = error instanceof Error && "code" in error ? error.code : null;
    if (code !== "EADDRINUSE" && code !== "EACCES" && code !== "EADDRNOTAVAIL") throw error;
    throw new EnvError(`HEALTH_PORT: ${options.port} cannot be used at ${options.host}. Set it to a free one`);
  });
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : options.port,
    async close() {
      const end = once(server, "close");
      server.close();
      server.closeAllConnections();
      await end;
    },
  };
}

async function answerTo(request: IncomingMessage, options: MonitorOptions): Promise<Answer> {
  if (request.method !== "GET") return json(405, { status: "method_not_allowed" });
  switch (request.url) {
    case "/health/live":
      return json(200, { status: "live" });
    case "/health/ready":
      return readiness(options);
    case "/metrics":
      return scraped(request, options);
    default:
      return json(404, { status: "not_found" });
  }
}

const NEEDED = ["working", "database", "migrations", "queue"] as const;

/** Workers of other processes are no matter of this one. */
async function readiness({ ctx, isWorking }: MonitorOptions): Promise<Answer> {
  const { workers: _, ...ground } = await lookAtGround(ctx);
  const checks: Readonly<Record<Exclude<keyof Ground, "workers"> | "working", State>> = {
    ...ground,
    working: stateOf(isWorking()),
  };
  const isReady = NEEDED.every((name) => checks[name] === "ok");
  return json(isReady ? 200 : 503, { status: isReady ? "ready" : "not_ready", checks });
}

async function scraped({ headers, socket }: IncomingMessage, { token, metrics }: MonitorOptions): Promise<Answer> {
  const said = Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]);
  if (mayScrape(token, { peer: socket.remoteAddress, headers: new Headers(said) }))
    return { status: 200, type: metrics.contentType, body: await metrics.metrics() };
  return token === undefined ? json(404, { status: "not_found" }) : json(401, { status: "no_token" });
}

function json(status: number, value: object): Answer {
  return { status, type: "application/json", body: JSON.stringify(value) };
}

function send(response: ServerResponse, { status, type, body }: Answer): void {
  response.writeHead(status, {
    "content-type": type,
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    ...(status === 401 && { "www-authenticate": "Bearer" }),
  });
  response.end(body);
}
