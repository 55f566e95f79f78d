import { seasonFacts } from "@pitwall/db/facts";
import { classificationFaults } from "@pitwall/domain/classification-faults";
import type { ClassifiedCar, SessionKind } from "@pitwall/domain/classifications";
import { readDocument } from "./jolpica-body.ts";

const facts = seasonFacts(2025);
export const DRIVERS = Object.keys(facts.drivers);
export const POINTS = ["25", "18", "15", "12", "10", "8", "6", "4", "2", "1"];
const ASKED = { season: 2025, round: 9, circuitId: "catalunya", sessions: [] };

export type Row = Record<string, unknown>;

function aRow(place: number): Row {
  return {
    number: String(place),
    position: String(place),
    positionText: String(place),
    points: POINTS[place - 1] ?? "0",
    Driver: { driverId: DRIVERS[place - 1] },
    Constructor: { constructorId: `team_${Math.ceil(place / 2)}` },
    grid: String(place),
    laps: "66",
    status: "Finished",
    Time: { millis: "5577375", time: place === 1 ? "1:32:57.375" : `+${place}.471` },
    FastestLap: { rank: String(place), lap: "60" },
  };
}

export const aGrid = (size = 20): Row[] => Array.from({ length: size }, (_, at) => aRow(at + 1));

/** The rows, with something else said of those in these places; undefined leaves a field out. */
export const but = (changes: Readonly<Record<number, Row>>, rows = aGrid()): Row[] =>
  rows.map((row, at) => ({ ...row, ...changes[at + 1] }));

export interface Around {
  readonly session?: SessionKind;
  readonly data?: Row;
  readonly race?: Row;
}

const LISTS = { race: "Results", sprint: "SprintResults", qualifying: "QualifyingResults" };

/** The document of a session, as the source would write it. */
export function bodyOf(rows: readonly Row[], { session = "race", data, race }: Around = {}): string {
  const Races = [{ season: "2025", round: "9", Circuit: { circuitId: "catalunya" }, [LISTS[session]]: rows, ...race }];
  return JSON.stringify({
    MRData: {
      limit: "100",
      offset: "0",
      total: String(rows.length),
      RaceTable: { season: "2025", round: "9", Races },
      ...data,
    },
  });
}

/** What becomes of it: why it is not read, or not believed. */
export function verdictOf(
  body: string,
  { session = "race" }: Around = {},
  season = 2025,
): string[] | "believed" | "none_yet" {
  const reading = readDocument(body, ASKED, session);
  if (reading.kind === "none_yet") return "none_yet";
  if (reading.kind === "unreadable") return [reading.reason];
  const race = session === "race" ? reading.cars : raceOf(bodyOf(aGrid()));
  const classification = session === "race" ? { race } : { race, [session]: reading.cars };
  const faults = classificationFaults(classification, { knownDriverIds: new Set(DRIVERS), season });
  return faults.length === 0 ? "believed" : [...new Set(faults.map(({ reason }) => reason))];
}

export function raceOf(body: string): ClassifiedCar[] {
  const reading = readDocument(body, ASKED, "race");
  if (reading.kind !== "cars") throw new Error(JSON.stringify(reading));
  return reading.cars;
}
