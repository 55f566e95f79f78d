import type { Db } from "@pitwall/db/database";
import { lineups, teamLineups } from "@pitwall/db/schema";
import type { Tenths } from "@pitwall/domain/tenths";
import { sql } from "drizzle-orm";
import { type Places, prepared } from "./prepared.ts";
import type { RaceRow } from "./race-lookup.ts";

export interface LineupRow {
  readonly teamId: string;
  readonly version: number;
  /** Their keys, ascending. */
  readonly drivers: readonly number[];
  readonly captain: number;
  readonly cost: Tenths;
}

/** Saves line-ups of different teams, each as the next version of its team, and makes those that nobody has chosen before. */
export async function saveLineups(
  db: Db,
  { id: raceId, season }: Pick<RaceRow, "id" | "season">,
  rows: readonly LineupRow[],
): Promise<void> {
  let left = rows;
  // The second look is for the writer who lost the race for a new one: the winner's row is not in this statement's snapshot.
  for (let look = 0; look < 2 && left.length > 0; look += 1) {
    const saved = await save(db, { season, raceId, rows: JSON.stringify(left) });
    const ids = new Set(saved.map(({ teamId }) => teamId));
    left = left.filter(({ teamId }) => !ids.has(teamId));
  }
  if (left.length > 0) throw new Error("a line-up was neither found nor made");
}

const save = prepared(
  "save_lineups",
  (db, { season, raceId, rows }: Places<{ season: number; raceId: number; rows: string }>) => {
    const wanted = db.$with("wanted", {}).as(sql`
    select distinct on ("teamId") "teamId" as team_id, version, ${season}::smallint as season, drivers, captain, cost
    from jsonb_to_recordset(${rows}::jsonb)
      as one ("teamId" uuid, version int, drivers smallint[], captain smallint, cost int)
    order by "teamId"`);
    const counted = db.$with("counted", {}).as(sql`
    update teams team set version = w.version from wanted w where team.id = w.team_id and team.version = w.version - 1`);
    const made = db.$with("made", {}).as(sql`
    insert into lineups (season, drivers, captain)
    select distinct w.season, w.drivers, w.captain from wanted w
    where not exists (select from lineups l where l.season = w.season and l.drivers = w.drivers and l.captain = w.captain)
    on conflict do nothing returning *`);
    return db
      .with(wanted, counted, made)
      .insert(teamLineups)
      .select(sql`
      select w.team_id, w.version, ${raceId}::int, coalesce(l.id, made.id), w.cost, clock_timestamp()
      from wanted w
      left join lineups l on l.season = w.season and l.drivers = w.drivers and l.captain = w.captain
      left join made on made.season = w.season and made.drivers = w.drivers and made.captain = w.captain
      where coalesce(l.id, made.id) is not null`)
      .returning({ teamId: teamLineups.teamId });
  },
);

/** Who is in a line-up, as people name them. */
export const pickedDriverIds = sql<
  string[]
>`array(select d.id from drivers d where d.key = any(${lineups.drivers}) order by d.key)`;
