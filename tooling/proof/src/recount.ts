import type { Db } from "@pitwall/db/database";
import { sql } from "drizzle-orm";
import type { Breach } from "./breach.ts";
import { type Row, referenceLineup, referencePoints } from "./reference.ts";

interface Race extends Record<string, unknown> {
  readonly id: number;
  readonly season: number;
  readonly slug: string;
  readonly rules: string;
  readonly revision: number;
  readonly run: number | null;
  readonly build: number | null;
}

interface Standing {
  total: number;
  race: number;
}

/** Counts every score, total and rank in force once more by the reference, from the results and what was fielded. */
export async function recounted(db: Db): Promise<Breach[]> {
  const { rows: races } =
    await db.execute<Race>(sql`select race.id, race.season::int as season, race.slug, season.rule_set_id as rules, race.revision::int as revision,
        run.id as run, race.build_id as build
      from races race join seasons season on season.year = race.season
      left join scoring_runs run on run.race_id = race.id and run.revision = race.revision
      where race.revision is not null and race.cancelled_at is null order by race.season, race.lock_at, race.id`);
  const breaches: Breach[] = [];
  for (const ofSeason of Map.groupBy(races, ({ season }) => season).values()) {
    const standings = new Map<string, Standing>();
    for (const race of ofSeason) {
      breaches.push(...(await raceBreaches(db, race, standings)));
      breaches.push(...(await standingBreaches(db, race, standings)));
    }
  }
  return breaches;
}

/** Compares a race's scores, and adds them to the standings. */
async function raceBreaches(db: Db, race: Race, standings: Map<string, Standing>): Promise<Breach[]> {
  const { rows } = await db.execute<
    Row & Record<string, unknown>
  >(sql`select session, driver_id as driver, finish, position::int as position, grid::int as grid, fastest_lap as "fastestLap"
      from classifications where race_id = ${race.id} and revision = ${race.revision}`);
  const reference = referencePoints(rows, race.rules);
  const { rows: scored } = await db.execute<{ driver: string; points: number }>(
    sql`select driver.id as driver, points from driver_scores join drivers driver on driver.key = driver_key where run_id = ${race.run}`,
  );
  const { rows: fielded } = await db.execute<{
    team: string;
    drivers: string[];
    captain: string;
    points: number | null;
  }>(sql`select fielded.team_id as team, names.drivers, captain.id as captain, score.points
      from fielded join lineups lineup on lineup.id = fielded.lineup_id join drivers captain on captain.key = lineup.captain
      cross join lateral (select array_agg(id) as drivers from drivers where key = any(lineup.drivers)) names
      left join lineup_scores score on score.run_id = ${race.run} and score.lineup_id = lineup.id
      where fielded.race_id = ${race.id}`);
  for (const standing of standings.values()) standing.race = 0;
  const wrongTeams = fielded.flatMap(({ team, drivers, captain, points }) => {
    const due = referenceLineup(reference, drivers, captain);
    standings.set(team, { total: (standings.get(team)?.total ?? 0) + due, race: due });
    return points === due ? [] : [`team ${team} has ${points} tenths, and ${due} are due`];
  });
  const known = new Map(scored.map(({ driver, points }) => [driver, points]));
  const wrongDrivers = [...new Set([...reference.keys(), ...known.keys()])]
    .filter((driver) => reference.get(driver) !== known.get(driver))
    .map((driver) => `${driver} has ${known.get(driver)} tenths, and ${reference.get(driver)} are due`);
  return [...breachesAt("I2", race, wrongDrivers), ...breachesAt("I2", race, wrongTeams)];
}

/** Of the standings after a race. A team of which nothing was fielded yet stands with nothing. */
async function standingBreaches(db: Db, race: Race, standings: ReadonlyMap<string, Standing>): Promise<Breach[]> {
  const { rows: placed } = await db.execute<{
    team: string;
    total: number;
    race: number;
    rank: number | null;
    raceRank: number | null;
  }>(sql`select placed.team_id as team, placed.total, placed.race_points as race, step.above + 1 as rank, race_step.above + 1 as "raceRank"
      from standings placed
      left join rank_steps step on step.build_id = placed.build_id and step.total = placed.total
      left join race_rank_steps race_step on race_step.build_id = placed.build_id and race_step.race_points = placed.race_points
      where placed.build_id = ${race.build}`);
  const due = placed.map(({ team }) => standings.get(team) ?? { total: 0, race: 0 });
  const rank = ranksOf(due.map(({ total }) => total));
  const raceRank = ranksOf(due.map((standing) => standing.race));
  const there = new Set(placed.map(({ team }) => team));
  const absent = [...standings.keys()].filter((team) => !there.has(team));
  const { rows: playing } = await db.execute<{ id: string }>(
    sql`select id from teams where id = any(${sql.param(absent)}::uuid[]) and removed_at is null`,
  );
  const missing = playing.map(({ id }) => `team ${id} is missing`);
  const points = placed.flatMap((row, at) =>
    row.total === due[at]?.total && row.race === due[at]?.race
      ? []
      : [`team ${row.team} stands at ${row.total} tenths, and ${due[at]?.total} are due`],
  );
  const ranks = placed.flatMap((row, at) => {
    const [total, ofRace] = [rank.get(due[at]?.total ?? 0), raceRank.get(due[at]?.race ?? 0)];
    if (row.rank === total && row.raceRank === ofRace) return [];
    return [`team ${row.team} ranks ${row.rank} and ${row.raceRank} in the race, and is due ${total} and ${ofRace}`];
  });
  return [...breachesAt("I1", race, [...missing, ...points]), ...breachesAt("I16", race, ranks)];
}

/** Equals share a rank, and the next one leaves as many out. */
function ranksOf(points: readonly number[]): Map<number, number> {
  const ranks = new Map<number, number>();
  for (const [at, some] of points.toSorted((a, b) => b - a).entries()) if (!ranks.has(some)) ranks.set(some, at + 1);
  return ranks;
}

function breachesAt(invariant: "I1" | "I2" | "I16", { season, slug }: Race, wrong: readonly string[]): Breach[] {
  if (wrong.length === 0) return [];
  const words = `by the reference, ${wrong[0]}${wrong.length > 1 ? `, and ${wrong.length - 1} more are wrong` : ""}`;
  return [{ invariant, words, where: `${season} ${slug}` }];
}
