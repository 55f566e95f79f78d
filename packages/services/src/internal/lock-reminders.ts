import type { Db } from "@pitwall/db/database";
import { sql } from "drizzle-orm";

/** How a team stands before a lock. */
export interface Readiness {
  readonly teamId: string;
  readonly hasLineup: boolean;
  /** Those in its line-up who are not on the race's entry list. */
  readonly absentDriverIds: string[];
}

interface ReadinessRow extends Record<string, unknown> {
  readonly broadcastId: string;
  readonly ownerId: string;
  readonly teamId: string;
  readonly name: string;
  readonly hasLineup: boolean;
  readonly absent: readonly { readonly id: string; readonly name: string }[];
}

/** How these people's teams stand before the locks that these broadcasts remind of, as of now: a line of text and the facts. */
export async function lockReminders(
  db: Db,
  broadcastIds: readonly string[],
  ownerIds: readonly string[],
): Promise<(ownerId: string, broadcastId: string) => { readonly text: string; readonly teams: Readiness[] }> {
  const { rows } = await db.execute<ReadinessRow>(sql`
    select told.id as "broadcastId", team.owner_id as "ownerId", team.id as "teamId", team.name,
      newest.lineup_id is not null as "hasLineup",
      coalesce((
        select jsonb_agg(jsonb_build_object('id', driver.id, 'name', driver.given_name || ' ' || driver.family_name) order by driver.key)
        from lineups lineup join drivers driver on driver.key = any(lineup.drivers)
        where lineup.id = newest.lineup_id and exists (select from race_entries listed where listed.race_id = race.id)
          and not exists (select from race_entries entry where entry.race_id = race.id and entry.driver_id = driver.id)
      ), '[]') as absent
    from broadcasts told
    join races race on race.id = told.race_id
    join teams team on team.owner_id = any(${sql.param(ownerIds)}::uuid[]) and team.season = race.season
      and team.removed_at is null and team.created_at <= told.created_at
    left join lateral (
      select saved.lineup_id from team_lineups saved where saved.team_id = team.id and saved.saved_at < race.lock_at
      order by saved.version desc limit 1
    ) newest on true
    where told.id = any(${sql.param(broadcastIds)}::uuid[]) and told.type = 'lock_reminder'
    order by team.id`);
  const of = Map.groupBy(rows, (row) => `${row.ownerId} ${row.broadcastId}`);
  return (ownerId, broadcastId) => {
    const mine = of.get(`${ownerId} ${broadcastId}`) ?? [];
    return { text: mine.map(inWords).join(" "), teams: mine.map(readinessOf) };
  };
}

function inWords({ name, hasLineup, absent }: ReadinessRow): string {
  if (!hasLineup) return `${name} has no line-up.`;
  if (absent.length === 0) return `${name}: your line-up stands.`;
  const names = absent.map((driver) => driver.name).join(", ");
  return `${name}: your line-up stands, but ${names} ${absent.length === 1 ? "does" : "do"} not drive.`;
}

function readinessOf({ teamId, hasLineup, absent }: ReadinessRow): Readiness {
  return { teamId, hasLineup, absentDriverIds: absent.map(({ id }) => id) };
}
