import type { Db } from "@pitwall/db/database";
import { type SQL, sql } from "drizzle-orm";
import type { Bench } from "./bench.ts";

export interface Member {
  readonly teamId: string;
  readonly userId: string;
}

/** A league of so many teams, anywhere in the standings. Those of the players come first, so that they are in it. */
export async function foundLeague(bench: Bench, size: number): Promise<string> {
  const [id = ""] = await foundLeagues(bench, size, 1);
  return id;
}

/** So many leagues of the same size, none with a team of another. */
export async function foundLeagues(
  { database: { db }, weekends: { season } }: Bench,
  size: number,
  leagues: number,
): Promise<string[]> {
  const { rows } = await db.execute<{ id: string }>(sql`
    insert into leagues (season, owner_id, name, is_private, seats, code)
    select ${season}, (select id from users limit 1), ${`League of ${size}`}, false, ${Math.max(size, 2)},
      substr(md5(nth || clock_timestamp()::text), 1, 10)
    from generate_series(1, ${leagues}::int) nth returning id`);
  const ids = rows.map(({ id }) => id);
  await db.execute(sql`
    insert into league_members (league_id, user_id, team_id, season)
    select (${`{${ids.join()}}`}::uuid[])[1 + (nth - 1) / ${size}::int], owner_id, id, season from (
      select id, owner_id, season, row_number() over (order by hashtext(id::text), id) as nth
      from teams where season = ${season} order by nth limit ${size * leagues}
    ) member`);
  await db.execute(sql`analyze league_members`);
  return ids;
}

/** A hundred of those that are selected, in no order. */
export async function membersOf(db: Db, all: SQL): Promise<Member[]> {
  const { rows } = await db.execute<Member & Record<string, unknown>>(
    sql`select team_id as "teamId", user_id as "userId" from (${all}) listed order by md5(team_id::text) limit 100`,
  );
  return rows;
}
