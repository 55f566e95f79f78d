import type { ClassifiedCar } from "@pitwall/domain/classifications";
import { describe, expect, test } from "vitest";
import { type Around, aGrid, bodyOf, but, DRIVERS, POINTS, type Row, raceOf, verdictOf } from "./documents.fixture.ts";

/** What the source has shown, by the numbers under which it was gathered, told in documents that are made up. */
const last = (change: Row): Row[] => but({ 20: change });

describe("values of a race", () => {
  test.each<[string, Row[], Partial<ClassifiedCar>]>([
    ["1.1 no grid, early on", last({ grid: null }), { grid: null, finish: "classified" }],
    [
      "1.3 a finish before the winner's",
      last({ status: "Retired", Time: { time: "+-1:52:09.782" } }),
      { finish: "classified" },
    ],
    ["1.3 an empty time", last({ status: "Retired", Time: { millis: "1", time: "" } }), { finish: "classified" }],
    [
      "1.4 a lapped car with a small gap",
      last({ laps: "65", status: "Lapped", Time: { time: "+23.511" } }),
      { finish: "classified", laps: 65 },
    ],
    ["1.5 a winner's time without its seconds", but({ 1: { Time: { millis: "5468000", time: "1:31" } } }), {}],
    ["1.6 no time and no lap", last({ Time: undefined, FastestLap: undefined }), { fastestLap: false }],
    ["1.6 a lap without a rank", last({ FastestLap: { lap: "12" } }), { fastestLap: false }],
    ["1.6 one rank twice around a disqualified car", but({ 3: { FastestLap: { rank: "2" } } }), {}],
    ["1.7 a speed of old", last({ FastestLap: { rank: "20", AverageSpeed: { units: "kph", speed: "206.0" } } }), {}],
    [
      "2.1 disqualified behind a number",
      last({ status: "Disqualified", Time: { time: "+-1:59:59.474" } }),
      { finish: "disqualified" },
    ],
    [
      "2.2 classified though it crashed near the end",
      last({ laps: "60", status: "Retired" }),
      { finish: "classified" },
    ],
    ["2.2 the same of 2024", last({ laps: "60", status: "Finished" }), { finish: "classified" }],
    [
      "2.3 running, and too far behind",
      last({ positionText: "R", laps: "43", status: "Lapped" }),
      { finish: "not_classified" },
    ],
    [
      "2.4 not started, with a position",
      last({ positionText: "W", laps: "0", status: "Did not start" }),
      { finish: "not_started", position: 20 },
    ],
    [
      "2.6 retired before the first lap",
      last({ positionText: "R", laps: "0", status: "Retired" }),
      { finish: "not_classified", laps: 0 },
    ],
    [
      "2.8 disqualified, its laps struck out",
      last({ positionText: "D", laps: "0", status: "Disqualified" }),
      { finish: "disqualified" },
    ],
    [
      "2.8 disqualified, its laps left",
      last({ positionText: "D", laps: "67", status: "Disqualified" }),
      { finish: "disqualified" },
    ],
    ["3.1 from the pit lane", last({ grid: "0" }), { grid: 0 }],
    [
      "3.2 not started, without a grid",
      last({ positionText: "W", status: "Did not start", grid: undefined }),
      { grid: null },
    ],
    [
      "6.3 another number, another team",
      last({ number: "50", Constructor: { constructorId: "haas" } }),
      { number: 50, constructorId: "haas" },
    ],
  ])("%s", (_, rows, car) => {
    const body = bodyOf(rows);
    expect(verdictOf(body)).toBe("believed");
    expect(raceOf(body).at(-1)).toMatchObject(car);
  });

  test("1.8 half points are points", () => {
    const halves = Object.fromEntries(POINTS.map((points, at) => [at + 1, { points: String(Number(points) / 2) }]));
    expect(verdictOf(bodyOf(but(halves)))).toBe("believed");
    expect(raceOf(bodyOf(but(halves)))[0]?.points).toBe(125);
  });

  test("1.10 a point for the fastest lap, in its years and in the top ten", () => {
    const seventh = but({ 1: { FastestLap: { rank: "7" } }, 7: { points: "7", FastestLap: { rank: "1" } } });
    expect(verdictOf(bodyOf(seventh), {}, 2024)).toBe("believed");
    expect(verdictOf(bodyOf(seventh), {}, 2025)).toEqual(["result.points_scale", "result.points_sum"]);
  });
});

const HOLE = "[".repeat(500_000) + "]".repeat(500_000);

