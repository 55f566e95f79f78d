import type { Db } from "@pitwall/db/database";
import { races, standingsBuilds } from "@pitwall/db/schema";
import { eq, sql } from "drizzle-orm";
import { standingsReplaced } from "./large-leagues.ts";
import { fillPartition, partitionOf } from "./partitions.ts";

interface ScoredRace {
  readonly id: number;
  readonly runId: number;
  readonly flagDueAt: string;
  readonly isFromHere: boolean;
}

/**
 * Builds the standings after a race anew, and after every later race of the season, since totals carry. First result and
 * correction are the same work; nothing is ever patched. Of a race that was cancelled only the later ones are built, without
 * it. The new standings come into force with the caller's transaction.
 */
export async function buildStandingsFrom(db: Db, season: number, raceId: number): Promise<void> {
  const scored = await scoredRaces(db, season, raceId);
  const first = scored.findIndex((race) => race.isFromHere);
  if (first >= 0) {
    let carried = await buildInForce(db, scored[first - 1]?.id);
    for (const race of scored.slice(first)) carried = await buildStandings(db, season, race, carried);
  }
  await standingsReplaced(db, season);
}

/** How many teams stand otherwise after a race than they would if its standings were built now. */
export async function teamsOff(db: Db, season: number, raceId: number): Promise<number> {
  const scored = await scoredRaces(db, season, raceId);
  const at = scored.findIndex((race) => race.id === raceId);
  const race = scored[at];
  if (!race) return 0;
  const inForce = await buildInForce(db, raceId);
  const carried = await buildInForce(db, scored[at - 1]?.id);
  const { rows } = await db.execute<{ off: number }>(sql`
    select count(*)::int as off
    from (${standingsRows(season, race, carried, inForce ?? 0)}) due (build_id, team_id, race_points, total, best)
    left join standings stored on stored.build_id = ${inForce ?? 0} and stored.team_id = due.team_id
    where (stored.race_points, stored.total, stored.best) is distinct from (due.race_points, due.total, due.best)`);
  return rows[0]?.off ?? 0;
}

/** In the order in which they locked, each with the scoring run of its current revision. */
async function scoredRaces(db: Db, season: number, fromRaceId: number): Promise<ScoredRace[]> {
  const { rows } = await db.execute<ScoredRace & Record<string, unknown>>(sql`
    select race.id, run.id as "runId", race.flag_due_at::text as "flagDueAt",
      (race.lock_at, race.id) >= (here.lock_at, here.id) as "isFromHere"
    from races race join races here on here.id = ${fromRaceId}
    join scoring_runs run on run.race_id = race.id and run.revision = race.revision
    where race.season = ${season} and race.cancelled_at is null
    order by race.lock_at, race.id`);
  return rows;
}

async function buildInForce(db: Db, raceId: number | undefined): Promise<number | null> {
  if (raceId === undefined) return null;
  const [race] = await db.select({ buildId: races.buildId }).from(races).where(eq(races.id, raceId));
  return race?.buildId ?? null;
}

async function buildStandings(db: Db, season: number, race: ScoredRace, carriedId: number | null): Promise<number> {
  const startedAt = performance.now();
  const [build] = await db
    .insert(standingsBuilds)
    .values({ season, raceId: race.id, runId: race.runId, carriedId, teams: 0, tookMs: 0 })
    .returning({ id: standingsBuilds.id });
  if (!build) throw new Error("new standings came back without their row");
  const teams = await fillPartition(db, "standings", build.id, standingsRows(season, race, carriedId, build.id));
  if (teams > 0) await storeRankSteps(db, build.id);
  await db
    .update(standingsBuilds)
    .set({ teams, tookMs: Math.round(performance.now() - startedAt) })
    .where(eq(standingsBuilds.id, build.id));
  await db.update(races).set({ buildId: build.id }).where(eq(races.id, race.id));
  return build.id;
}

/**
 * Every team that fielded, stood before, or existed when the flag fell. All of that lies in the order of the teams' ids, so that
 * it is joined along it; the points of the line-ups come last, since a join of another kind would lose the order.
 */
function standingsRows(season: number, race: ScoredRace, carriedId: number | null, buildId: number) {
  return sql`
    select ${buildId}::int, placed.id, coalesce(score.points, 0),
      coalesce(placed.total, 0) + coalesce(score.points, 0),
      greatest(placed.best, coalesce(score.points, 0))
    from (
      select team.id, fielded.lineup_id, carried.total, carried.best
      from teams team
      left join fielded on fielded.race_id = ${race.id} and fielded.team_id = team.id
      left join standings carried on carried.build_id = ${carriedId ?? 0} and carried.team_id = team.id
      where team.season = ${season} and team.removed_at is null
        and (team.created_at < ${race.flagDueAt}::timestamptz or fielded.team_id is not null or carried.team_id is not null)
      order by team.id
    ) placed
    left join lineup_scores score on score.run_id = ${race.runId} and score.lineup_id = placed.lineup_id`;
}

/** How many stand above each total, and above each number of points of the race. */
async function storeRankSteps(db: Db, buildId: number): Promise<void> {
  const steps = [
    { table: sql`rank_steps`, points: sql`total` },
    { table: sql`race_rank_steps`, points: sql`race_points` },
  ];
  for (const { table, points } of steps) {
    await db.execute(sql`
      insert into ${table} (build_id, ${points}, above, teams)
      select ${buildId}::int, ${points}, (sum(teams) over (order by ${points} desc) - teams)::int, teams
      from (select ${points}, count(*)::int as teams from ${partitionOf("standings", buildId)} group by ${points}) steps`);
    await db.execute(sql`analyze ${table}`);
  }
}
