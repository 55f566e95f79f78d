import type { Db } from "@pitwall/db/database";
import { corrections } from "@pitwall/db/schema";
import { formatTenths, fromTenths, type Tenths } from "@pitwall/domain/tenths";
import { sql } from "drizzle-orm";

export interface Correction {
  readonly raceId: number;
  readonly revision: number;
  readonly runBefore: number;
  readonly runAfter: number;
  /** The season's newest standings before the correction and after it. */
  readonly buildBefore: number | null;
  readonly buildAfter: number | null;
}

/** Notes what a correction moved, from which follows what it did to each person. */
export async function noteCorrection(db: Db, correction: Correction): Promise<void> {
  const { rows } = await db.execute<{ teams: number }>(sql`
    select count(*)::int as teams from fielded
    join lineup_scores before on before.run_id = ${correction.runBefore} and before.lineup_id = fielded.lineup_id
    join lineup_scores after on after.run_id = ${correction.runAfter} and after.lineup_id = fielded.lineup_id
    where fielded.race_id = ${correction.raceId} and before.points <> after.points`);
  await db.insert(corrections).values({ ...correction, teamsAffected: rows[0]?.teams ?? 0 });
}

/** What a correction did to one team: its points in the race, its rank in the whole game. A rank is null once it is forgotten. */
export interface CorrectionEffect {
  readonly teamId: string;
  readonly pointsBefore: number;
  readonly pointsAfter: number;
  readonly rankBefore: number | null;
  readonly rankAfter: number | null;
}

interface EffectRow {
  readonly broadcastId: string;
  readonly ownerId: string;
  readonly teamId: string;
  readonly name: string;
  readonly pointsBefore: Tenths;
  readonly pointsAfter: Tenths;
  readonly rankBefore: number | null;
  readonly rankAfter: number | null;
}

/** What the corrections that were told in these broadcasts did to these people: a line of text and the figures. */
export async function correctionEffects(
  db: Db,
  broadcastIds: readonly string[],
  ownerIds: readonly string[],
): Promise<(ownerId: string, broadcastId: string) => { readonly text: string; readonly teams: CorrectionEffect[] }> {
  // Step by step, so that the planner weighs a few tables at a time: all eleven at once take it twenty times the reading.
  const { rows } = await db.execute<EffectRow & Record<string, unknown>>(sql`
    with moved as materialized (
      select told.id as broadcast_id, told.created_at, race.season, correction.*
      from broadcasts told
      join corrections correction on correction.race_id = told.race_id and correction.revision = told.revision
      join races race on race.id = correction.race_id
      where told.id = any(${sql.param(broadcastIds)}::uuid[]) and told.type = 'correction'
    ), owned as materialized (
      select moved.*, team.id as team_id, team.owner_id, team.name
      from moved join teams team on team.owner_id = any(${sql.param(ownerIds)}::uuid[]) and team.season = moved.season
        and (team.removed_at is null or team.removed_at > moved.created_at)
    ), scored as materialized (
      select owned.*, score_before.points as points_before, score_after.points as points_after
      from owned
      join fielded on fielded.race_id = owned.race_id and fielded.team_id = owned.team_id
      join lineup_scores score_before on score_before.run_id = owned.run_before and score_before.lineup_id = fielded.lineup_id
      join lineup_scores score_after on score_after.run_id = owned.run_after and score_after.lineup_id = fielded.lineup_id
      where score_before.points <> score_after.points
    )
    select scored.broadcast_id as "broadcastId", scored.owner_id as "ownerId", scored.team_id as "teamId", scored.name,
      scored.points_before as "pointsBefore", scored.points_after as "pointsAfter",
      step_before.above + 1 as "rankBefore", step_after.above + 1 as "rankAfter"
    from scored
    left join standings before on before.build_id = scored.build_before and before.team_id = scored.team_id
    left join standings after on after.build_id = scored.build_after and after.team_id = scored.team_id
    left join rank_steps step_before on step_before.build_id = before.build_id and step_before.total = before.total
    left join rank_steps step_after on step_after.build_id = after.build_id and step_after.total = after.total
    order by scored.team_id`);
  const of = Map.groupBy(rows, (row) => `${row.ownerId} ${row.broadcastId}`);
  return (ownerId, broadcastId) => {
    const mine = of.get(`${ownerId} ${broadcastId}`) ?? [];
    return { text: mine.map(inWords).join(" "), teams: mine.map(effectOf) };
  };
}

function inWords({ name, pointsBefore, pointsAfter, rankBefore, rankAfter }: EffectRow): string {
  const points = `${name}: ${formatTenths(pointsAfter)} points, were ${formatTenths(pointsBefore)}`;
  return rankAfter === null || rankBefore === null ? `${points}.` : `${points}; rank ${rankAfter}, was ${rankBefore}.`;
}

function effectOf(row: EffectRow): CorrectionEffect {
  const { teamId, pointsBefore, pointsAfter, rankBefore, rankAfter } = row;
  return {
    teamId,
    pointsBefore: fromTenths(pointsBefore),
    pointsAfter: fromTenths(pointsAfter),
    rankBefore,
    rankAfter,
  };
}
