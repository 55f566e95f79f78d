import { withTx } from "@pitwall/db/database";
import { leagueBuilds, leagues } from "@pitwall/db/schema";
import { and, desc, eq, lt, sql } from "drizzle-orm";
import type { ServiceContext } from "../context.ts";
import { enqueueLeague, largeLeagues } from "../internal/large-leagues.ts";
import { newestStandings } from "./as-of.ts";
import { rankedMembers } from "./ranked-members.ts";

/** Queues the rows of every large league of a season. Answers how many there are. */
export async function buildLeagues(ctx: ServiceContext, input: { readonly season: number }): Promise<number> {
  return withTx(ctx.db, async (db) => {
    const leagueIds = await largeLeagues(db, input.season);
    for (const leagueId of leagueIds) await enqueueLeague(db, leagueId, 0);
    return leagueIds.length;
  });
}

/**
 * Writes a league's part of the newest standings down in its order, with the members that it has now. Until then, and again
 * from the next result on, the league is sorted whenever somebody asks. Answers how many stand in it.
 */
export async function buildLeague(ctx: ServiceContext, input: { readonly leagueId: string }): Promise<number> {
  const { leagueId } = input;
  return withTx(ctx.db, async (db) => {
    await db.execute(sql`select pg_advisory_xact_lock(hashtext('league standings'), hashtext(${leagueId}))`);
    const startedAt = performance.now();
    const [league] = await db.select({ season: leagues.season }).from(leagues).where(eq(leagues.id, leagueId));
    const standings = league ? await newestStandings(db, league.season) : null;
    if (!standings) return 0;
    const [replaced] = await db
      .select({ id: leagueBuilds.id })
      .from(leagueBuilds)
      .where(eq(leagueBuilds.leagueId, leagueId))
      .orderBy(desc(leagueBuilds.id))
      .limit(1);
    const [build] = await db
      .insert(leagueBuilds)
      .values({ leagueId, buildId: standings.buildId, members: 0, tookMs: 0 })
      .returning({ id: leagueBuilds.id });
    if (!build) throw new Error("new standings of a league came back without their row");
    const { rowCount } = await db.execute(sql`
      insert into league_standings
        (build_id, team_id, race_points, total, best, rank, race_rank, rank_before, race_rank_before)
      select ${build.id}::int, ranked.* from (${rankedMembers(leagueId, standings)}) ranked`);
    await db
      .update(leagueBuilds)
      .set({ members: rowCount ?? 0, tookMs: Math.round(performance.now() - startedAt) })
      .where(eq(leagueBuilds.id, build.id));
    // Whoever is reading the one just replaced may finish.
    await db
      .delete(leagueBuilds)
      .where(and(eq(leagueBuilds.leagueId, leagueId), lt(leagueBuilds.id, replaced?.id ?? 0)));
    return rowCount ?? 0;
  });
}
