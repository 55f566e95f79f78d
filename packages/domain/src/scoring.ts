import { type Classification, type ClassifiedCar, fastestLapCounts, type SessionKind } from "./classifications.ts";
import type { Ruleset } from "./rulesets.ts";
import type { Tenths } from "./tenths.ts";

export type ScoringRule = "race_position" | "fastest_lap" | "not_listed";

export interface ScoreLine {
  readonly session: SessionKind;
  readonly rule: ScoringRule;
  /** The place ("P1"), or why there is none ("not_started"). */
  readonly detail: string;
  readonly points: Tenths;
}

export interface DriverScore {
  readonly driverId: string;
  readonly points: Tenths;
  readonly lines: readonly ScoreLine[];
}

export interface LedgerLine extends ScoreLine {
  readonly driverId: string;
  /** Tenths of a factor: 10 is once, 15 is one and a half times. */
  readonly multiplier: Tenths;
  readonly total: Tenths;
}

const ONCE: Tenths = 10;

/** What every listed car earned, zero included, ordered by driver. Depends on nothing but the scored facts. */
export function scoreDrivers(c: Classification, rules: Ruleset): DriverScore[] {
  return c.race
    .map((car) => {
      const lines = raceLines(car, rules);
      return { driverId: car.driverId, points: sum(lines.map((line) => line.points)), lines };
    })
    .sort((a, b) => (a.driverId < b.driverId ? -1 : 1));
}

/** A line-up's race, explained: the lines add up to the points. A driver who is missing from the result earns a line of zero. */
export function lineupLedger(
  lineup: { readonly driverIds: readonly string[]; readonly captainId: string },
  scores: ReadonlyMap<string, DriverScore>,
  rules: Ruleset,
): { points: Tenths; lines: LedgerLine[] } {
  const lines = lineup.driverIds.flatMap((driverId) => {
    const multiplier = driverId === lineup.captainId ? rules.captainMultiplier : ONCE;
    return (scores.get(driverId)?.lines ?? [NOT_LISTED]).map((line) => ({
      ...line,
      driverId,
      multiplier,
      total: multiplied(line.points, multiplier),
    }));
  });
  return { points: sum(lines.map((line) => line.total)), lines };
}

const NOT_LISTED: ScoreLine = { session: "race", rule: "not_listed", detail: "not_listed", points: 0 };

function raceLines(car: ClassifiedCar, rules: Ruleset): ScoreLine[] {
  if (car.finish !== "classified") return [{ session: "race", rule: "race_position", detail: car.finish, points: 0 }];
  const detail = `P${car.position}`;
  const place: ScoreLine = {
    session: "race",
    rule: "race_position",
    detail,
    points: rules.racePoints[car.position - 1] ?? 0,
  };
  if (!fastestLapCounts(car, rules)) return [place];
  return [place, { session: "race", rule: "fastest_lap", detail, points: rules.fastestLap.points }];
}

function multiplied(points: Tenths, multiplier: Tenths): Tenths {
  const hundredths = points * multiplier;
  if (hundredths % 10 !== 0)
    throw new RangeError(`${points} tenths times ${multiplier} tenths is not a whole number of tenths`);
  return hundredths / 10;
}

function sum(points: readonly Tenths[]): Tenths {
  return points.reduce((total, some) => total + some, 0);
}
