import { type SQL, sql } from "drizzle-orm";
import { ORDERS } from "./order.ts";
import type { StandingsOrder } from "./views.ts";

const limit = sql`${sql.placeholder("limit")}::int`;

const AT = {
  racePoints: sql.placeholder("racePoints"),
  total: sql.placeholder("total"),
  best: sql.placeholder("best"),
  teamId: sql.placeholder("teamId"),
};

/** What is asked of standings, be they the whole game's or a league's. `rows` is what stands in them, named `placed`. */
export const QUESTIONS = {
  after: (by: StandingsOrder, rows: SQL): SQL =>
    sql`select * from ${rows} where ${ORDERS[by].row} > ${ORDERS[by].place(AT)}
      order by ${ORDERS[by].ascending} limit ${limit} offset ${sql.placeholder("offset")}::int`,
  around: (by: StandingsOrder, rows: SQL): SQL =>
    sql`(select * from ${rows} where ${ORDERS[by].row} < ${ORDERS[by].place(AT)}
        order by ${ORDERS[by].descending} limit ${limit})
      union all
      (select * from ${rows} where ${ORDERS[by].row} >= ${ORDERS[by].place(AT)}
        order by ${ORDERS[by].ascending} limit ${limit} + 1)`,
  team: (_by: StandingsOrder, rows: SQL): SQL =>
    sql`select * from ${rows} where placed.team_id = ${sql.placeholder("teamId")}::uuid`,
  owned: (_by: StandingsOrder, rows: SQL): SQL =>
    sql`select placed.* from teams mine join ${rows} on placed.team_id = mine.id
      where mine.owner_id = ${sql.placeholder("ownerId")} and mine.season = ${sql.placeholder("season")} and mine.removed_at is null`,
} as const;

export type Question = keyof typeof QUESTIONS;
