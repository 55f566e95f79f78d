import type { Db } from "@pitwall/db/database";
import { type SeasonFacts, seasonFacts } from "@pitwall/db/facts";
import { lineupFaults, type Pick } from "@pitwall/domain/lineups";
import { standard } from "@pitwall/domain/rulesets";
import { replayed } from "@pitwall/domain/tempo";
import { sql } from "drizzle-orm";

const HOUR = 3_600_000;

/** The real season 2025, moved so that its first race locks in an hour. */
export function upcomingSeason(): SeasonFacts {
  const facts = seasonFacts(2025);
  const first = facts.races[0]?.sessions.qualifying ?? new Date();
  const tempo = { from: first, to: new Date(Date.now() + HOUR), hour: HOUR };
  const races = facts.races.map((race) => {
    const { race: start, ...others } = race.sessions;
    const moved = Object.fromEntries(Object.entries(others).map(([session, at]) => [session, replayed(at, tempo)]));
    return { ...race, sessions: { ...moved, race: replayed(start, tempo) } };
  });
  return { ...facts, races };
}

/** Every line-up that the rules allow for a race, as driver keys; each may be captained by any of its five. */
export function legalLineups(facts: SeasonFacts, keys: ReadonlyMap<string, number>): number[][] {
  const market = new Map<string, Pick>();
  for (const { driverId, constructorId } of facts.races[0]?.entries ?? [])
    market.set(driverId, { driverId, constructorId, price: facts.drivers[driverId]?.price ?? 0 });
  const ids = [...market.keys()];
  const legal: number[][] = [];
  const visit = (from: number, chosen: string[]): void => {
    if (chosen.length === 5) {
      if (lineupFaults(chosen, chosen[0] ?? "", market, standard).length === 0)
        legal.push(chosen.map((id) => keys.get(id) ?? 0).sort((a, b) => a - b));
      return;
    }
    for (let next = from; next < ids.length; next += 1) visit(next + 1, [...chosen, ids[next] ?? ""]);
  };
  visit(0, []);
  return legal;
}

/** Teams with owners and random legal line-ups for a race, in a handful of statements. */
export async function enterTeams(
  db: Db,
  season: number,
  raceId: number,
  teams: number,
  lineups: readonly number[][],
): Promise<void> {
  await db.execute(sql`
    insert into lineups (season, drivers, captain)
    select ${season}, wanted.drivers, wanted.drivers[captain]
    from jsonb_array_elements(${JSON.stringify(lineups)}::jsonb) listed,
      lateral (select array(select jsonb_array_elements_text(listed)::smallint) as drivers) wanted, generate_series(1, 5) captain`);
  await db.execute(sql`
    insert into users (username, email, password_hash)
    select 'player_' || n, 'player_' || n || '@example.org', 'none' from generate_series(1, ${teams}::int) n`);
  await db.execute(
    sql`insert into teams (owner_id, season, slot, name) select id, ${season}, 1, 'Team of ' || username from users`,
  );
  await db.execute(sql`
    insert into team_lineups (team_id, version, race_id, lineup_id, cost)
    select team.id, 1, ${raceId}, picked.lineup_id, 900
    from (select id, row_number() over () as n from teams) team
    join (select id as lineup_id, row_number() over (order by id) as n from lineups) picked
      on picked.n = 1 + (team.n * 7919) % (select count(*) from lineups)`);
  await db.execute(sql`analyze`);
}
