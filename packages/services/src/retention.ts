import { withTx } from "@pitwall/db/database";
import { races, standingsBuilds } from "@pitwall/db/schema";
import { and, lt, notExists, sql } from "drizzle-orm";
import type { ServiceContext } from "./context.ts";

export interface Deleted {
  readonly notifications: number;
  readonly sessions: number;
  readonly links: number;
  readonly looks: number;
  readonly standings: number;
}

/**
 * Deletes what nobody needs any more: notices and looks after thirty days (a race keeps its newest look), sign-ins and mailed
 * links that are over, standings that a correction has replaced for a day, so that whoever pages through them can finish.
 */
export async function deleteOld(ctx: ServiceContext): Promise<Deleted> {
  return {
    notifications:
      (await deleted(ctx, sql`notifications where created_at < clock_timestamp() - interval '30 days'`)) +
      (await deleted(ctx, sql`broadcasts where created_at < clock_timestamp() - interval '30 days'`)),
    sessions: await deleted(ctx, sql`sessions where expires_at < clock_timestamp()`),
    links: await deleted(ctx, sql`one_time_tokens where expires_at < clock_timestamp()`),
    looks: await deleted(
      ctx,
      sql`looks where at < clock_timestamp() - interval '30 days' and id < (select max(newest.id) from looks newest where newest.race_id = looks.race_id)`,
    ),
    standings: await dropReplacedStandings(ctx),
  };
}

async function deleted({ db }: ServiceContext, rows: ReturnType<typeof sql>): Promise<number> {
  const { rowCount } = await db.execute(sql`delete from ${rows}`);
  return rowCount ?? 0;
}

/** One transaction for each, since dropping a partition stops its table's readers for a moment. */
async function dropReplacedStandings(ctx: ServiceContext): Promise<number> {
  const replaced = await ctx.db
    .select({ id: standingsBuilds.id })
    .from(standingsBuilds)
    .where(
      and(
        lt(standingsBuilds.builtAt, sql`clock_timestamp() - interval '1 day'`),
        notExists(ctx.db.select({ id: races.id }).from(races).where(sql`${races.buildId} = ${standingsBuilds.id}`)),
      ),
    );
  for (const { id } of replaced) {
    await withTx(ctx.db, async (db) => {
      await db.execute(sql`drop table if exists ${sql.identifier(`standings_${id}`)}`);
      await db.execute(sql`delete from rank_steps where build_id = ${id}`);
      await db.execute(sql`delete from standings_builds where id = ${id}`);
    });
  }
  return replaced.length;
}
