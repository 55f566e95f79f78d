import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { SeasonFacts } from "@pitwall/db/facts";
import { type ReplayCalendar, replayedAnswer } from "./replay.ts";

export interface ReplayServerOptions {
  readonly facts: SeasonFacts;
  readonly calendar: ReplayCalendar;
  /** The moment at which the source is shown; the present unless a clock is given. */
  readonly now?: () => Date;
  readonly port?: number;
}

/** An answer in place of the replayed one; what it leaves out is as replayed. */
export interface Override {
  /** How the path begins, after `/ergast/f1`: "/2025/22/results.json". Left out, every path. */
  readonly path?: string;
  /** For how many requests; left out, until it is cleared. */
  readonly times?: number;
  /** Milliseconds before the answer begins. */
  readonly delay?: number;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** The whole body, or a change of the replayed one. */
  readonly body?: string | ((replayed: string) => string);
}

export interface RecordedRequest {
  readonly method: string;
  /** With its query, as it was asked. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** By the clock of the wall, in milliseconds. */
  readonly at: number;
}

export interface ReplayServer {
  /** A base address for the client of the source: with `/ergast/f1`, without a slash at the end. */
  readonly url: string;
  /** Every request so far, oldest first. */
  readonly requests: readonly RecordedRequest[];
  /** The newest override whose path fits answers. Returns how to clear it. */
  serve(override: Override): () => void;
  close(): Promise<void>;
}

const ROOT = "/ergast/f1";

/** The replayed source over HTTP, on the loopback only. */
export async function startReplayServer({
  facts,
  calendar,
  now = () => new Date(),
  port = 0,
}: ReplayServerOptions): Promise<ReplayServer> {
  const requests: RecordedRequest[] = [];
  const overrides = new Map<symbol, Override>();
  const left = new Map<symbol, number>();
  const end = new AbortController();

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return { url: `http://127.0.0.1:${portOf(server.address())}${ROOT}`, requests, serve, close };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? "/";
    requests.push({ method: request.method ?? "", path, headers: request.headers, at: Date.now() });
    const override = overrideFor(path);
    const replayed = replayedAnswer(path, { facts, calendar, at: now() });
    if (override.delay !== undefined) await sleep(override.delay, undefined, { signal: end.signal });
    const body = typeof override.body === "function" ? override.body(replayed.body) : (override.body ?? replayed.body);
    response.writeHead(override.status ?? replayed.status, { ...replayed.headers, ...override.headers });
    response.end(body);
  }

  function overrideFor(path: string): Override {
    for (const [key, override] of [...overrides].reverse()) {
      if (!path.startsWith(`${ROOT}${override.path ?? ""}`)) continue;
      const times = (left.get(key) ?? Number.POSITIVE_INFINITY) - 1;
      left.set(key, times);
      if (times <= 0) overrides.delete(key);
      return override;
    }
    return {};
  }

  function serve(override: Override): () => void {
    const key = Symbol();
    overrides.set(key, override);
    if (override.times !== undefined) left.set(key, override.times);
    return () => {
      overrides.delete(key);
    };
  }

  async function close(): Promise<void> {
    end.abort();
    server.close();
    server.closeAllConnections();
    await once(server, "close");
  }
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === "string") throw new Error("the replay listens on no port");
  return address.port;
}
