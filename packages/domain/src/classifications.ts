import type { Ruleset } from "./rulesets.ts";
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
  readonly field: "listed" | "finish" | "position" | "fastestLap";
  readonly from: string | null;
  readonly to: string | null;
}

/** Whether the car's fastest lap earns points: nobody inherits it when its holder finished too low. */
export function fastestLapCounts(car: ClassifiedCar, rules: Ruleset): boolean {
  return car.fastestLap && car.finish === "classified" && car.position <= rules.fastestLap.withinTop;
}

/**
 * Canonical text of the fields that the rules look at, whatever the order of the rows. Two documents with the same text are the
 * same result: times, laps, grid, numbers, spellings and published points are cosmetics.
 */
export function scoredFacts(c: Classification, rules: Ruleset): string {
  const rows = c.race.map((car) => [
    "race",
    car.driverId,
    car.finish,
    classifiedPosition(car),
    fastestLapCounts(car, rules),
  ]);
  return JSON.stringify(rows.map((row) => JSON.stringify(row)).sort());
}

/** What became of each car between two revisions, in every session, ordered by session and driver. */
export function classificationDiff(before: Classification, after: Classification): CarChange[] {
  const sessions: readonly SessionKind[] = ["race", "sprint", "qualifying"];
  return sessions.flatMap((session) => sessionDiff(session, before[session] ?? [], after[session] ?? []));
}

function sessionDiff(
  session: SessionKind,
  before: readonly ClassifiedCar[],
  after: readonly ClassifiedCar[],
): CarChange[] {
  const old = new Map(before.map((car) => [car.driverId, car]));
  const now = new Map(after.map((car) => [car.driverId, car]));
  const driverIds = [...new Set([...old.keys(), ...now.keys()])].sort();
  return driverIds.flatMap((driverId) => {
    const from = comparedFields(old.get(driverId));
    const to = comparedFields(now.get(driverId));
    return FIELDS.filter((field) => from[field] !== to[field]).map((field) => ({
      driverId,
      session,
      field,
      from: from[field],
      to: to[field],
    }));
  });
}

const FIELDS: readonly CarChange["field"][] = ["listed", "finish", "position", "fastestLap"];

function comparedFields(car: ClassifiedCar | undefined): Record<CarChange["field"], string | null> {
  if (!car) return { listed: null, finish: null, position: null, fastestLap: null };
  const position = classifiedPosition(car);
  return {
    listed: "yes",
    finish: car.finish,
    position: position === null ? null : String(position),
    fastestLap: car.fastestLap ? "yes" : null,
  };
}

function classifiedPosition(car: ClassifiedCar): number | null {
  return car.finish === "classified" ? car.position : null;
}
