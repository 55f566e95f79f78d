import type { Db } from "@pitwall/db/database";
import { races, standingsBuilds } from "@pitwall/db/schema";
import { eq, sql } from "drizzle-orm";
import { fillPartition } from "./partitions.ts";

interface ScoredRace {
  readonly id: number;
  readonly runId: number;
  readonly flagDueAt: string;
  /** Not before the race from which on standings are built. */
  readonly isToBuild: boolean;
}

/**
 * Builds the standings after a race anew, and after every later race of the season, since totals carry; a cancelled race is
 * left out of them. First result and correction are the same work; nothing is ever patched. The new standings come into
 * force with the caller's transaction.
 */
export async function buildStandingsFrom(db: Db, season: number, raceId: number): Promise<void> {
  const scored = await scoredRaces(db, season, raceId);
  let before = await buildInForce(db, scored.findLast((race) => !race.isToBuild)?.id);
  for (const race of scored.filter((race) => race.isToBuild)) before = await buildStandings(db, season, race, before);
}

/** In the order in which they locked, each with the scoring run of its current revision. */
async function scoredRaces(db: Db, season: number, firstId: number): Promise<ScoredRace[]> {
  const { rows } = await db.execute<ScoredRace & Record<string, unknown>>(sql`
    select race.id, run.id as "runId", race.flag_due_at::text as "flagDueAt",
      (race.lock_at, race.id) >= (select first.lock_at, first.id from races first where first.id = ${firstId}) as "isToBuild"
    from races race join scoring_runs run on run.race_id = race.id and run.revision = race.revision
    where race.season = ${season} and race.cancelled_at is null
    order by race.lock_at, race.id`);
  return rows;
}

async function buildInForce(db: Db, raceId: number | undefined): Promise<number | null> {
  if (raceId === undefined) return null;
  const [race] = await db.select({ buildId: races.buildId }).from(races).where(eq(races.id, raceId));
  return race?.buildId ?? null;
}

async function buildStandings(db: Db, season: number, race: ScoredRace, before: number | null): Promise<number> {
  const startedAt = performance.now();
  const [build] = await db
    .insert(standingsBuilds)
    .values({ season, raceId: race.id, runId: race.runId, teams: 0, tookMs: 0 })
    .returning({ id: standingsBuilds.id });
  if (!build) throw new Error("new standings came back without their row");
  const teams = await fillPartition(db, "standings", build.id, standingsRows(season, race, before, build.id));
  await db.execute(sql`
    insert into rank_steps (build_id, total, above, teams)
    select build_id, total, (sum(teams) over (order by total desc) - teams)::int, teams
    from (select build_id, total, count(*)::int as teams from standings where build_id = ${build.id} group by build_id, total) steps`);
  await db.execute(sql`analyze rank_steps`);
  await db
    .update(standingsBuilds)
    .set({ teams, tookMs: Math.round(performance.now() - startedAt) })
    .where(eq(standingsBuilds.id, build.id));
  await db.update(races).set({ buildId: build.id }).where(eq(races.id, race.id));
  return build.id;
}

/** Every team that fielded, stood before, or existed when the flag fell. */
function standingsRows(season: number, race: ScoredRace, before: number | null, buildId: number) {
  return sql`
    select ${buildId}::int, team.id, coalesce(score.points, 0),
      coalesce(carried.total, 0) + coalesce(score.points, 0),
      coalesce(greatest(carried.best, score.points), 0)
    from teams team
    left join fielded on fielded.race_id = ${race.id} and fielded.team_id = team.id
    left join lineup_scores score on score.run_id = ${race.runId} and score.lineup_id = fielded.lineup_id
    left join standings carried on carried.build_id = ${before ?? 0} and carried.team_id = team.id
    where team.season = ${season} and team.removed_at is null
      and (team.created_at < ${race.flagDueAt}::timestamptz or fielded.team_id is not null or carried.team_id is not null)`;
}
