import type { FastestLapFigures, Ruleset } from "./rulesets.ts";
import type { Tenths } from "./tenths.ts";

export type SessionKind = "race" | "sprint" | "qualifying";
export type FinishClass = "classified" | "not_classified" | "not_started" | "disqualified";

export interface ClassifiedCar {
  readonly driverId: string;
  readonly constructorId: string;
  readonly number: number;
  /** The place in the document's order, which retired and disqualified cars have too: it is earned only by a classified one. */
  readonly position: number;
  readonly finish: FinishClass;
  /** Null: none known; 0: from the pit lane. */
  readonly grid: number | null;
  readonly laps: number;
  /** As the source published them; used to judge the document, never to score. */
  readonly points: Tenths;
  readonly fastestLap: boolean;
}

/** What the official documents of one race weekend say. */
export interface Classification {
  readonly race: readonly ClassifiedCar[];
  readonly sprint?: readonly ClassifiedCar[];
  readonly qualifying?: readonly ClassifiedCar[];
}

export interface CarChange {
  readonly driverId: string;
  readonly session: SessionKind;
  readonly field: "listed" | "finish" | "position" | "fastestLap" | "grid";
  readonly from: string | null;
  readonly to: string | null;
}

/** Whether the car's fastest lap earns points: nobody inherits it when its holder finished too low, or not at all. */
export function fastestLapCounts(car: ClassifiedCar, { withinTop }: FastestLapFigures): boolean {
  return car.fastestLap && car.finish === "classified" && (withinTop === undefined || car.position <= withinTop);
}

/** Where a car's places are counted from. Whoever starts from the pit lane starts behind the last place of the grid. */
export function startingPlace(car: ClassifiedCar, session: readonly ClassifiedCar[]): number | null {
  if (car.grid !== 0) return car.grid;
  return Math.max(...session.map(({ grid }) => grid ?? 0)) + 1;
}

/** The sessions that earn something under the rules, the race first. */
export function scoredSessions(rules: Ruleset): SessionKind[] {
  return SESSIONS.filter((session) => session === "race" || rules[session] !== undefined);
}

/**
 * Canonical text of the fields that the rules look at, whatever the order of the rows. Two documents with the same text are the
 * same result: times, laps, numbers, spellings and published points are cosmetics, and so is the grid unless it scores.
 */
export function scoredFacts(c: Classification, rules: Ruleset): string {
  const rows = scoredSessions(rules).flatMap((session) =>
    (c[session] ?? []).map((car) => [
      session,
      car.driverId,
      car.finish,
      classifiedPosition(car),
      ...figuresBeside(session, car, c[session] ?? [], rules),
    ]),
  );
  return JSON.stringify(rows.map((row) => JSON.stringify(row)).sort());
}

function figuresBeside(
  session: SessionKind,
  car: ClassifiedCar,
  cars: readonly ClassifiedCar[],
  rules: Ruleset,
): (boolean | number | null)[] {
  if (session === "qualifying") return [];
  const fastestLap = session === "race" ? rules.fastestLap : rules.sprint?.fastestLap;
  return [
    fastestLap !== undefined && fastestLapCounts(car, fastestLap),
    ...(scoresPlaces(session, rules) ? [countedStart(car, cars)] : []),
  ];
}

function scoresPlaces(session: SessionKind, rules: Ruleset): boolean {
  switch (session) {
    case "race":
      return rules.racePlaces !== undefined;
    case "sprint":
      return rules.sprint !== undefined;
    case "qualifying":
      return false;
  }
}

function countedStart(car: ClassifiedCar, cars: readonly ClassifiedCar[]): number | null {
  return car.finish === "classified" ? startingPlace(car, cars) : null;
}

/**
 * What became of each car between two revisions, in every session, ordered by session and driver. A place on the grid is
 * worth a word only under rules that look at it.
 */
export function classificationDiff(before: Classification, after: Classification, rules: Ruleset): CarChange[] {
  return SESSIONS.flatMap((session) => {
    const withGrid = scoresPlaces(session, rules);
    return sessionDiff(session, fieldsOf(before[session] ?? [], withGrid), fieldsOf(after[session] ?? [], withGrid));
  });
}

type ComparedFields = Record<CarChange["field"], string | null>;

function sessionDiff(
  session: SessionKind,
  before: ReadonlyMap<string, ComparedFields>,
  after: ReadonlyMap<string, ComparedFields>,
): CarChange[] {
  const driverIds = [...new Set([...before.keys(), ...after.keys()])].sort();
  return driverIds.flatMap((driverId) => {
    const from = before.get(driverId) ?? UNLISTED;
    const to = after.get(driverId) ?? UNLISTED;
    return FIELDS.filter((field) => from[field] !== to[field]).map((field) => ({
      driverId,
      session,
      field,
      from: from[field],
      to: to[field],
    }));
  });
}

const SESSIONS: readonly SessionKind[] = ["race", "sprint", "qualifying"];
const FIELDS: readonly CarChange["field"][] = ["listed", "finish", "position", "fastestLap", "grid"];
const UNLISTED: ComparedFields = { listed: null, finish: null, position: null, fastestLap: null, grid: null };

function fieldsOf(cars: readonly ClassifiedCar[], withGrid: boolean): Map<string, ComparedFields> {
  return new Map(cars.map((car) => [car.driverId, comparedFields(car, withGrid ? countedStart(car, cars) : null)]));
}

function comparedFields(car: ClassifiedCar, start: number | null): ComparedFields {
  const position = classifiedPosition(car);
  return {
    listed: "yes",
    finish: car.finish,
    position: position === null ? null : String(position),
    fastestLap: car.fastestLap ? "yes" : null,
    grid: start === null ? null : String(start),
  };
}

function classifiedPosition(car: ClassifiedCar): number | null {
  return car.finish === "classified" ? car.position : null;
}
