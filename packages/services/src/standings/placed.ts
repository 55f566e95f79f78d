import type { Db } from "@pitwall/db/database";
import { type SQL, sql } from "drizzle-orm";
import { lookup } from "../internal/lookups.ts";
import { partitionOf } from "../internal/partitions.ts";
import { preparedByName } from "../internal/prepared.ts";
import { newestOfEach, partitionsOf, type Standings } from "./as-of.ts";
import { ORDERS, type Place } from "./order.ts";
import { QUESTIONS, type Question, TEAM_COLUMNS } from "./questions.ts";
import type { PlacedRow, StandingsOrder } from "./views.ts";

export function placedAfter(db: Db, where: Asked, place: Place & { readonly limit: number }): Promise<PlacedRow[]> {
  return answer(db, where, "after", { ...place });
}

/** So many above a place and so many below, with whoever is there. */
export function placedAround(db: Db, where: Asked, place: Place & { readonly limit: number }): Promise<PlacedRow[]> {
  return answer(db, where, "around", { ...place });
}

export interface AskedByOwner extends Asked {
  readonly ownerId: string;
}

/** What an owner has in standings, looked up together with what others have in the same. */
export const placedOf = lookup(async (db, asked: readonly AskedByOwner[]) => {
  const rowsOf = await rowsOfOwners(db, asked);
  return asked.map(rowsOf);
});

interface AskedInSeason {
  readonly season: number;
  readonly by: StandingsOrder;
  readonly ownerId: string;
}

/** The same in the newest standings of a season, which are found in the same go; null if there is no such season. */
export const newestPlacedOf = lookup(async (db, asked: readonly AskedInSeason[]) => {
  const newest = await newestOfEach(
    db,
    asked.map(({ season }) => season),
  );
  const known = asked.map(({ season, ...one }) => {
    const standings = newest.get(season);
    return standings && { ...one, standings };
  });
  const rowsOf = await rowsOfOwners(
    db,
    known.flatMap((one) => one ?? []),
  );
  return known.map((one) => {
    if (one === undefined) return null;
    return one === null ? [] : rowsOf(one);
  });
});

async function rowsOfOwners(db: Db, asked: readonly AskedByOwner[]): Promise<(one: AskedByOwner) => PlacedRow[]> {
  const found = new Map<string, Map<string, PlacedRow[]>>();
  for (const [name, alike] of Map.groupBy(asked, nameOf)) {
    const [where] = alike;
    if (!where) continue;
    const ownerIds = alike.map(({ ownerId }) => ownerId);
    const rows = await answer(db, where, "owned", { ownerIds, season: where.standings.season });
    found.set(
      name,
      Map.groupBy(rows, ({ ownerId }) => ownerId),
    );
  }
  return (one) => found.get(nameOf(one))?.get(one.ownerId) ?? [];
}

function nameOf({ standings, by }: Asked): string {
  return `${by}_${partitionsOf(standings)}`;
}

/** Where a team stands, if it does. */
export async function placeOfTeam(db: Db, { standings }: Asked, teamId: string): Promise<Place | null> {
  const { rows } = await db.execute<Place & Record<string, unknown>>(sql`
    select race_points as "racePoints", total, best, team_id as "teamId"
    from ${partitionOf("standings", standings.buildId)} where team_id = ${teamId} and build_id = ${standings.buildId}`);
  return rows[0] ?? null;
}

export interface Asked {
  readonly standings: Standings;
  readonly by: StandingsOrder;
}

async function answer(db: Db, where: Asked, question: Question, values: Record<string, unknown>): Promise<PlacedRow[]> {
  if (where.standings.teams === 0) return [];
  const query = () => built(db, where, question);
  // Only the newest standings are asked for again and again.
  const ready = where.standings.isNewest
    ? remembered(db, `standings_${question}_${nameOf(where)}`, query)
    : query().prepare("");
  return ready.execute(values);
}

const remembered = preparedByName<ReturnType<typeof built>>();

/**
 * Ranks are looked up, not counted. The chosen few are found first, so that everything else is looked up for them alone. The
 * partitions stand in the text under their own names: PostgreSQL then plans a prepared one once.
 */
function built(db: Db, { standings, by }: Asked, question: Question) {
  const rows = sql`${partitionOf("standings", standings.buildId)} placed`;
  const { steps, points } = RANKED_BY[by];
  return db
    .select({
      rank: sql<number>`step.above + 1`,
      ...TEAM_COLUMNS,
      rankBefore: standings.carriedId === null ? sql<null>`null::int` : sql<number | null>`step_before.above + 1`,
    })
    .from(sql`(${QUESTIONS[question](by, rows)}) placed
      join ${steps} step on step.build_id = ${sql.raw(String(standings.buildId))} and step.${points} = placed.${points}
      join teams team on team.id = placed.team_id
      join users on users.id = team.owner_id
      ${standings.carriedId === null ? sql`` : before(standings.carriedId, by)}`)
    .orderBy(ORDERS[by].ascending);
}

const RANKED_BY = {
  total: { steps: sql`rank_steps`, points: sql`total` },
  race: { steps: sql`race_rank_steps`, points: sql`race_points` },
} as const;

function before(carriedId: number, by: StandingsOrder): SQL {
  const { steps, points } = RANKED_BY[by];
  const id = sql.raw(String(carriedId));
  return sql`
    left join ${partitionOf("standings", carriedId)} placed_before on placed_before.build_id = ${id} and placed_before.team_id = placed.team_id
    left join ${steps} step_before on step_before.build_id = ${id} and step_before.${points} = placed_before.${points}`;
}
