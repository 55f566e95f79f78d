import type { Db } from "@pitwall/db/database";
import { SECOND } from "@pitwall/domain/durations";
import { sql } from "drizzle-orm";
import { enqueueDebounced } from "../jobs.ts";

/** From this many members on, sorting a league whenever somebody asks costs more than keeping its order. */
export const LARGE = 1_000;

/** Those who come and go within it are settled together. */
const SETTLING = 10 * SECOND;

/** To be called by whatever gives or ends seats, in its transaction and after it. A league that is gone is no matter. */
export async function membershipChanged(db: Db, leagueId: string): Promise<void> {
  const { rows } = await db.execute<{ isLarge: boolean }>(sql`
    with grown_small as (
      delete from league_builds build using leagues league
      where league.id = build.league_id and league.id = ${leagueId} and league.member_count < ${LARGE})
    select member_count >= ${LARGE} as "isLarge" from leagues where id = ${leagueId}`);
  if (rows[0]?.isLarge) await enqueueLeague(db, leagueId, SETTLING);
}

/** To be called in the transaction that brings new standings of a season into force. */
export async function standingsReplaced(db: Db, season: number): Promise<void> {
  const leagueIds = await largeLeagues(db, season);
  if (leagueIds.length === 0) return;
  await enqueueDebounced({ db }, "build-leagues", { season }, { key: `build-leagues:${season}`, within: 0 });
}

export async function largeLeagues(db: Db, season: number): Promise<string[]> {
  const { rows } = await db.execute<{ id: string }>(
    sql`select id from leagues where season = ${season} and member_count >= ${LARGE} order by member_count desc`,
  );
  return rows.map(({ id }) => id);
}

export async function enqueueLeague(db: Db, leagueId: string, within: number): Promise<void> {
  await enqueueDebounced({ db }, "build-league", { leagueId }, { key: `build-league:${leagueId}`, within });
}
