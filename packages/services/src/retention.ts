import { withTx } from "@pitwall/db/database";
import { sql } from "drizzle-orm";
import type { ServiceContext } from "./context.ts";
import { breachOf } from "./internal/breaches.ts";
import { partitionOf } from "./internal/partitions.ts";

export interface Deleted {
  readonly notifications: number;
  readonly mails: number;
  readonly sessions: number;
  readonly links: number;
  readonly keys: number;
  readonly looks: number;
  readonly syncs: number;
  readonly runs: number;
  readonly failedJobs: number;
  readonly standings: number;
  readonly leagueStandings: number;
}

/**
 * Deletes what nobody needs any more: notices, looks and syncs after thirty days (a race keeps its newest look, a season the
 * newest sync of each outcome), attempts at jobs and jobs that failed for good as well, sign-ins and mailed links that are
 * over, what was answered under a key a day ago, standings that a correction has replaced for a day, so that whoever pages through them can finish, and the rows of
 * leagues that were written again since, or are no more.
 * Alerts stay a year, out of sight, so that what goes on is not told as news every month.
 */
export async function deleteOld(ctx: ServiceContext): Promise<Deleted> {
  return {
    notifications:
      (await deleted(ctx, sql`notifications where created_at < clock_timestamp() - interval '30 days'`)) +
      (await deleted(
        ctx,
        sql`broadcasts where created_at < clock_timestamp() - case audience when 'admins' then interval '1 year' else interval '30 days' end`,
      )),
    // Kept as long as what they tell could still be mailed, so that it is not mailed again.
    mails: await deleted(ctx, sql`mails where created_at < clock_timestamp() - interval '2 days'`),
    sessions: await deleted(ctx, sql`sessions where expires_at < clock_timestamp()`),
    links: await deleted(ctx, sql`one_time_tokens where expires_at < clock_timestamp()`),
    keys: await deleted(ctx, sql`idempotency_keys where created_at < clock_timestamp() - interval '24 hours'`),
    looks: await deleted(
      ctx,
      sql`looks where at < clock_timestamp() - interval '30 days' and id < (select max(newest.id) from looks newest where newest.race_id = looks.race_id)`,
    ),
    syncs: await deleted(
      ctx,
      sql`season_syncs where at < clock_timestamp() - interval '30 days' and id not in (
        select max(newest.id) from season_syncs newest group by newest.season, newest.outcome)`,
    ),
    runs: await deleted(ctx, sql`job_runs where started_at < clock_timestamp() - interval '30 days'`),
    failedJobs: await deleteFailedJobs(ctx),
    standings: await dropReplacedStandings(ctx),
    leagueStandings: await deleteReplacedLeagueStandings(ctx),
  };
}

async function deleted({ db }: ServiceContext, rows: ReturnType<typeof sql>): Promise<number> {
  const { rowCount } = await db.execute(sql`delete from ${rows}`);
  return rowCount ?? 0;
}

/** The queue keeps for ever what failed for good. */
async function deleteFailedJobs({ db }: ServiceContext): Promise<number> {
  const { rowCount } = await db.execute(sql`
    select graphile_worker.complete_jobs(array_agg(id)) from graphile_worker.jobs
    where attempts >= max_attempts and locked_at is null and run_at < clock_timestamp() - interval '30 days'`);
  return rowCount ?? 0;
}

async function deleteReplacedLeagueStandings(ctx: ServiceContext): Promise<number> {
  await deleted(
    ctx,
    sql`league_builds where id not in (select max(id) from league_builds group by league_id)
      and built_at < clock_timestamp() - interval '1 hour'`,
  );
  return deleted(ctx, sql`league_standings where build_id not in (select id from league_builds)`);
}

/**
 * Kept are the newest standings for each revision of a race, those in force among them, what they carry on, and the two that
 * tell people what a correction did to them, as long as they are told.
 */
async function dropReplacedStandings(ctx: ServiceContext): Promise<number> {
  const { rows } = await ctx.db.execute<{ id: number }>(sql`
    with kept as (select max(id) as id from standings_builds group by race_id, run_id)
    select id from standings_builds build
    where built_at < clock_timestamp() - interval '1 day'
      and id not in (select id from kept)
      and id not in (select carried_id from standings_builds join kept using (id) where carried_id is not null)
      and not exists (select from races where races.build_id = build.id)
      and not exists (select from corrections correction
        join broadcasts told on told.type = 'correction' and told.race_id = correction.race_id and told.revision = correction.revision
        where build.id in (correction.build_before, correction.build_after))
    order by id`);
  let dropped = 0;
  for (const { id } of rows) if (await dropStandings(ctx, id)) dropped += 1;
  return dropped;
}

/** How long readers may have to wait for a partition to go, and how often it is tried on a night. */
const STEP_ASIDE = "50ms";
const TRIES = 10;

const LOCK_TIMEOUT = "55P03";

/**
 * A partition goes when nobody reads the table, and whoever comes meanwhile waits. So it is asked for only for a moment at a
 * time; if there is no gap between readers tonight, there is tomorrow.
 */
async function dropStandings({ db, log }: ServiceContext, id: number): Promise<boolean> {
  for (let tries = 1; tries <= TRIES; tries += 1) {
    try {
      await withTx(db, async (tx) => {
        await tx.execute(sql.raw(`set local lock_timeout = '${STEP_ASIDE}'`));
        await tx.execute(sql`delete from rank_steps where build_id = ${id}`);
        await tx.execute(sql`delete from race_rank_steps where build_id = ${id}`);
        await tx.execute(sql`delete from standings_builds where id = ${id}`);
        await tx.execute(sql`drop table if exists ${partitionOf("standings", id)}`);
      });
      return true;
    } catch (error) {
      if (breachOf(error)?.code !== LOCK_TIMEOUT) throw error;
    }
  }
  log.info("replaced standings are still being read", { build: id });
  return false;
}
