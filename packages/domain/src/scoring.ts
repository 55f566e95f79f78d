import {
  type Classification,
  type ClassifiedCar,
  fastestLapCounts,
  type SessionKind,
  startingPlace,
} from "./classifications.ts";
import type { FastestLapFigures, PenaltyFigures, PlacesFigures, Ruleset } from "./rulesets.ts";
import type { Tenths } from "./tenths.ts";

export type ScoringRule =
  | `${SessionKind}_position`
  | "fastest_lap"
  | "places_gained"
  | "places_lost"
  | "not_classified"
  | "disqualified"
  | "not_listed";

export interface ScoreLine {
  readonly session: SessionKind;
  readonly rule: ScoringRule;
  /** The place ("P1"), the places between start and finish ("P5 to P2"), or why there is none ("not_started"). */
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

/**
 * What every car of the race earned over the weekend, zero included, ordered by driver. Whoever did not start the race earns
 * nothing, whatever the days before brought. Depends on nothing but the scored facts.
 */
export function scoreDrivers(c: Classification, rules: Ruleset): DriverScore[] {
  return c.race
    .map((car) => {
      const lines = weekendLines(car, c, rules);
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

function weekendLines(car: ClassifiedCar, c: Classification, rules: Ruleset): ScoreLine[] {
  const raced = sessionLines("race", car, c.race, raceFigures(rules));
  if (car.finish === "not_started") return raced;
  const ofDriver = ({ driverId }: ClassifiedCar) => driverId === car.driverId;
  const sprinted = c.sprint?.find(ofDriver);
  const qualified = c.qualifying?.find(ofDriver);
  return [
    ...raced,
    ...(rules.sprint && sprinted ? sessionLines("sprint", sprinted, c.sprint ?? [], rules.sprint) : []),
    ...(rules.qualifying && qualified ? sessionLines("qualifying", qualified, [], rules.qualifying) : []),
  ];
}

/** What a session pays and takes, as far as the rules have figures for it. */
interface SessionFigures {
  readonly points: readonly Tenths[];
  readonly fastestLap?: FastestLapFigures | undefined;
  readonly places?: PlacesFigures | undefined;
  readonly penalties?: PenaltyFigures | undefined;
}

function raceFigures(rules: Ruleset): SessionFigures {
  const { racePoints: points, fastestLap, racePlaces: places, racePenalties: penalties } = rules;
  return { points, fastestLap, places, penalties };
}

function sessionLines(
  session: SessionKind,
  car: ClassifiedCar,
  cars: readonly ClassifiedCar[],
  { points, fastestLap, places, penalties }: SessionFigures,
): ScoreLine[] {
  if (car.finish !== "classified") return [unclassifiedLine(session, car.finish, penalties)];
  const detail = `P${car.position}`;
  return [
    { session, rule: `${session}_position`, detail, points: points[car.position - 1] ?? 0 },
    ...(fastestLap && fastestLapCounts(car, fastestLap)
      ? [{ session, rule: "fastest_lap" as const, detail, points: fastestLap.points }]
      : []),
    ...(places ? placesLines(session, car, cars, places) : []),
  ];
}

/** Places are counted only to a place that was earned: a car that is penalised loses none beside it. */
function unclassifiedLine(
  session: SessionKind,
  finish: Exclude<ClassifiedCar["finish"], "classified">,
  penalties: PenaltyFigures | undefined,
): ScoreLine {
  if (!penalties || finish === "not_started")
    return { session, rule: `${session}_position`, detail: finish, points: 0 };
  const points = finish === "disqualified" ? penalties.disqualified : penalties.notClassified;
  return { session, rule: finish, detail: finish, points };
}

function placesLines(
  session: SessionKind,
  car: ClassifiedCar,
  cars: readonly ClassifiedCar[],
  { gained, lost }: PlacesFigures,
): ScoreLine[] {
  const start = startingPlace(car, cars);
  if (start === null || start === car.position) return [];
  const detail = `P${start} to P${car.position}`;
  const places = Math.abs(start - car.position);
  return start > car.position
    ? [{ session, rule: "places_gained", detail, points: places * gained }]
    : [{ session, rule: "places_lost", detail, points: places * lost }];
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
