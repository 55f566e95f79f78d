import type { Db } from "@pitwall/db/database";
import { races } from "@pitwall/db/schema";
import { eq, sql } from "drizzle-orm";
import { fillPartition } from "./partitions.ts";
import type { RaceRow } from "./race-lookup.ts";

/**
 * Fixes what every team fields in a race, once: its newest line-up saved before the lock, also if it was removed since. The
 * caller holds the race row, so every write that was in time has been committed and every later one is refused. Of the teams
 * only those that are gone are looked up: there are few. Answers how many teams field.
 */
export async function fieldTeams(db: Db, race: Pick<RaceRow, "id" | "season">): Promise<number> {
  const lockAt = sql`(select lock_at from races where id = ${race.id})`;
  const fieldedTeams = await fillPartition(
    db,
    "fielded",
    race.id,
    sql`select ${race.id}::int, newest.team_id, newest.lineup_id from (
      select distinct on (saved.team_id) saved.team_id, saved.lineup_id
      from team_lineups saved
      where saved.race_id in (select id from races where season = ${race.season}) and saved.saved_at < ${lockAt}
        and not exists (select from teams gone where gone.id = saved.team_id and gone.removed_at is not null and gone.removed_at < ${lockAt})
      order by saved.team_id, saved.version desc
    ) newest`,
  );
  await db.update(races).set({ lockedAt: sql`clock_timestamp()` }).where(eq(races.id, race.id));
  return fieldedTeams;
}
