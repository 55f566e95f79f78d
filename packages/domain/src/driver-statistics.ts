import type { Classification, ClassifiedCar } from "./classifications.ts";
import type { Ruleset } from "./rulesets.ts";
import { scoreDrivers } from "./scoring.ts";
import type { Tenths } from "./tenths.ts";

export interface RacePoints {
  readonly slug: string;
  readonly points: Tenths;
}

/** What a driver made of a season, by the current revision of each of its races. */
export interface SeasonStatistics {
  /** Those that the driver started. */
  readonly races: number;
  readonly wins: number;
  readonly podiums: number;
  /** Places that the season's rules reward. */
  readonly pointsFinishes: number;
  readonly fastestLaps: number;
  readonly notClassified: number;
  readonly notStarted: number;
  readonly disqualified: number;
  readonly bestPlace: number | null;
  readonly bestRace: RacePoints | null;
  /** For each race started, rounded to a tenth of a point. */
  readonly average: Tenths | null;
  /** The last races that the driver is listed in, the latest first. */
  readonly form: readonly RacePoints[];
}

/** How many races a driver's form goes back. */
export const FORM = 5;

export interface RunRace {
  readonly slug: string;
  readonly classification: Classification;
}

/** Counts what every driver made of races, given in the order in which they were run: points, and statistics. */
export function countedStatistics(
  races: readonly RunRace[],
  rules: Ruleset,
): Map<string, { readonly points: Tenths; readonly stats: SeasonStatistics }> {
  const listings = Map.groupBy(
    races.flatMap((race) => listingsOf(race, rules)),
    ({ car }) => car.driverId,
  );
  return new Map([...listings].map(([driverId, mine]) => [driverId, counted(mine, rules)]));
}

interface Listing extends RacePoints {
  readonly car: ClassifiedCar;
}

function listingsOf({ slug, classification }: RunRace, rules: Ruleset): Listing[] {
  const points = new Map(scoreDrivers(classification, rules).map((score) => [score.driverId, score.points]));
  return classification.race.map((car) => ({ slug, car, points: points.get(car.driverId) ?? 0 }));
}

function counted(listings: readonly Listing[], rules: Ruleset) {
  const ended = (finish: ClassifiedCar["finish"]) => listings.filter(({ car }) => car.finish === finish).length;
  const places = listings.filter(({ car }) => car.finish === "classified").map(({ car }) => car.position);
  const within = (last: number) => places.filter((place) => place <= last).length;
  const points = listings.reduce((sum, listing) => sum + listing.points, 0);
  const races = listings.length - ended("not_started");
  // Of equal races the earlier one: sorting keeps their order.
  const [best] = listings.toSorted((a, b) => b.points - a.points);
  const stats: SeasonStatistics = {
    races,
    wins: within(1),
    podiums: within(3),
    pointsFinishes: within(rules.racePoints.length),
    fastestLaps: listings.filter(({ car }) => car.fastestLap).length,
    notClassified: ended("not_classified"),
    notStarted: ended("not_started"),
    disqualified: ended("disqualified"),
    bestPlace: places.length === 0 ? null : Math.min(...places),
    bestRace: best ? named(best) : null,
    average: races === 0 ? null : roundedAwayFromZero(points / races),
    form: listings.slice(-FORM).reverse().map(named),
  };
  return { points, stats };
}

function named({ slug, points }: Listing): RacePoints {
  return { slug, points };
}

function roundedAwayFromZero(value: number): number {
  return Math.sign(value) * Math.round(Math.abs(value));
}
