import type { ClassifiedCar, FinishClass, SessionKind } from "@pitwall/domain/classifications";
import { toTenths } from "@pitwall/domain/tenths";
import { z } from "zod";
import { faultsOf, parsed, saysTwice } from "./bodies.ts";
import type { AskedRace } from "./source.ts";

/** What one document of the source says. */
export type Reading =
  | { readonly kind: "cars"; readonly cars: ClassifiedCar[] }
  | { readonly kind: "none_yet" }
  | { readonly kind: "unreadable"; readonly reason: string };

/** Every value is text out there, numbers too. */
const whole = z
  .string()
  .regex(/^\d{1,4}$/)
  .transform(Number);
const id = z.string().regex(/^[\w-]{1,64}$/);

const car = z.object({
  number: whole,
  position: whole,
  Driver: z.object({ driverId: id }),
  Constructor: z.object({ constructorId: id }),
});

const qualifier = car.extend({
  Q1: z.string().nullish(),
  Q2: z.string().nullish(),
  Q3: z.string().nullish(),
});

const result = car.extend({
  positionText: z.string(),
  status: z.string(),
  points: z
    .string()
    .regex(/^\d{1,3}(\.\d)?$/)
    .transform((points) => toTenths(Number(points))),
  // Unknown in the first hours after a race, and for cars that never took their place.
  grid: whole.nullish().transform((grid) => grid ?? null),
  laps: whole,
  // Finishing times are not read: those of lapped and retired cars are garbage.
  FastestLap: z.object({ rank: z.string().nullish() }).nullish(),
});

const race = z.object({
  season: z.string(),
  round: z.string(),
  Circuit: z.object({ circuitId: id }),
  Results: z.array(result).optional(),
  SprintResults: z.array(result).optional(),
  QualifyingResults: z.array(qualifier).optional(),
});

const document = z.object({
  MRData: z.object({
    total: whole,
    RaceTable: z.object({ season: z.string(), round: z.string(), Races: z.array(race).max(1) }),
  }),
});

/** Reads a document in which one session of the asked race is expected. Whether its cars are believable is not judged here. */
export function readDocument(body: string, asked: AskedRace, session: SessionKind): Reading {
  const json = parsed(body);
  if (json === undefined) return { kind: "unreadable", reason: "The answer is not JSON." };
  if (saysTwice(body, json)) return { kind: "unreadable", reason: "The answer says something twice." };
  const read = document.safeParse(json);
  if (!read.success) return { kind: "unreadable", reason: `The answer has another shape: ${faultsOf(read.error)}` };
  const { total, RaceTable } = read.data.MRData;
  const found = RaceTable.Races[0];
  const other = otherRace(found ?? RaceTable, found?.Circuit.circuitId ?? asked.circuitId, asked);
  if (other) return { kind: "unreadable", reason: other };
  const cars = found ? carsOf(found, session) : [];
  if (cars.length === 0) return { kind: "none_yet" };
  if (cars.length !== total) return { kind: "unreadable", reason: `The answer holds ${cars.length} of ${total} rows.` };
  return { kind: "cars", cars: cars.sort((a, b) => a.position - b.position) };
}

function otherRace(
  found: { readonly season: string; readonly round: string },
  circuitId: string,
  asked: AskedRace,
): string | undefined {
  const wanted = `${asked.season}/${asked.round} (${asked.circuitId})`;
  const got = `${found.season}/${found.round} (${circuitId})`;
  return got === wanted ? undefined : `The answer is about another race: ${got} instead of ${wanted}.`;
}

function carsOf(found: z.infer<typeof race>, session: SessionKind): ClassifiedCar[] {
  switch (session) {
    case "race":
      return (found.Results ?? []).map(raced);
    case "sprint":
      return (found.SprintResults ?? []).map(raced);
    case "qualifying":
      return (found.QualifyingResults ?? []).map(qualified);
  }
}

function raced(row: z.infer<typeof result>): ClassifiedCar {
  return {
    ...carOf(row),
    finish: finishOf(row),
    grid: row.grid,
    laps: row.laps,
    points: row.points,
    fastestLap: row.FastestLap?.rank === "1",
  };
}

function qualified(row: z.infer<typeof qualifier>): ClassifiedCar {
  return { ...carOf(row), finish: qualifyingFinishOf(row), grid: null, laps: 0, points: 0, fastestLap: false };
}

/** The first time of whoever set none is empty. So is that of a disqualified car, whose later ones are left standing. */
function qualifyingFinishOf({ Q1, Q2, Q3 }: z.infer<typeof qualifier>): FinishClass {
  if (Q1 !== "" && Q1 !== null) return "classified";
  return Q2 || Q3 ? "disqualified" : "not_classified";
}

function carOf({ Driver, Constructor, number, position }: z.infer<typeof car>) {
  return { driverId: Driver.driverId, constructorId: Constructor.constructorId, number, position };
}

/**
 * Every car has a position, so only the text beside it tells who is classified: a number, though the car retired. A
 * disqualified car may show a number too.
 */
function finishOf({ positionText, status }: z.infer<typeof result>): FinishClass {
  if (positionText === "D" || positionText === "E" || status === "Disqualified") return "disqualified";
  if (positionText === "W" || positionText === "F" || status === "Did not start") return "not_started";
  return /^\d+$/.test(positionText) ? "classified" : "not_classified";
}
