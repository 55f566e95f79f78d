import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { Server as Listener } from "node:net";
import { setImmediate as afterArrivals, setTimeout as wait } from "node:timers/promises";
import { getRequestListener } from "@hono/node-server";
import { SECOND } from "@pitwall/domain/durations";
import { EnvError } from "@pitwall/services/environment";
import { type AppDeps, createApp } from "./app.ts";
import { createHealth, type Health } from "./health.ts";
import { createThreshold } from "./threshold.ts";

export interface ServerOptions extends Omit<AppDeps, "health"> {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /**
   * How long a balancer is given to notice that no more should be sent here, in milliseconds. After that whoever has a
   * connection is still answered, and idle ones end in their own time; without it they are cut at once.
   */
  readonly drainFor?: number;
  /** Answers nothing but probes and scrapers until it is opened. */
  readonly isShut?: boolean;
}

export interface RunningServer {
  /** Without a slash at the end. */
  readonly url: string;
  /** Takes requests from now on. */
  open(): void;
  /** Says not to be ready, answers what is under way, and closes. Calling it again waits for the same end. */
  close(): Promise<void>;
}

/** A slow client is cut off long before it can keep others waiting. */
const TIMEOUTS = {
  headersTimeout: 10 * SECOND,
  requestTimeout: 30 * SECOND,
  keepAliveTimeout: 5 * SECOND,
  connectionsCheckingInterval: 5 * SECOND,
  maxHeaderSize: 8 * 1024,
  // Whoever says no host is refused at the threshold.
  requireHostHeader: false,
};
const MOST_CONNECTIONS = 2_000;
const MOST_REQUESTS_PER_SOCKET = 1_000;

/** After this long, whatever is still under way is cut off. */
const PATIENCE = 8 * SECOND;

/** Serves the API over HTTP until it is closed. What it is given stays the caller's to close. */
export async function startServer({
  host,
  port,
  drainFor = 0,
  isShut = false,
  ...deps
}: ServerOptions): Promise<RunningServer> {
  const health = createHealth(deps.services);
  if (!isShut) health.open();
  const app = createApp({ ...deps, health });
  const threshold = createThreshold({ log: deps.services.log, home: deps.settings.publicUrl ?? "" });
  const server = createServer(TIMEOUTS, getRequestListener(app.fetch, { errorHandler: threshold.refuse }));
  threshold.guard(server);
  server.maxConnections = MOST_CONNECTIONS;
  server.maxRequestsPerSocket = MOST_REQUESTS_PER_SOCKET;
  server.listen(port, host);
  await once(server, "listening").catch((error: unknown) => {
    throw doorFault(error, host, port) ?? error;
  });

  let closing: Promise<void> | undefined;
  return {
    url: urlOf(server, host),
    open: health.open,
    close() {
      health.drain();
      closing ??= wait(drainFor).then(() => closed(server, health, drainFor > 0));
      return closing;
    },
  };
}

/** What the one who starts it can mend. */
function doorFault(error: unknown, host: string, port: number): EnvError | null {
  const code = error instanceof Error && "code" in error ? error.code : null;
  if (code === "EADDRINUSE") return new EnvError(`PORT: ${port} is taken by another program. Set it to a free one`);
  if (code === "EACCES") return new EnvError(`PORT: ${port} may not be used by this user. Set it to one above 1023`);
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND" || code === "EAI_AGAIN")
    return new EnvError(`HOST: ${host} is no address of this machine. Set it to 0.0.0.0 for all that it has`);
  return null;
}

/**
 * The listener is closed right after it has taken in who had come, and before anybody is told to come again: who waits at a
 * listener that closes is reset. So may be whose idle connection is cut while a request is on its way.
 */
async function closed(server: Server, health: Health, isGentle: boolean): Promise<void> {
  const end = once(server, "close");
  await afterArrivals();
  health.close();
  if (isGentle) Listener.prototype.close.call(server);
  else server.close();
  const impatience = setTimeout(() => server.closeAllConnections(), PATIENCE);
  await end;
  clearTimeout(impatience);
}

function urlOf(server: Server, host: string): string {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server listens at no port");
  const name = host === "0.0.0.0" || host === "::" ? "localhost" : host;
  return `http://${name.includes(":") ? `[${name}]` : name}:${address.port}`;
}
