import type { Db } from "@pitwall/db/database";
import type { Ruleset } from "@pitwall/domain/rulesets";
import { sql } from "drizzle-orm";
import { type Finding, found } from "./report.ts";

/** What teams of a season have saved, against the rules and prices of its time. */
export async function savedFindings(db: Db, season: number, rules: Ruleset): Promise<Finding[]> {
  const at = { season, where: "line-ups" };
  const [unknown, astray, priced] = [
    await unknownDrivers(db, season),
    await astrayLineups(db, season),
    await prices(db, season, rules),
  ];
  return [
    ...found("lineup.drivers", at, unknown.count, `line-up ${unknown.example}`),
    ...found("lineup.season", at, astray.count, `line-up ${astray.example}`),
    ...found("lineup.over_budget", at, priced.over, `line-up ${priced.overExample}`),
    ...found("lineup.cost", at, priced.off, `line-up ${priced.offExample}`),
  ];
}

interface Wrong extends Record<string, unknown> {
  readonly count: number;
  readonly example: number | null;
}

/** What was saved never changes, so what has been looked at for a week needs no further look, and a season costs no more late in it. */
const IS_YOUNG = sql`saved.saved_at > clock_timestamp() - interval '8 days'`;

/** The array has no foreign keys, and a place left empty passes its checks. */
async function unknownDrivers(db: Db, season: number): Promise<Wrong> {
  const { rows } = await db.execute<Wrong>(sql`
    select count(distinct lineup.id)::int as count, min(lineup.id) as example
    from lineups lineup cross join unnest(lineup.drivers) picked (key) left join drivers driver on driver.key = picked.key
    where lineup.season = ${season} and driver.key is null`);
  return rows[0] ?? { count: 0, example: null };
}

async function astrayLineups(db: Db, season: number): Promise<Wrong> {
  const { rows } = await db.execute<Wrong>(sql`
    select count(*)::int as count, min(lineup.id) as example
    from team_lineups saved join teams team on team.id = saved.team_id and team.season = ${season}
    join lineups lineup on lineup.id = saved.lineup_id join races race on race.id = saved.race_id
    where ${IS_YOUNG} and (lineup.season <> team.season or race.season <> team.season)`);
  return rows[0] ?? { count: 0, example: null };
}

interface Priced extends Record<string, unknown> {
  readonly over: number;
  readonly overExample: number | null;
  readonly off: number;
  readonly offExample: number | null;
}

/** As long as a transaction may take, and some: whoever saves may have read a price that changed meanwhile. */
const MEANWHILE = sql.raw("interval '15 seconds'");

/**
 * What a line-up cost, from the prices that were in force. Teams share line-ups, and between two changes of prices a line-up
 * costs the same for all of them, so each is priced once for each such time.
 */
async function prices(db: Db, season: number, { lineup: { budget } }: Ruleset): Promise<Priced> {
  const { rows } = await db.execute<Priced>(sql`
    with starts as (
      select coalesce(array_agg(distinct since order by since), '{}') as moments from driver_prices where season = ${season}
    ),
    known as (
      select driver.key, price.price, price.since, lead(price.since) over (partition by price.driver_id order by price.since) as until
      from driver_prices price join drivers driver on driver.id = price.driver_id where price.season = ${season}
    ),
    saves as (
      select saved.lineup_id, saved.cost, time.nth, saved.saved_at < starts.moments[time.nth] + ${MEANWHILE} as is_fresh,
        min(saved.saved_at) as at, count(*) as times
      from team_lineups saved join teams team on team.id = saved.team_id and team.season = ${season}
      cross join starts cross join lateral (select width_bucket(saved.saved_at, starts.moments) as nth) time
      where ${IS_YOUNG}
      group by 1, 2, 3, 4
    ),
    picked as (
      select saves.*, key, min(known.price) as least, max(known.price) as most
      from saves join lineups lineup on lineup.id = saves.lineup_id cross join unnest(lineup.drivers) key
      left join known using (key)
      where known.key is null or (known.since <= saves.at and (known.until is null or known.until > saves.at - ${MEANWHILE}))
      group by saves.lineup_id, saves.cost, saves.nth, saves.is_fresh, saves.at, saves.times, key
    ),
    judged as (
      select lineup_id, times, cost > ${budget} as is_over,
        count(least) <> 5 or cost not between sum(least) and sum(most) as is_off
      from picked group by lineup_id, cost, nth, is_fresh, at, times
    )
    select coalesce(sum(times) filter (where is_over), 0)::int as over, min(lineup_id) filter (where is_over) as "overExample",
      coalesce(sum(times) filter (where is_off), 0)::int as off, min(lineup_id) filter (where is_off) as "offExample"
    from judged`);
  return rows[0] ?? { over: 0, overExample: null, off: 0, offExample: null };
}

/** More than there are. */
const LINEUPS = sql.raw("4294967296");

/**
 * Of every race that has locked: each team fields the newest that it saved before, unless it was gone by then. A version and
 * its line-up are one number, of which the greatest says both.
 */
export async function fieldedFindings(db: Db): Promise<Finding[]> {
  const locked = await db.execute<{ id: number; season: number; where: string }>(sql`
    select id, season::int as season, slug as where from races where locked_at is not null order by season, lock_at, id`);
  const findings: Finding[] = [];
  for (const race of locked.rows) {
    const { rows } = await db.execute<{ count: number; example: string | null }>(sql`
      with newest as (
        select saved.team_id, max(saved.version * ${LINEUPS} + saved.lineup_id) as newest from races race
        join team_lineups saved on saved.saved_at < race.lock_at
        where race.id = ${race.id} and saved.race_id in (select id from races where season = ${race.season})
          and not exists (select from teams gone where gone.id = saved.team_id and gone.removed_at is not null and gone.removed_at < race.lock_at)
        group by saved.team_id
      ),
      stood as (select team_id, newest % ${LINEUPS} as lineup_id from newest)
      select count(*)::int as count, min(coalesce(stood.team_id, kept.team_id)::text) as example
      from stood full join (select team_id, lineup_id from fielded where race_id = ${race.id}) kept using (team_id)
      where stood.lineup_id is distinct from kept.lineup_id`);
    findings.push(...found("fielded.lineups", race, rows[0]?.count ?? 0, `team ${rows[0]?.example}`));
  }
  return findings;
}
