import type { Db } from "@pitwall/db/database";
import { broadcasts, corrections, races } from "@pitwall/db/schema";
import { formatTenths, fromTenths, type Tenths } from "@pitwall/domain/tenths";
import { and, asc, eq, gt, type SQL, sql } from "drizzle-orm";
import type { AnyPgColumn } from "drizzle-orm/pg-core";
import { sha256 } from "./digests.ts";
import { partitionOf } from "./partitions.ts";
import { type Places, prepared, preparedByName } from "./prepared.ts";

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
    select coalesce(sum(chosen.teams), 0)::int as teams
    from (select lineup_id, count(*) as teams from fielded where race_id = ${correction.raceId} group by lineup_id) chosen
    join lineup_scores before on before.run_id = ${correction.runBefore} and before.lineup_id = chosen.lineup_id
    join lineup_scores after on after.run_id = ${correction.runAfter} and after.lineup_id = chosen.lineup_id
    where before.points <> after.points`);
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

/** What the corrections that were told in these broadcasts did to these people: a line of text and the figures. */
export async function correctionEffects(
  db: Db,
  broadcastIds: readonly string[],
  ownerIds: readonly string[],
): Promise<(ownerId: string, broadcastId: string) => { readonly text: string; readonly teams: CorrectionEffect[] }> {
  const moved = await movedBy(db, { ids: [...broadcastIds] });
  const rows = moved.length > 0 ? await effectsOf(db, moved).execute({ ownerIds: [...ownerIds] }) : [];
  const of = Map.groupBy(rows, (row) => `${row.ownerId} ${row.broadcastId}`);
  return (ownerId, broadcastId) => {
    const mine = of.get(`${ownerId} ${broadcastId}`) ?? [];
    return { text: mine.map(inWords).join(" "), teams: mine.map(effectOf) };
  };
}

/** A correction that moved somebody, and the standings before and after it in which somebody stands. */
interface Moved extends Correction {
  readonly broadcastId: string;
  readonly season: number;
}

const movedBy = prepared("corrections_told", (db, { ids }: Places<{ ids: string[] }>) =>
  db
    .select({
      broadcastId: broadcasts.id,
      season: races.season,
      raceId: corrections.raceId,
      revision: corrections.revision,
      runBefore: corrections.runBefore,
      runAfter: corrections.runAfter,
      buildBefore: inhabited(corrections.buildBefore),
      buildAfter: inhabited(corrections.buildAfter),
    })
    .from(broadcasts)
    .innerJoin(
      corrections,
      and(eq(corrections.raceId, broadcasts.raceId), eq(corrections.revision, broadcasts.revision)),
    )
    .innerJoin(races, eq(races.id, corrections.raceId))
    .where(
      and(
        sql`${broadcasts.id} = any(${ids}::uuid[])`,
        eq(broadcasts.type, "correction"),
        gt(corrections.teamsAffected, 0),
      ),
    )
    .orderBy(asc(broadcasts.id)),
);

/** An empty build has no partition to join with. */
function inhabited(build: AnyPgColumn): SQL<number | null> {
  return sql`(select id from standings_builds where id = ${build} and teams > 0)`;
}

const remembered = preparedByName<ReturnType<typeof built>>();

/** Partitions stand in the text under their own names: PostgreSQL weighs every one that it has to find by itself. */
function effectsOf(db: Db, moved: readonly Moved[]) {
  const which = moved.map((one) => [one.raceId, one.revision, one.buildBefore, one.buildAfter].join("."));
  return remembered(db, `effects_${sha256(which.join()).slice(0, 32)}`, () => built(db, moved));
}

function built(db: Db, moved: readonly Moved[]) {
  return db
    .select({
      broadcastId: sql<string>`broadcast_id`,
      ownerId: sql<string>`owner_id`,
      teamId: sql<string>`team_id`,
      name: sql<string>`name`,
      pointsBefore: sql<Tenths>`points_before`,
      pointsAfter: sql<Tenths>`points_after`,
      rankBefore: sql<number | null>`rank_before`,
      rankAfter: sql<number | null>`rank_after`,
    })
    .from(sql`(${sql.join(moved.map(rowsOf), sql` union all `)}) effect`)
    .orderBy(sql`team_id`);
}

/** In an array of the statement's own making a planner sees the same few people, however many there are: it plans once for all. */
const OWNERS = sql`any(array(select unnest(${sql.placeholder("ownerIds")}::uuid[])))`;

function rowsOf({ broadcastId, raceId, season, runBefore, runAfter, buildBefore, buildAfter }: Moved): SQL {
  return sql`
    select told.id as broadcast_id, team.owner_id, team.id as team_id, team.name,
      score_before.points as points_before, score_after.points as points_after,
      ${rankIn(buildBefore)} as rank_before, ${rankIn(buildAfter)} as rank_after
    from broadcasts told
    join teams team on team.owner_id = ${OWNERS} and team.season = ${season}
      and (team.removed_at is null or team.removed_at > told.created_at)
    join ${partitionOf("fielded", raceId)} fielded on fielded.race_id = ${raceId} and fielded.team_id = team.id
    join lineup_scores score_before on score_before.run_id = ${runBefore} and score_before.lineup_id = fielded.lineup_id
    join lineup_scores score_after on score_after.run_id = ${runAfter} and score_after.lineup_id = fielded.lineup_id
    where told.id = ${broadcastId} and score_before.points <> score_after.points`;
}

function rankIn(buildId: number | null): SQL {
  if (buildId === null) return sql`null::int`;
  return sql`(select step.above + 1 from ${partitionOf("standings", buildId)} placed
    join rank_steps step on step.build_id = placed.build_id and step.total = placed.total
    where placed.build_id = ${buildId} and placed.team_id = team.id)`;
}

interface EffectRow {
  readonly name: string;
  readonly teamId: string;
  readonly pointsBefore: Tenths;
  readonly pointsAfter: Tenths;
  readonly rankBefore: number | null;
  readonly rankAfter: number | null;
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
