import type { Db } from "@pitwall/db/database";
import { FORM, type SeasonStatistics } from "@pitwall/domain/driver-statistics";
import type { Ruleset } from "@pitwall/domain/rulesets";
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import type { ServiceContext } from "../context.ts";

export const NOTHING_YET: SeasonStatistics = {
  ...{ races: 0, wins: 0, podiums: 0, pointsFinishes: 0, fastestLaps: 0, notClassified: 0, notStarted: 0 },
  ...{ disqualified: 0, bestPlace: null, bestRace: null, average: null, form: [] },
};

/** Rows of `driver_key`, `points` and `stats`, for every driver listed in a result of the season. */
export function seasonStatistics(season: number, rules: Ruleset): SQL {
  const started = sql`count(*) filter (where car.finish <> 'not_started')`;
  const placed = (last: number) =>
    sql`count(*) filter (where car.finish = 'classified' and car.position <= ${last}::int)`;
  const ended = (finish: string) => sql`count(*) filter (where car.finish = ${finish})`;
  const racePoints = sql`jsonb_build_object('slug', race.slug, 'points', car.earned)`;
  return sql`
    select car.driver_key, sum(car.earned)::int as points, jsonb_build_object(
      'races', ${started},
      'wins', ${placed(1)},
      'podiums', ${placed(3)},
      'pointsFinishes', ${placed(rules.racePoints.length)},
      'fastestLaps', count(*) filter (where car.fastest_lap),
      'notClassified', ${ended("not_classified")},
      'notStarted', ${ended("not_started")},
      'disqualified', ${ended("disqualified")},
      'bestPlace', min(car.position) filter (where car.finish = 'classified'),
      'bestRace', (array_agg(${racePoints} order by car.earned desc, race.starts_at))[1],
      'average', round(sum(car.earned)::numeric / nullif(${started}, 0)),
      'form', to_jsonb((array_agg(${racePoints} order by race.starts_at desc))[1:${FORM}::int])
    ) as stats
    from races race cross join lateral (${scoredCars}) car
    where race.season = ${season} and race.cancelled_at is null
    group by car.driver_key`;
}

/**
 * Whoever is listed in the current result of one race, with points and place. "offset 0" keeps it a question of its own for
 * each race, answered by primary keys, however many seasons are stored beside this one.
 */
const scoredCars = sql`
  select score.driver_key, score.points as earned, listed.finish, listed.position, listed.fastest_lap
  from scoring_runs run
  join driver_scores score on score.run_id = run.id
  join drivers driver on driver.key = score.driver_key
  left join classifications listed on listed.race_id = run.race_id and listed.revision = run.revision
    and listed.session = 'race' and listed.driver_id = driver.id
  where run.race_id = race.id and run.revision = race.revision
  offset 0`;

/** Percents of the teams, with one decimal. */
const shares = z.record(z.string(), z.number());

/**
 * How many percent of the teams fielded each driver, by key, in the race of the season that locked last; null before any
 * has. What was fielded in a race never changes, so it is counted once.
 */
export async function ownershipOf(ctx: ServiceContext, season: number): Promise<Record<string, number> | null> {
  const raceId = await lastLockedRace(ctx.db, season);
  if (raceId === null) return null;
  return ctx.cache.cached(`ownership:${raceId}`, { ttlSeconds: 24 * 3600, parse: shares.parse }, async () => {
    const { rows } = await ctx.db.execute<{ key: number; share: number }>(sql`
      with chosen as (select lineup_id, count(*) as teams from fielded where race_id = ${raceId} group by lineup_id)
      select picked.key, round(100 * sum(chosen.teams) / (select sum(teams) from chosen), 1)::float8 as share
      from chosen join lineups lineup on lineup.id = chosen.lineup_id cross join unnest(lineup.drivers) picked (key)
      group by picked.key`);
    return Object.fromEntries(rows.map(({ key, share }) => [key, share]));
  });
}

async function lastLockedRace(db: Db, season: number): Promise<number | null> {
  const { rows } = await db.execute<{ id: number }>(sql`
    select id from races where season = ${season} and cancelled_at is null and locked_at is not null
    order by lock_at desc limit 1`);
  return rows[0]?.id ?? null;
}
