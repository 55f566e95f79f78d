import { seasonFacts } from "@pitwall/db/facts";
import { classificationFaults } from "@pitwall/domain/classification-faults";
import type { ClassifiedCar } from "@pitwall/domain/classifications";
import { describe, expect, test } from "vitest";
import { readDocument } from "./jolpica-body.ts";
import { historicalCalendar, replayedAnswer } from "./replay.ts";
import type { AskedRace } from "./source.ts";

const facts = seasonFacts(2025);
const LAS_VEGAS: AskedRace = { season: 2025, round: 22, circuitId: "vegas", sessions: ["race"] };

interface WireRow {
  readonly Driver: { readonly driverId: string };
}

interface WireRace {
  readonly Circuit: object;
  readonly Results?: WireRow[];
  readonly QualifyingResults?: WireRow[];
}

interface WireData {
  readonly RaceTable: { readonly Races: WireRace[] };
}

/** Las Vegas 2025 as the source ended up showing it, changed by hand. */
function bent(change: (data: WireData, rows: WireRow[]) => void, document = "results"): string {
  const at = new Date("2026-01-01T00:00:00Z");
  const replay = { facts, calendar: historicalCalendar(facts), at };
  const body: { MRData: WireData } = JSON.parse(replayedAnswer(`/ergast/f1/2025/22/${document}.json`, replay).body);
  const race = raceIn(body.MRData);
  change(body.MRData, race.Results ?? race.QualifyingResults ?? []);
  return JSON.stringify(body);
}

function raceIn({ RaceTable }: WireData): WireRace {
  const [race] = RaceTable.Races;
  if (!race) throw new Error("the document holds no race");
  return race;
}

function rowOf(rows: WireRow[], driverId: string): WireRow {
  const row = rows.find(({ Driver }) => Driver.driverId === driverId);
  if (!row) throw new Error(`${driverId} is not in the document`);
  return row;
}

function readCars(body: string): ClassifiedCar[] {
  const reading = readDocument(body, LAS_VEGAS, "race");
  if (reading.kind !== "cars") throw new Error(JSON.stringify(reading));
  return reading.cars;
}

function carOf(body: string, driverId: string): ClassifiedCar | undefined {
  return readCars(body).find((car) => car.driverId === driverId);
}

function faultsOf(race: ClassifiedCar[]): string[] {
  const knownDriverIds = new Set(Object.keys(facts.drivers));
  return classificationFaults({ race }, { knownDriverIds, season: 2025 }).map(({ reason }) => reason);
}

describe("a readable document", () => {
  test("may have no grid in its first hours", () => {
    const body = bent((_, rows) => {
      for (const row of rows) Object.assign(row, { grid: null });
    });
    expect(readCars(body).map(({ grid }) => grid)).toEqual(Array(20).fill(null));
    expect(faultsOf(readCars(body))).toEqual([]);
  });

  test.each([
    ["R", "Retired", "not_classified"],
    ["W", "Did not start", "not_started"],
    ["F", "Did not qualify", "not_started"],
    ["D", "Disqualified", "disqualified"],
    ["E", "Excluded", "disqualified"],
    ["N", "Finished", "not_classified"],
  ])("takes %s (%s) for %s", (positionText, status, finish) => {
    const body = bent((_, rows) => Object.assign(rowOf(rows, "stroll"), { positionText, status }));
    expect(carOf(body, "stroll")).toMatchObject({ finish });
  });

  test("may have fields that nobody has heard of, and lack those that nobody reads", () => {
    const body = bent((data, rows) => {
      Object.assign(data, { hint: "new" });
      Object.assign(rowOf(rows, "max_verstappen"), { AverageSpeed: {}, FastestLap: { rank: "1", lap: "50" } });
      Object.assign(rowOf(rows, "russell"), { Time: undefined, FastestLap: undefined });
    });
    expect(readCars(body)).toEqual(readCars(bent(() => undefined)));
  });

  test.each([
    [{ Q1: "1:33.701" }, "classified"],
    [{ Q1: "1:33.701", Q2: "" }, "classified"],
    [{}, "classified"],
    [{ Q1: "" }, "not_classified"],
    [{ Q1: null }, "not_classified"],
    [{ Q1: "", Q2: "", Q3: "" }, "not_classified"],
    [{ Q1: "", Q2: "1:30.202" }, "disqualified"],
    [{ Q1: "", Q2: "", Q3: "1:29.158" }, "disqualified"],
  ])("shows by the times of a qualifying %j that a car is %s", (times, finish) => {
    const body = bent((_, rows) => Object.assign(rowOf(rows, "hamilton"), times), "qualifying");
    const reading = readDocument(body, LAS_VEGAS, "qualifying");
    const cars = reading.kind === "cars" ? reading.cars : [];
    expect(cars.find(({ driverId }) => driverId === "hamilton")).toMatchObject({ finish });
    expect(cars.filter((car) => car.finish === "classified")).toHaveLength(finish === "classified" ? 20 : 19);
  });
});

