import { timingSafeEqual } from "node:crypto";
import { connectionsOf } from "@pitwall/db/database";
import { SECOND } from "@pitwall/domain/durations";
import { Counter, collectDefaultMetrics, Gauge, Registry } from "prom-client";
import type { ServiceContext } from "../context.ts";
import { sha256 } from "../internal/digests.ts";
import { type Vitals, vitals } from "./vitals.ts";

type Watched = Omit<ServiceContext, "actor">;
type Sample = readonly [labels: Readonly<Record<string, string>>, value: number];

interface Figure {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
  readonly read: (found: Vitals) => readonly Sample[];
}

/** The same from every process: take the greatest of them, not their sum. */
const FIGURES: readonly Figure[] = [
  {
    name: "pitwall_queue_jobs",
    help: "Jobs in the queue by their state; failed ones are tried no more.",
    labels: ["task", "state"],
    read: ({ queue }) => queue.map(({ task, state, jobs }) => [{ task, state }, jobs]),
  },
  one("pitwall_queue_oldest_due_seconds", "For how long the job has been due that waits longest.", (v) => v.oldestDue),
  one("pitwall_workers", "Processes that take jobs from the queue.", (v) => v.workers),
  one("pitwall_feed_last_look_age_seconds", "Since the source was last asked for a result.", (v) => v.lastLook),
  {
    name: "pitwall_races",
    help: "Races that are locked, awaited (no result after the flag), overdue (for so long that admins were told) or held (the last answer was not believed).",
    labels: ["state"],
    read: ({ races }) => Object.entries(races).map(([state, count]) => [{ state }, count]),
  },
  ofSources("pitwall_source_refusals", "Refusals of a source in a row.", ({ refusals }) => refusals),
  ofSources("pitwall_source_failures", "Failures of a source in a row.", ({ failures }) => failures),
  ofSources("pitwall_source_silence_seconds", "For how long a source is not asked.", ({ silence }) => silence),
  one("pitwall_standings_age_seconds", "Since standings were last built.", (v) => v.standings),
  one("pitwall_mails_waiting", "Mails that are neither sent nor refused yet.", (v) => v.mails),
  one("pitwall_users", "Active users.", (v) => v.players.users),
  one("pitwall_teams", "Teams that play.", (v) => v.players.teams),
  one("pitwall_leagues", "Leagues.", (v) => v.players.leagues),
];

function one(name: string, help: string, read: (found: Vitals) => number | null): Figure {
  return {
    name,
    help,
    labels: [],
    read: (found) => {
      const value = read(found);
      return value === null ? [] : [[{}, value]];
    },
  };
}

function ofSources(name: string, help: string, read: (source: Vitals["sources"][number]) => number): Figure {
  return {
    name,
    help,
    labels: ["source"],
    read: ({ sources }) => sources.map((each) => [{ source: each.source }, read(each)]),
  };
}

/** Whoever scrapes more often than this reads the same again. */
const KEPT = 5 * SECOND;

/** What every process of ours can tell: its own connections and cache, and what the tables say of the game. */
export function createMetrics(ctx: Watched): Registry {
  const registry = new Registry();
  const found = keptFor(KEPT, () => vitals({ ...ctx, actor: { kind: "system", name: "metrics" } }).catch(() => null));
  const registers = [registry];
  for (const { name, help, labels, read } of FIGURES)
    new Gauge({
      name,
      help,
      labelNames: labels,
      registers,
      async collect() {
        const all = await found();
        this.reset();
        // Of a figure without labels that leaves a 0, which nobody counted.
        if (labels.length === 0) this.remove();
        if (all) for (const [of, value] of read(all)) this.set(of, value);
      },
    });
  tellOfDatabase(ctx, registry, found);
  tellOfCache(ctx, registry);
  return registry;
}

function tellOfDatabase({ db }: Watched, registry: Registry, found: () => Promise<Vitals | null>): void {
  const registers = [registry];
  new Gauge({
    name: "pitwall_database_up",
    help: "Whether the database answered.",
    registers,
    async collect() {
      this.set((await found()) ? 1 : 0);
    },
  });
  new Gauge({
    name: "pitwall_database_connections",
    help: "Connections of this process, and who waits for one.",
    labelNames: ["state"],
    registers,
    collect() {
      for (const [state, count] of Object.entries(connectionsOf(db))) this.set({ state }, count);
    },
  });
}

function tellOfCache({ cache }: Watched, registry: Registry): void {
  const registers = [registry];
  new Counter({
    name: "pitwall_cache_reads_total",
    help: "Values that were asked of the cache of this process.",
    labelNames: ["outcome"],
    registers,
    collect() {
      const { hits, misses } = cache.stats();
      this.reset();
      this.inc({ outcome: "hit" }, hits);
      this.inc({ outcome: "miss" }, misses);
    },
  });
  new Counter({
    name: "pitwall_cache_outages_total",
    help: "Times that the cache did not answer this process.",
    registers,
    collect() {
      this.reset();
      this.inc(cache.stats().outages);
    },
  });
}

/** Memory, turns of the event loop and the like: once in a process. */
export function tellOfProcess(registry: Registry): Registry {
  collectDefaultMetrics({ register: registry });
  return registry;
}

function keptFor<T>(milliseconds: number, load: () => Promise<T>): () => Promise<T> {
  let kept: { readonly until: number; readonly value: Promise<T> } | undefined;
  return () => {
    if (kept === undefined || kept.until <= performance.now())
      kept = { until: performance.now() + milliseconds, value: load() };
    return kept.value;
  };
}

export interface Scraper {
  readonly peer: string | undefined;
  readonly headers: Headers;
}

const LOOPBACK = /^(127\.|::1$|::ffff:127\.)/;

/** Of what went through a proxy, the peer says nothing. */
const FORWARDING = ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "via"];

/**
 * Who may read what the metrics tell: who has the token, or without one whoever asks on this machine. Not private networks:
 * there stand the proxies and gateways that everybody comes through.
 */
export function mayScrape(token: string | undefined, { peer, headers }: Scraper): boolean {
  if (token === undefined) return LOOPBACK.test(peer ?? "") && !FORWARDING.some((name) => headers.has(name));
  const given = /^Bearer (.+)$/i.exec(headers.get("authorization") ?? "")?.[1] ?? "";
  return timingSafeEqual(Buffer.from(sha256(given)), Buffer.from(sha256(token)));
}