describe("rows of a race", () => {
  test.each<[string, string, ReturnType<typeof verdictOf>]>([
    ["2.5 one who withdrew is not listed", bodyOf(aGrid(19)), "believed"],
    ["2.9 in any order", bodyOf(aGrid().reverse()), "believed"],
    [
      "5.10 its own address in small letters",
      bodyOf(aGrid(), { data: { url: "http://api.jolpi.ca/ergast/f1/2025/9/results.json" } }),
      "believed",
    ],
    ["6.7 twenty-one cars", bodyOf(aGrid(21)), "believed"],
    [
      "6.8 a shared car",
      bodyOf(but({ 2: { position: "1", positionText: "1" } })),
      ["result.duplicate_position", "result.gap_in_positions", "result.points_scale"],
    ],
    ["6.8 one driver twice", bodyOf(last({ Driver: { driverId: DRIVERS[0] } })), ["result.duplicate_driver"]],
    [
      "8.1 a round that was not run",
      bodyOf([], { data: { RaceTable: { season: "2025", round: "9", Races: [] } } }),
      "none_yet",
    ],
    ["8.2 a race without its results", bodyOf([]), "none_yet"],
    [
      "8.3 a page of thirty of a longer list",
      bodyOf(aGrid(), { data: { limit: "30", total: "45" } }),
      ["The answer holds 20 of 45 rows."],
    ],
    ["8.4 a race that the page cut", bodyOf(aGrid(19), { data: { total: "20" } }), ["The answer holds 19 of 20 rows."]],
    [
      "8.4 an earlier part of it",
      bodyOf(aGrid().slice(1)),
      ["result.gap_in_positions", "result.no_winner", "result.points_sum"],
    ],
    ["three rows", bodyOf(aGrid(3)), ["result.too_few_cars"]],
    ["ten rows", bodyOf(aGrid(10)), ["result.too_few_cars"]],
    [
      "1.2 no position, while it is corrected",
      bodyOf(last({ position: null, positionText: null })),
      [expect.stringContaining("position")],
    ],
    [
      "5.1 the race that has the round now",
      bodyOf(aGrid(), { race: { Circuit: { circuitId: "sepang" } } }),
      [expect.stringContaining("2025/9 (sepang)")],
    ],
    ["5.9 the race before", bodyOf(aGrid(), { race: { round: "8" } }), [expect.stringContaining("2025/8")]],
    ["a number where text belongs", bodyOf(last({ laps: 66 })), [expect.stringContaining("another shape")]],
    [
      "races that are null",
      bodyOf([], { data: { RaceTable: { season: "2025", round: "9", Races: null } } }),
      [expect.stringContaining("another shape")],
    ],
    [
      "something said twice",
      bodyOf(aGrid()).replace('"laps":"66"', '"laps":"66","laps":"65"'),
      ["The answer says something twice."],
    ],
    ["a colon in a name", bodyOf(last({ Team: 'a": "b' })), "believed"],
    ["a hole without end", bodyOf(aGrid(), { data: { hole: "deep" } }).replace('"deep"', HOLE), "believed"],
    ["a word without end", bodyOf(aGrid(), { data: { word: '\\"'.repeat(500_000) } }), "believed"],
    ["half a body", bodyOf(aGrid()).slice(0, 900), ["The answer is not JSON."]],
  ])("%s", (_, body, verdict) => {
    expect(verdictOf(body)).toEqual(verdict);
  });
});

describe("other sessions", () => {
  const qualifying = { session: "qualifying" } as const;
  const sprint = { session: "sprint" } as const;
  const sprintRows = (rows = aGrid()): Row[] =>
    rows.map((row, at) => ({ ...row, laps: "19", points: String(Math.max(0, 8 - at)) }));

  test.each<[string, Row[], Around, ReturnType<typeof verdictOf>]>([
    [
      "4.1 a place twice and two not at all in a qualifying",
      but({ 15: { position: "14", Q1: "" } }, aGrid(19)),
      qualifying,
      "believed",
    ],
    ["4.2 a qualifying without those who set no time", aGrid(17), qualifying, "believed"],
    ["a qualifying of which most is missing", aGrid(12), qualifying, ["result.too_few_cars"]],
    ["4.6 a weekend without a sprint", [], sprint, "none_yet"],
    ["a sprint with its own points", sprintRows(), sprint, "believed"],
    [
      "2.7 a sprint car that crashed on its way to the grid",
      sprintRows(last({ positionText: "R", status: "Retired", laps: "0" })),
      sprint,
      "believed",
    ],
    [
      "a place twice in a sprint",
      but({ 2: { position: "1", positionText: "1" } }, sprintRows()),
      sprint,
      ["result.duplicate_position", "result.gap_in_positions", "result.points_scale"],
    ],
    ["a sprint with the points of a race", aGrid(), sprint, ["result.points_scale", "result.points_sum"]],
  ])("%s", (_, rows, around, verdict) => {
    expect(verdictOf(bodyOf(rows, around), around)).toEqual(verdict);
  });
});
