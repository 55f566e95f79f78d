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

/** Due to a team; null for one that has no place in the standings. */
const POINTS = sql`case when due.id is not null then coalesce(lineup_points.points, 0) end`;

const ROW_FAULTS = {
  "standings.teams": sql`due.id is null or (due.team_id is null and due.is_playing)`,
  "standings.points": sql`due.race_points <> ${POINTS}`,
  "standings.total": sql`due.total <> due.carried + ${POINTS}`,
  "standings.best": sql`due.best <> greatest(due.best_before, ${POINTS})`,
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
      min(coalesce(due.team_id, due.id)::text) filter (where ${ROW_FAULTS[name]}) as ${sql.identifier(`example_${at}`)}`,
  );
  const { rows } = await db.execute<Record<string, unknown>>(sql`
    with lineup_points as materialized (select lineup_id, points::float8 from (${lineups}) reckoned),
    playing as (
      select team.id, team.removed_at is null as is_playing, fielded.lineup_id, coalesce(carried.total, 0) as carried,
        carried.best as best_before
      from teams team
      join races race on race.id = ${race.id}
      join standings_builds build on build.id = ${buildId}
      left join fielded on fielded.race_id = ${race.id} and fielded.team_id = team.id
      left join standings carried on carried.build_id = ${race.carriedId ?? 0} and carried.team_id = team.id
      where team.season = ${race.season}
        and (fielded.team_id is not null or carried.team_id is not null or team.created_at < least(race.flag_due_at, build.built_at))
      order by team.id
    ),
    due as (
      select * from playing full join (select * from standings where build_id = ${buildId}) placed on placed.team_id = playing.id
    )
    select count(due.team_id)::int as placed, ${sql.join(counts, sql`, `)}
    from due left join lineup_points using (lineup_id)`);
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
