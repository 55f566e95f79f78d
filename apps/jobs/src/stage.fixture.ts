import { memoryCache } from "@pitwall/cache/memory";
import { type Database, openDatabase, PATIENT } from "@pitwall/db/database";
import { seasonFacts } from "@pitwall/db/facts";
import { DAY, HOUR } from "@pitwall/domain/durations";
import { lockAt } from "@pitwall/domain/races";
import { SCHEDULE } from "@pitwall/domain/schedule";
import type { Log } from "@pitwall/services/context";
import { type RaceView, raceBySlug } from "@pitwall/services/races";
import { seedSeason } from "@pitwall/services/seasons/seed";
import { aTeam, aUser, type BuiltDriver } from "@pitwall/testing/builders";
import { aDatabase } from "@pitwall/testing/database";
import { expect, onTestFinished, vi } from "vitest";
import { JOLPICA_ALLOWANCE, sharedBudget } from "./feed/budget.ts";
import { openClient } from "./feed/client.ts";
import { jolpica } from "./feed/jolpica.ts";
import { replayCalendar, replayedSeason } from "./feed/replay.ts";
import { startReplayServer } from "./feed/replay-server.ts";
import type { Rhythm } from "./presence.ts";
import { jobContext } from "./tasks/context.ts";
import { tick } from "./ticker.ts";
import { startWorker } from "./worker.ts";

/** For what happens soon, on a slow machine as well. */
export const SOON = { interval: 20, timeout: 30_000 };

export const SEASON = 2025;
export const LAS_VEGAS = "las-vegas-grand-prix";

interface Wanted {
  /** The races of 2025 that are run; all that happens is told in hours after the flag of the first. */
  readonly slugs?: readonly string[];
  /** The rules that are played; those that the season is shipped with unless others are named. */
  readonly ruleset?: string;
  /** Five drivers for each team, by its name; the first is captain. */
  readonly teams?: Readonly<Record<string, readonly string[]>>;
  /** Whether the season itself is asked for as well; off, so that requests for results can be counted. */
  readonly syncs?: boolean;
}

interface Hired {
  readonly cron?: boolean;
  readonly rhythm?: Rhythm;
  /** The stage's own unless the worker is to have one that it can lose. */
  readonly database?: Database;
  readonly log?: Log;
}

export type Stage = Awaited<ReturnType<typeof aStage>>;

/**
 * A database of its own, a source over HTTP, and a clock that only the test turns. The season is moved so that its first
 * race locks tomorrow by the database's clock, which nobody can turn: line-ups are saved in time.
 */
export async function aStage({ slugs = [LAS_VEGAS], ruleset, teams = {}, syncs = false }: Wanted = {}) {
  const { url, drop } = await aDatabase("migrated");
  onTestFinished(drop);
  const database = openDatabase({ url, max: 12, ...PATIENT });
  onTestFinished(database.close);

  const shipped = seasonFacts(SEASON);
  const facts = {
    ...shipped,
    ruleset: ruleset ?? shipped.ruleset,
    races: shipped.races.filter(({ slug }) => slugs.includes(slug)),
  };
  const first = facts.races[0];
  if (!first) throw new Error("a stage needs a race");
  const from = lockAt(first.sessions);
  // Moved by whole hours: looks fall on the hour.
  const to = new Date(from.getTime() + Math.ceil((Date.now() + DAY - from.getTime()) / HOUR) * HOUR);
  const calendar = replayCalendar(facts, { from, to, hour: HOUR });
  const flagAt = calendar.get(first.slug)?.flagAt ?? to;

  let now = to;
  const feed = await startReplayServer({ facts, calendar, now: () => now });
  onTestFinished(feed.close);
  const heard: { level: keyof Log; message: string; facts: Record<string, unknown> }[] = [];
  const hear =
    (level: keyof Log) =>
    (message: string, told: Record<string, unknown> = {}) => {
      heard.push({ level, message, facts: told });
    };
  const log: Log = { info: hear("info"), warn: hear("warn"), error: hear("error") };
  // Patient as the real one, by the stage's clock; only the moments between two requests are left out.
  const budget = sharedBudget({ db: database.db, now: () => now }, { ...JOLPICA_ALLOWANCE, gap: 0 });
  const aSource = () =>
    jolpica(openClient({ baseUrl: feed.url, userAgent: "pitwall-test", budget, pauses: [], now: () => now.getTime() }));
  const parts = { db: database.db, cache: memoryCache(), log, schedule: SCHEDULE, now: () => now };
  const source = aSource();
  const ctx = jobContext({ ...parts, source, seasons: syncs ? source : null });
  await seedSeason(ctx, replayedSeason(facts, { from, to, hour: HOUR }));
  await enterTeams();

  async function enterTeams(): Promise<void> {
    const { rows } = await database.pool.query<BuiltDriver>(
      `select d.id, d.key::int as key, '' as "constructorId", 0 as number, 0 as price from drivers d`,
    );
    const race = { id: await raceId(first?.slug ?? "") };
    for (const [name, driverIds] of Object.entries(teams)) {
      const drivers = driverIds.flatMap((id) => rows.find((driver) => driver.id === id) ?? []);
      await aTeam(database.db, { owner: await aUser(database.db), season: SEASON, name, lineup: { race, drivers } });
    }
  }

  async function raceId(slug: string): Promise<number> {
    const { rows } = await database.pool.query<{ id: number }>("select id from races where slug = $1", [slug]);
    const [race] = rows;
    if (!race) throw new Error(`${slug} is not run`);
    return race.id;
  }

  return {
    ctx,
    pool: database.pool,
    url,
    feed,
    heard,
    raceId,
    hour: (after: number) => new Date(flagAt.getTime() + after * HOUR),
    turnTo(after: number): void {
      now = new Date(flagAt.getTime() + after * HOUR);
    },
    /** Another worker process would have a source of its own. */
    async worker({ cron = false, database: own = database, log: heard = log, ...rest }: Hired = {}) {
      const worker = await startWorker({
        pool: own.pool,
        ctx: { ...ctx, db: own.db, log: heard, source: aSource() },
        concurrency: 2,
        cron,
        ...rest,
      });
      onTestFinished(worker.stop);
      return worker;
    },
    /** Turns the clock, and lets it speak. */
    async begin(after: number): Promise<void> {
      now = new Date(flagAt.getTime() + after * HOUR);
      await tick(ctx);
    },
    /** Turns the clock, lets it speak, and waits until everything that follows has been done. */
    async tick(after: number): Promise<void> {
      await this.begin(after);
      await this.quiet();
    },
    /** A look that was put off waits for a moment that the stage's clock may never reach. */
    async isQuiet(): Promise<boolean> {
      const { rows } = await database.pool.query(
        `select 1 from graphile_worker.jobs where (locked_at is not null or attempts < max_attempts)
           and not (task_identifier = 'check-result' and run_at > now())`,
      );
      return rows.length === 0;
    },
    async quiet(): Promise<void> {
      await vi.waitFor(async () => expect(await this.isQuiet()).toBe(true), SOON);
    },
    /** Every attempt at a job, in the order in which they began. */
    async runs(): Promise<{ task: string; attempt: number; outcome: string | null; error: string | null }[]> {
      return (await database.pool.query("select task, attempt, outcome, error from job_runs order by started_at")).rows;
    },
    race: (slug: string = first.slug): Promise<RaceView> => raceBySlug(ctx, { season: SEASON, slug }),
  };
}
