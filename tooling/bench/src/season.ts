import type { Db } from "@pitwall/db/database";
import { type SeasonFacts, seasonFacts, shippedSeasons } from "@pitwall/db/facts";
import { lineupFaults, type Pick } from "@pitwall/domain/lineups";
import { standard } from "@pitwall/domain/rulesets";
import { replayed } from "@pitwall/domain/tempo";
import { sql } from "drizzle-orm";

const HOUR = 3_600_000;

/** So many races get results, and one more stays open for line-ups. */
export const PLAYED = 12;

/** Pairs of drivers whom few teams field, so that a correction can be about few of them. */
export interface Rarities {
  /** Fielded by one team in a thousand. */
  readonly rare: readonly [string, string];
  /** By one in ten. */
  readonly some: readonly [string, string];
}

/** The first races of the real season 2025, in a year that nobody else plays, the first lock in an hour. */
export function upcomingSeason(): SeasonFacts {
  const facts = seasonFacts(2025);
  const first = facts.races[0]?.sessions.qualifying ?? new Date();
  const tempo = { from: first, to: new Date(Date.now() + HOUR), hour: HOUR };
  const races = facts.races.slice(0, PLAYED + 1).map((race) => {
    const { race: start, ...others } = race.sessions;
    const moved = Object.fromEntries(Object.entries(others).map(([session, at]) => [session, replayed(at, tempo)]));
    return { ...race, sessions: { ...moved, race: replayed(start, tempo) } };
  });
  return { ...facts, season: Math.max(...shippedSeasons()) + 1, races };
}

/** Of the middle of the market, and in every race. */
export function raritiesOf({ races, drivers }: SeasonFacts): Rarities {
  const lists = races.map(({ entries }) => new Set(entries.map(({ driverId }) => driverId)));
  const everywhere = Object.keys(drivers).filter((id) => lists.every((list) => list.has(id)));
  const byPrice = everywhere.sort((a, b) => (drivers[a]?.price ?? 0) - (drivers[b]?.price ?? 0));
  const [a = "", b = "", c = "", d = ""] = byPrice.slice(Math.floor(byPrice.length / 2) - 2);
  return { rare: [a, b], some: [c, d] };
}

/** Every line-up that the rules allow for one of the races, as driver ids; each may be captained by any of its five. */
export function legalLineups(facts: SeasonFacts, race: number): string[][] {
  const market = new Map<string, Pick>();
  for (const { driverId, constructorId } of facts.races[race]?.entries ?? [])
    market.set(driverId, { driverId, constructorId, price: facts.drivers[driverId]?.price ?? 0 });
  const ids = [...market.keys()];
  const legal: string[][] = [];
  const visit = (from: number, chosen: string[]): void => {
    if (chosen.length === 5) {
      if (lineupFaults(chosen, chosen[0] ?? "", market, standard).length === 0) legal.push(chosen);
      return;
    }
    for (let next = from; next < ids.length; next += 1) visit(next + 1, [...chosen, ids[next] ?? ""]);
  };
  visit(0, []);
  return legal;
}

export interface Entering {
  readonly season: number;
  readonly teams: number;
  readonly lineups: readonly (readonly string[])[];
  readonly rarities: Rarities;
}

/** Teams with owners and legal line-ups for the first race, in a handful of statements. */
export async function enterTeams(db: Db, { season, teams, lineups, rarities }: Entering): Promise<void> {
  const { rows } = await db.execute<{ id: string; key: number }>(sql`select id, key from drivers`);
  const keyOf = new Map(rows.map(({ id, key }) => [id, key]));
  const keysOf = (ids: readonly string[]) => ids.map((id) => keyOf.get(id) ?? 0).sort((a, b) => a - b);
  const pair = (ids: readonly string[]) => sql`${`{${keysOf(ids).join()}}`}::smallint[]`;
  await db.execute(sql`
    insert into lineups (season, drivers, captain)
    select ${season}, wanted.drivers, wanted.drivers[captain]
    from jsonb_array_elements(${JSON.stringify(lineups.map(keysOf))}::jsonb) listed,
      lateral (select array(select jsonb_array_elements_text(listed)::smallint) as drivers) wanted, generate_series(1, 5) captain`);
  await db.execute(sql`
    insert into users (username, email, password_hash)
    select 'player_' || n, 'player_' || n || '@example.org', 'none' from generate_series(1, ${teams}::int) n`);
  await db.execute(sql`
    insert into teams (owner_id, season, slot, name) select id, ${season}, 1, 'Team of ' || username from users
    where username like 'player\_%'`);
  await db.execute(sql`
    with listed as (
      select id, (select sum(price) from driver_prices price join drivers driver on driver.id = price.driver_id
          where price.season = ${season} and driver.key = any(lineups.drivers)) as cost,
        case when drivers && ${pair(rarities.rare)} then 'rare' when drivers && ${pair(rarities.some)} then 'some' else 'most' end as kind
      from lineups where season = ${season}
    ), picked as materialized (
      select id, cost, kind, row_number() over (partition by kind order by id) as nth from listed
    ), kinds as materialized (
      select kind, count(*) as size from picked group by kind
    ), entered as materialized (
      select team.id, kind, 1 + (n * 7919) % size as nth
      from (select id, row_number() over () as n from teams where season = ${season}) team
      join kinds on kind = case when n % 1000 = 7 then 'rare' when n % 10 = 1 then 'some' else 'most' end
    )
    insert into team_lineups (team_id, version, race_id, lineup_id, cost)
    select entered.id, 1, (select id from races where season = ${season} order by lock_at limit 1), picked.id, picked.cost
    from entered join picked using (kind, nth)`);
  await db.execute(sql`analyze`);
}
