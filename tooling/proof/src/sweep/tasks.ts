import type { Database } from "@pitwall/db/database";
import { type ReplayServer, startReplayServer } from "@pitwall/jobs/feed/replay-server";
import type { JobContext } from "@pitwall/jobs/tasks/context";
import { runTask } from "@pitwall/jobs/worker";
import { type JobName, jobs } from "@pitwall/services/jobs";
import { type MailSink, startMailSink } from "@pitwall/services/mail-sink.fixture";
import type { Place } from "./places.ts";
import type { Player, Scene, WritePath } from "./scene.ts";
import { aWeekend, contextOf, entered, raceIdOf, SEASON, type Weekend } from "./weekend.ts";

interface Staged {
  readonly task: JobName;
  /** What is special about it, where a task stands here twice. */
  readonly of?: string;
  /** Hours after the flag at which it is done, an hour later each time: the source has only so much patience in one. */
  readonly at: number;
  readonly setUp?: (database: Database, weekend: Weekend) => Promise<void>;
  readonly payload?: (pool: Database["pool"]) => Promise<object>;
  /** Comes before each attempt, past the wire. */
  readonly rest?: string;
  /** It is not all or nothing: every step of it commits, and what is left over is done by the next. */
  readonly inSteps?: true;
  readonly isUnsound?: true;
  readonly spares?: readonly string[];
  /** What it says when it has done its work, if it fails for it. */
  readonly complains?: RegExp;
}

const ofRace = async (pool: Database["pool"]) => ({ raceId: await raceIdOf(pool) });
const sql =
  (statement: string): NonNullable<Staged["setUp"]> =>
  async ({ pool }) => {
    await pool.query(statement);
  };
const locked = sql("update races set lock_at = clock_timestamp()");

/** With a result, told by the source at that hour. */
const recorded =
  (hour: number): NonNullable<Staged["setUp"]> =>
  async (database, weekend) => {
    const feed = await feedOf(weekend, () => weekend.hour(hour));
    const ctx = contextOf(database.db, feed.url, () => weekend.hour(hour));
    await runTask(ctx, "check-result", await ofRace(database.pool));
    await feed.close();
  };

const withLeague: NonNullable<Staged["setUp"]> = async (database, weekend) => {
  await recorded(14)(database, weekend);
  await database.pool.query(`
    with founded as (
      insert into leagues (season, owner_id, name, is_private, code, member_count)
      select season, owner_id, 'The Strip', false, 'CQDE22222222', 0 from teams order by id limit 1 returning id)
    insert into league_members (league_id, user_id, team_id, season)
    select founded.id, owner_id, teams.id, season from teams, founded;`);
  await database.pool.query("update leagues set seats = 5000, member_count = 1000");
};

const OLD = `
  insert into sessions (id, user_id, family, expires_at, started_at)
    select 'old', id, uuid_v7(), now() - interval '1 day', now() - interval '40 days' from users limit 1;
  insert into broadcasts (type, title, body, data, created_at)
    values ('system', 'Old', 'News', '{}', now() - interval '40 days');
  insert into job_runs (task, payload, attempt, worker, started_at)
    values ('lock-races', '{}', 1, uuid_v7(), now() - interval '40 days');
  insert into idempotency_keys (user_id, key, procedure, digest, created_at)
    select id, 'old', 'teams.create', 'x', now() - interval '2 days' from users limit 1;
  update standings_builds set built_at = now() - interval '2 days';`;

const MAILED = `
  update users set email_verified_at = now();
  insert into notification_preferences (user_id, type, in_app, email) select id, 'system', true, true from users;
  insert into broadcasts (type, title, body, data) values ('system', 'News', 'To everybody.', '{}');`;

