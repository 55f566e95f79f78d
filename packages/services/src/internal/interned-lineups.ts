import type { Db } from "@pitwall/db/database";
import { lineups } from "@pitwall/db/schema";
import { sql } from "drizzle-orm";
import type { Offer } from "./market.ts";

/** The id of the line-up with these drivers and captain, made if nobody has chosen it before. */
export async function internLineup(
  db: Db,
  season: number,
  picks: readonly Offer[],
  captainId: string,
): Promise<number> {
  const keys = picks.map((pick) => pick.key).sort((a, b) => a - b);
  const captain = picks.find((pick) => pick.driverId === captainId)?.key;
  const values = sql`${season}::smallint, ${`{${keys.join(",")}}`}::smallint[], ${captain}::smallint`;
  // The second look is for the writer who lost the race: the winner's row is not in this statement's snapshot.
  for (let look = 0; look < 2; look += 1) {
    const { rows } = await db.execute<{ id: number }>(sql`
      with wanted (season, drivers, captain) as (values (${values})),
      made as (
        insert into lineups (season, drivers, captain)
        select w.season, w.drivers, w.captain from wanted w
        where not exists (select from lineups l where l.season = w.season and l.drivers = w.drivers and l.captain = w.captain)
        on conflict do nothing returning id
      )
      select id from made
      union all
      select l.id from lineups l join wanted w using (season, drivers, captain)`);
    if (rows[0]) return rows[0].id;
  }
  throw new Error("a line-up was neither found nor made");
}

/** Who is in a line-up, as people name them. */
export const pickedDriverIds = sql<
  string[]
>`array(select d.id from drivers d where d.key = any(${lineups.drivers}) order by d.key)`;
