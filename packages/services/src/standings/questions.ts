import { type SQL, sql } from "drizzle-orm";
import { shownUsername } from "../internal/profiles.ts";
import { ORDERS } from "./order.ts";
import type { StandingsOrder } from "./views.ts";

const limit = sql`${sql.placeholder("limit")}::int`;

const AT = {
  racePoints: sql.placeholder("racePoints"),
  total: sql.placeholder("total"),
  best: sql.placeholder("best"),
  teamId: sql.placeholder("teamId"),
};

/** No answer is longer. A planner that is told so looks the rest up row by row; it takes a limit unknown to it for a tenth of all. */
const MOST = sql`101`;

/** What is asked of standings, be they the whole game's or a league's. `rows` is what stands in them, named `placed`. */
export const QUESTIONS = {
  after: (by: StandingsOrder, rows: SQL): SQL =>
    first(limit, sql`${rows} where ${ORDERS[by].row} > ${ORDERS[by].place(AT)}`, ORDERS[by].ascending),
  around: (by: StandingsOrder, rows: SQL): SQL => {
    const above = sql`${rows} where ${ORDERS[by].row} < ${ORDERS[by].place(AT)}`;
    const fromHere = sql`${rows} where ${ORDERS[by].row} >= ${ORDERS[by].place(AT)}`;
    return sql`(${first(limit, above, ORDERS[by].descending)}) union all (${first(sql`${limit} + 1`, fromHere, ORDERS[by].ascending)})`;
  },
  /** By number, past all that come before. */
  page: (by: StandingsOrder, rows: SQL): SQL =>
    sql`select * from ${rows} where ${ORDERS[by].row} > ${ORDERS[by].place(AT)}
      order by ${ORDERS[by].ascending} limit ${limit} offset ${sql.placeholder("offset")}::int`,
  owned: (_by: StandingsOrder, rows: SQL): SQL =>
    sql`select placed.* from teams mine join ${rows} on placed.team_id = mine.id
      where mine.owner_id = any(${sql.placeholder("ownerIds")}::uuid[]) and mine.season = ${sql.placeholder("season")} and mine.removed_at is null`,
} as const;

function first(count: SQL, rows: SQL, order: SQL): SQL {
  return sql`select * from (select placed.* from ${rows} order by ${order} limit ${MOST}) placed order by ${order} limit ${count}`;
}

/** What is told of a team beside its ranks, wherever it was found. */
export const TEAM_COLUMNS = {
  teamId: sql<string>`placed.team_id`,
  teamName: sql<string>`team.name`,
  ownerId: sql<string>`team.owner_id`,
  username: shownUsername,
  racePoints: sql<number>`placed.race_points`,
  total: sql<number>`placed.total`,
  best: sql<number>`placed.best`,
};

export type Question = keyof typeof QUESTIONS;