describe("a document in the middle of a correction is read, and then not believed", () => {
  test("while two cars hold one place", () => {
    const body = bent((_, rows) => {
      Object.assign(rowOf(rows, "norris"), { position: "2", positionText: "2", status: "Finished", points: "18" });
      Object.assign(rowOf(rows, "piastri"), { position: "4", positionText: "4", status: "Finished", points: "12" });
    });
    expect(faultsOf(readCars(body))).toContain("result.duplicate_position");
  });

  test("while a disqualified car keeps its points", () => {
    const body = bent((_, rows) => Object.assign(rowOf(rows, "norris"), { points: "18" }));
    expect(faultsOf(readCars(body))).toContain("result.disqualified_scores");
  });
});

describe("what cannot be read says why", () => {
  test.each([
    ["HTML with status 200", "<!doctype html><title>Django REST framework</title>", "not JSON"],
    ["an empty body", "", "not JSON"],
    ["half a body", bent(() => undefined).slice(0, 5000), "not JSON"],
    ["a number that is none", '{"MRData":{"total":NaN}}', "not JSON"],
    ["other JSON", '{"detail":"Request was throttled."}', "another shape"],
    ["no list of races", bent((data) => Object.assign(data.RaceTable, { Races: null })), "another shape"],
    [
      "a place that is null",
      bent((_, rows) => Object.assign(rowOf(rows, "piastri"), { position: null, positionText: null })),
      "another shape",
    ],
    [
      "numbers in place of text",
      bent((_, rows) => Object.assign(rowOf(rows, "max_verstappen"), { position: 1 })),
      "another shape",
    ],
    [
      "points without end",
      bent((_, rows) => Object.assign(rowOf(rows, "max_verstappen"), { points: "1e9" })),
      "another shape",
    ],
    [
      "a driver without a name",
      bent((_, rows) => Object.assign(rowOf(rows, "max_verstappen").Driver, { driverId: "" })),
      "another shape",
    ],
    ["a page of a longer list", bent((data) => Object.assign(data, { total: "25" })), "holds 20 of 25 rows"],
    ["two races", bent((data) => data.RaceTable.Races.push(raceIn(data))), "another shape"],
  ])("%s", (_, body, reason) => {
    const reading = readDocument(body, LAS_VEGAS, "race");
    expect(reading).toEqual({ kind: "unreadable", reason: expect.stringContaining(reason) });
  });

  test.each([
    ["season", (data: WireData) => Object.assign(raceIn(data), { season: "2024" }), "2024/22 (vegas)"],
    ["round", (data: WireData) => Object.assign(raceIn(data), { round: "21" }), "2025/21 (vegas)"],
    ["circuit", (data: WireData) => Object.assign(raceIn(data).Circuit, { circuitId: "losail" }), "2025/22 (losail)"],
    [
      "round, without a result",
      (data: WireData) => Object.assign(data.RaceTable, { round: "21", Races: [] }),
      "2025/21 (vegas)",
    ],
  ])("another race, by its %s", (_, change, got) => {
    const reading = readDocument(bent(change), LAS_VEGAS, "race");
    const reason = `The answer is about another race: ${got} instead of 2025/22 (vegas).`;
    expect(reading).toEqual({ kind: "unreadable", reason });
  });
});

test("an empty list is not yet a result, with or without its race", () => {
  const empty = bent((data) =>
    Object.assign(data, { total: "0", RaceTable: { season: "2025", round: "22", Races: [] } }),
  );
  const listed = bent((data, rows) => {
    Object.assign(data, { total: "0" });
    rows.splice(0);
  });
  expect(readDocument(empty, LAS_VEGAS, "race")).toEqual({ kind: "none_yet" });
  expect(readDocument(listed, LAS_VEGAS, "race")).toEqual({ kind: "none_yet" });
});