/** Every task of the clock, on a weekend on which it has something to do. */
const STAGED: readonly Staged[] = [
  { task: "lock-races", at: 1, setUp: locked },
  {
    task: "remind-of-lock",
    at: -30,
    setUp: sql("update races set lock_at = clock_timestamp() + interval '50 minutes'"),
  },
  { task: "watch-results", at: 28.5, setUp: locked },
  { task: "check-result", of: "new", at: 28.5, setUp: locked, payload: ofRace },
  { task: "check-result", of: "corrected", at: 28.5, setUp: recorded(3.5), payload: ofRace },
  {
    ...{ task: "send-mails", at: 1, setUp: sql(MAILED), inSteps: true },
    rest: "update mails set tried_at = null, attempts = 0 where outcome is null",
  },
  {
    ...{ task: "sync-season", at: -40, spares: ["season_syncs"], payload: async () => ({ season: SEASON }) },
    setUp: sql("update races set name = 'Vegas Grand Prix'; delete from race_entries where driver_id = 'norris'"),
  },
  {
    ...{ task: "delete-old", at: 900, inSteps: true },
    async setUp(database, weekend) {
      await recorded(3.5)(database, weekend);
      await recorded(30)(database, weekend);
      await database.pool.query(OLD);
    },
  },
  {
    ...{ task: "check-consistency", at: 40, isUnsound: true, complains: /^Error: \d+ findings/, inSteps: true },
    async setUp(database, weekend) {
      await recorded(14)(database, weekend);
      await database.pool.query(
        "insert into users (username, email, password_hash, role) values ('chief', 'c@example.org', 'none', 'admin')",
      );
      await database.pool.query("update standings set total = total + 10");
    },
  },
  { task: "build-leagues", at: 40, isUnsound: true, setUp: withLeague, payload: async () => ({ season: SEASON }) },
  {
    ...{ task: "build-league", at: 40, setUp: withLeague, isUnsound: true },
    spares: ["league_builds", "league_standings"],
    payload: async (pool) => ({ leagueId: (await pool.query("select id from leagues")).rows[0].id }),
  },
];

/** It counts again, and changes nothing. */
export const READ_ONLY_TASKS: readonly JobName[] = ["driver-statistics"];

export const stagedTasks = new Set(STAGED.map(({ task }) => task));
export const allTasks = Object.keys(jobs).filter((name): name is JobName => name in jobs);

export const tasks: readonly Scene[] = STAGED.map(sceneOf);

function sceneOf(staged: Staged): Scene {
  const { task, of, inSteps = false, spares = [], setUp, isUnsound = false } = staged;
  const path: WritePath = { name: of === undefined ? task : `${task} (${of})`, inSteps, spares };
  const weekend = aWeekend();
  return {
    name: path.name,
    paths: [path],
    isUnsound,
    async setUp(database) {
      await entered(database, weekend);
      await setUp?.(database, weekend);
    },
    enter: (place) => aClock(place, staged, weekend),
  };
}

function feedOf({ facts, calendar }: Weekend, now: () => Date): Promise<ReplayServer> {
  return startReplayServer({ facts, calendar, now });
}

async function aClock({ wired, watched }: Place, staged: Staged, weekend: Weekend): Promise<Player> {
  const { task, at, payload, rest, complains } = staged;
  let attempts = 0;
  const now = () => weekend.hour(at + attempts);
  const feed = await feedOf(weekend, now);
  const sink: MailSink | null = task === "send-mails" ? await startMailSink() : null;
  const ctx: JobContext = { ...contextOf(wired.db, feed.url, now), mailer: sink?.mailer ?? null };
  const wanted = (await payload?.(watched.pool)) ?? {};
  const act = async () => {
    attempts += 1;
    if (rest !== undefined) await watched.pool.query(rest);
    try {
      await runTask(ctx, task, wanted);
      return "done";
    } catch (error) {
      return complains?.test(String(error)) ? "done" : "unavailable";
    }
  };
  return {
    ready: async () => undefined,
    act,
    again: act,
    async leave() {
      await Promise.all([feed.close(), sink?.close()]);
    },
  };
}
