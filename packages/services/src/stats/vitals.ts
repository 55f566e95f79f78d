import { SECOND } from "@pitwall/domain/durations";
import { sql } from "drizzle-orm";
import type { ServiceContext } from "../context.ts";
import { publicStats } from "./public.ts";

/** What an operator watches of the game, as the tables have it. Ages and waits are in seconds; null where there is nothing to be old. */
export interface Vitals {
  readonly queue: readonly { readonly task: string; readonly state: JobState; readonly jobs: number }[];
  /** For how long the job has been due that waits longest. */
  readonly oldestDue: number;
  readonly workers: number;
  readonly lastLook: number | null;
  readonly races: Readonly<Record<RaceState, number>>;
  readonly sources: readonly Source[];
  readonly standings: number | null;
  /** Neither sent nor refused yet. */
  readonly mails: number;
  readonly players: Readonly<Record<"users" | "teams" | "leagues", number>>;
}

/** `failed` is for good: nobody will try again. */
export type JobState = "scheduled" | "waiting" | "running" | "failed";

/** `awaited`: its flag has fallen, and there is no result. `overdue`: for so long that the admins were told. `held`: its last answer was not believed. */
export type RaceState = "locked" | "awaited" | "overdue" | "held";

interface Source {
  readonly source: string;
  /** In a row, both. */
  readonly refusals: number;
  readonly failures: number;
  /** For how long it is not asked. */
  readonly silence: number;
}

/** One query over small tables, and counts that are kept for a minute. */
export async function vitals(ctx: ServiceContext): Promise<Vitals> {
  const { users, teams, leagues } = await publicStats(ctx);
  const { rows } = await ctx.db.execute<{ vitals: Omit<Vitals, "players"> }>(sql`
    with clock as (select clock_timestamp() as at, ${ctx.now().toISOString()}::timestamptz as game),
    jobs as (
      select task_identifier as task, run_at, case
        when locked_at is not null then 'running'
        when attempts >= max_attempts then 'failed'
        when run_at > at then 'scheduled'
        else 'waiting' end as state
      from graphile_worker.jobs, clock
    ),
    race as (
      select locked_at is not null as is_locked, revision is null and flag_due_at <= game as is_awaited,
        flag_due_at + ${ctx.schedule.alertAfter / SECOND}::float8 * interval '1 second' <= game as is_late,
        (select outcome from looks where race_id = races.id order by id desc limit 1) as outcome
      from races, clock where cancelled_at is null
    )
    select json_build_object(
      'queue', (select coalesce(json_agg(one), '[]') from (select task, state, count(*) as jobs from jobs group by 1, 2) one),
      'oldestDue', (select coalesce(extract(epoch from max(at - run_at)), 0) from jobs where state = 'waiting'),
      'workers', (select count(*) from workers where pool is not null),
      'lastLook', (select extract(epoch from game - looks.at) from looks order by id desc limit 1),
      'races', (select json_build_object(
          'locked', count(*) filter (where is_locked),
          'awaited', count(*) filter (where is_awaited),
          'overdue', count(*) filter (where is_awaited and is_late),
          'held', count(*) filter (where outcome in ('held', 'unreadable'))
        ) from race),
      'sources', (select coalesce(json_agg(json_build_object('source', source, 'refusals', refusals, 'failures', failures,
          'silence', greatest(0, extract(epoch from silent_until - game)))), '[]') from source_budgets),
      'standings', (select extract(epoch from game - scored_at) from scoring_runs order by id desc limit 1),
      'mails', (select count(*) from mails where outcome is null)
    ) as vitals
    from clock`);
  const [row] = rows;
  if (!row) throw new Error("a query for one row came back without it");
  return { ...row.vitals, players: { users, teams, leagues } };
}
