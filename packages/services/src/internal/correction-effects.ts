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

/** Notes what a correction moved, from which follows what it did to each person. Answers how many teams it gave other points. */
export async function noteCorrection(db: Db, correction: Correction): Promise<number> {
  const { rows } = await db.execute<{ teams: number }>(sql`
    select count(*)::int as teams from fielded
    join lineup_scores before on before.run_id = ${correction.runBefore} and before.lineup_id = fielded.lineup_id
    join lineup_scores after on after.run_id = ${correction.runAfter} and after.lineup_id = fielded.lineup_id
    where fielded.race_id = ${correction.raceId} and before.points <> after.points`);
  const teamsAffected = rows[0]?.teams ?? 0;
  await db.insert(corrections).values({ ...correction, teamsAffected });
  return teamsAffected;
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
  const { rows } = await db.execute<EffectRow & Record<string, unknown>>(sql`
    select told.id as "broadcastId", team.owner_id as "ownerId", team.id as "teamId", team.name,
      score_before.points as "pointsBefore", score_after.points as "pointsAfter",
      step_before.above + 1 as "rankBefore", step_after.above + 1 as "rankAfter"
    from broadcasts told
    join corrections correction on correction.race_id = told.race_id and correction.revision = told.revision
    join races race on race.id = correction.race_id
    join teams team on team.owner_id = any(${sql.param(ownerIds)}::uuid[]) and team.season = race.season
      and (team.removed_at is null or team.removed_at > told.created_at)
    join fielded on fielded.race_id = correction.race_id and fielded.team_id = team.id
    join lineup_scores score_before on score_before.run_id = correction.run_before and score_before.lineup_id = fielded.lineup_id
    join lineup_scores score_after on score_after.run_id = correction.run_after and score_after.lineup_id = fielded.lineup_id
    left join standings before on before.build_id = correction.build_before and before.team_id = team.id
    left join standings after on after.build_id = correction.build_after and after.team_id = team.id
    left join rank_steps step_before on step_before.build_id = before.build_id and step_before.total = before.total
    left join rank_steps step_after on step_after.build_id = after.build_id and step_after.total = after.total
    where told.id = any(${sql.param(broadcastIds)}::uuid[]) and told.type = 'correction' and score_before.points <> score_after.points
    order by team.id`);
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
