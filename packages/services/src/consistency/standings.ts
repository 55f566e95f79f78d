import type { Db } from "@pitwall/db/database";
import type { Ruleset } from "@pitwall/domain/rulesets";
import { sql } from "drizzle-orm";
import type { CountedRace } from "./counted-races.ts";
import { type Finding, found } from "./report.ts";
import { reckonedLineups } from "./scorings.ts";

/**
 * Reckons the standings after a race from the line-ups that were fielded. A total is the one carried from the race before,
 * which has been reckoned itself, and the points of this one: so each is the sum of its races.
 */
export async function standingsFindings(db: Db, race: CountedRace, rules: Ruleset): Promise<Finding[]> {
  const { buildId, runId } = race;
  if (buildId === null || race.buildRunId === null || runId === null) return found("standings.missing", race, 1);
  const isStale = race.buildRunId !== runId || race.buildCarriedId !== race.carriedId;
  return [
    ...found("standings.stale", race, Number(isStale)),
    ...(await rowFindings(db, race, buildId, reckonedLineups(race.id, runId, rules))),
    ...(await stepFindings(db, race, buildId)),
  ];
}

const ROW_FAULTS = {
  "standings.teams": sql`reckoned.id is null or (placed.team_id is null and reckoned.is_playing)`,
  "standings.points": sql`placed.race_points <> reckoned.points`,
  "standings.total": sql`placed.total <> reckoned.carried + reckoned.points`,
  "standings.best": sql`placed.best <> greatest(reckoned.best_before, reckoned.points)`,
} as const;

/** Whoever fielded, stood before, or was there when the flag fell has a row; a team that was removed later may keep its own. */
async function rowFindings(
  db: Db,
  race: CountedRace,
  buildId: number,
  lineups: ReturnType<typeof reckonedLineups>,
): Promise<Finding[]> {
  const names = Object.keys(ROW_FAULTS) as (keyof typeof ROW_FAULTS)[];
  const counts = names.map(
    (name, at) => sql`
      count(*) filter (where ${ROW_FAULTS[name]})::int as ${sql.identifier(`count_${at}`)},
      min(coalesce(placed.team_id, reckoned.id)::text) filter (where ${ROW_FAULTS[name]}) as ${sql.identifier(`example_${at}`)}`,
  );
  const { rows } = await db.execute<Record<string, unknown>>(sql`
    with lineup_points as materialized (${lineups}),
    reckoned as (
      select team.id, team.removed_at is null as is_playing, coalesce(lineup_points.points, 0) as points,
        coalesce(carried.total, 0) as carried, carried.best as best_before
      from teams team
      join races race on race.id = ${race.id}
      join standings_builds build on build.id = ${buildId}
      left join fielded on fielded.race_id = ${race.id} and fielded.team_id = team.id
      left join lineup_points on lineup_points.lineup_id = fielded.lineup_id
      left join standings carried on carried.build_id = ${race.carriedId ?? 0} and carried.team_id = team.id
      where team.season = ${race.season}
        and (fielded.team_id is not null or carried.team_id is not null or team.created_at < least(race.flag_due_at, build.built_at))
    )
    select count(placed.team_id)::int as placed, ${sql.join(counts, sql`, `)}
    from reckoned full join (select * from standings where build_id = ${buildId}) placed on placed.team_id = reckoned.id`);
  const row = rows[0] ?? {};
  return [
    ...found("standings.count", race, Number(Number(row.placed) !== race.buildTeams)),
    ...names.flatMap((name, at) => found(name, race, Number(row[`count_${at}`]), `team ${row[`example_${at}`]}`)),
  ];
}

async function stepFindings(db: Db, race: CountedRace, buildId: number): Promise<Finding[]> {
  const steps = [
    { fault: "standings.ranks", table: sql`rank_steps`, by: sql`total` },
    { fault: "standings.race_ranks", table: sql`race_rank_steps`, by: sql`race_points` },
  ] as const;
  const findings: Finding[] = [];
  for (const { fault, table, by } of steps) {
    const { rows } = await db.execute<{ count: number; example: string | null }>(sql`
      with placed as (select ${by} as points from standings where build_id = ${buildId}),
      counted as (
        select points, count(*) as teams, sum(count(*)) over (order by points desc) - count(*) as above from placed group by points
      )
      select count(*)::int as count, max(coalesce(counted.points, kept.${by}))::text as example
      from counted full join (select * from ${table} where build_id = ${buildId}) kept on kept.${by} = counted.points
      where kept.teams is distinct from counted.teams or kept.above is distinct from counted.above`);
    findings.push(...found(fault, race, rows[0]?.count ?? 0, `the step at ${rows[0]?.example} tenths`));
  }
  return findings;
}
