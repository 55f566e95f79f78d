import { appRouter } from "@pitwall/api";
import { DomainError } from "@pitwall/domain/domain-error";
import { SECOND } from "@pitwall/domain/durations";
import { mayScrape } from "@pitwall/services/stats/metrics";
import type { Hono } from "hono";
import { routePath } from "hono/route";
import { Gauge, Histogram, type Registry } from "prom-client";
import type { AppEnv, Asking } from "./requests.ts";

/** How requests are timed: by route, never by what stands in an address. */
export interface Stopwatch {
  begin(): void;
  end(lap: Lap): void;
}

export interface Lap {
  readonly route: string;
  readonly method: string;
  readonly status: number;
  readonly ms: number;
}

type Course = Histogram.Internal<"route" | "method" | "status">;

export function createStopwatch(registry: Registry): Stopwatch {
  const registers = [registry];
  let underWay = 0;
  new Gauge({
    ...{ name: "pitwall_http_requests_in_flight", help: "Requests under way.", registers },
    collect() {
      this.set(underWay);
    },
  });
  const durations = new Histogram({
    name: "pitwall_http_request_duration_seconds",
    help: "How long requests took.",
    labelNames: ["route", "method", "status"],
    buckets: [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers,
  });
  const courses = new Map<string, Course>();
  /** The library would look for it by its sorted labels each time. */
  function courseOf(route: string, method: string, status: string): Course {
    const name = `${method} ${status} ${route}`;
    const course = courses.get(name) ?? durations.labels({ route, method, status });
    courses.set(name, course);
    return course;
  }

  return {
    begin() {
      underWay += 1;
    },
    end({ route, method, status, ms }) {
      underWay -= 1;
      courseOf(route, METHODS.has(method) ? method : "other", `${Math.floor(status / 100)}xx`).observe(ms / SECOND);
    },
  };
}

const UNMATCHED = "unmatched";
const BATCH = "/trpc/batch";

/** As it was registered: there are as many of them as there are routes, whatever is asked for. */
export function routeOf(c: Asking): string {
  const known = c.get("route");
  if (known !== undefined) return known;
  if (c.req.path.startsWith("/trpc/")) return procedureRoute(c.req.path.slice("/trpc/".length));
  const registered = routePath(c, -1);
  return registered === "/*" || registered === "*" || registered === "/api/v1/*" ? UNMATCHED : registered;
}

function procedureRoute(name: string): string {
  if (name.includes(",")) return BATCH;
  return Object.hasOwn(appRouter._def.procedures, name) ? `/trpc/${name}` : UNMATCHED;
}

const METHODS = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/** Whoever may not read them is not told that they are there, unless they are to bring a token. */
export function serveMetrics(app: Hono<AppEnv>, registry: Registry, token: string | undefined): void {
  app.get("/metrics", async (c) => {
    const peer = c.env?.incoming?.socket.remoteAddress;
    if (mayScrape(token, { peer, headers: c.req.raw.headers }))
      return c.body(await registry.metrics(), 200, { "content-type": registry.contentType });
    if (token === undefined) return c.notFound();
    throw new DomainError(
      "unauthenticated",
      "auth.required",
      "These figures are for whoever bears the operator's token.",
    );
  });
}
