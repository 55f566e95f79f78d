import type { Db } from "@pitwall/db/database";
import { sql } from "drizzle-orm";

/** A race whose points count, with the scoring and the standings in force. */
export interface CountedRace extends Record<string, unknown> {
  readonly id: number;
  readonly season: number;
  readonly where: string;
  readonly revision: number;
  readonly revisionDigest: string;
  readonly runId: number | null;
  readonly digestIn: string | null;
  readonly digestOut: string | null;
  readonly buildId: number | null;
  readonly buildRunId: number | null;
  readonly buildTeams: number | null;
  readonly buildCarriedId: number | null;
  /** The standings in force after the race before. */
  readonly carriedId: number | null;
}

/** All of all seasons, each season in the order in which its standings carry. */
export async function countedRaces(db: Db): Promise<CountedRace[]> {
  const { rows } = await db.execute<CountedRace>(sql`
    select race.id, race.season::int as season, race.slug as where, race.revision::int as revision, revision.digest as "revisionDigest",
      run.id as "runId", run.digest_in as "digestIn", run.digest_out as "digestOut",
      race.build_id as "buildId", build.run_id as "buildRunId", build.teams as "buildTeams", build.carried_id as "buildCarriedId",
      lag(race.build_id) over (partition by race.season order by race.lock_at, race.id) as "carriedId"
    from races race
    join revisions revision on revision.race_id = race.id and revision.n = race.revision
    left join scoring_runs run on run.race_id = race.id and run.revision = race.revision
    left join standings_builds build on build.id = race.build_id and build.race_id = race.id
    where race.cancelled_at is null
    order by race.season, race.lock_at, race.id`);
  return rows;
}
