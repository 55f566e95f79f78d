import { describe, expect, test } from "vitest";
import { classificationFaults, officialPoints } from "./classification-faults.ts";
import { aCar, aRace, aSprint, changed } from "./classifications.fixture.ts";
import type { Classification } from "./classifications.ts";

const knownDriverIds = new Set(aRace(24).map((car) => car.driverId));
const reasons = (c: Classification, season?: number) =>
  classificationFaults(c, { knownDriverIds, ...(season === undefined ? {} : { season }) }).map(({ reason }) => reason);

describe("the official point for the fastest lap", () => {
  const third = changed(aRace(), 3, { fastestLap: true, points: 160 });

  test.each([2019, 2024])("was paid in %d", (season) => {
    expect(reasons({ race: third }, season)).toEqual([]);
  });

  test("is none of a sprint's", () => {
    const sprint = changed(aSprint(), 3, { fastestLap: true, points: 70 });
    expect(reasons({ race: aRace(), sprint }, 2022)).toEqual(["result.points_scale", "result.points_sum"]);
  });

  test.each([2018, 2025, undefined])("is not due in %s", (season) => {
    expect(reasons({ race: third }, season)).toEqual(["result.points_scale", "result.points_sum"]);
  });

  test("was paid though the document does not say to whom", () => {
    expect(reasons({ race: changed(third, 3, { fastestLap: false }) }, 2022)).toEqual([]);
  });

  test("went to one car only, which was classified in the top ten", () => {
    const tenth = changed(aRace(), 10, { fastestLap: true, points: 20 });
    expect(reasons({ race: tenth }, 2022)).toEqual([]);
    expect(reasons({ race: changed(tenth, 4, { points: 130 }) }, 2022)).toEqual([
      "result.points_scale",
      "result.points_sum",
    ]);
    const fifth = changed(aRace(), 5, { points: 110 });
    expect(reasons({ race: changed(fifth, 14, { fastestLap: true }) }, 2022)).toEqual([
      "result.points_scale",
      "result.points_sum",
    ]);
    const out = [...aRace(19), aCar(20, { position: 20, finish: "disqualified", fastestLap: true, points: 10 })];
    expect(reasons({ race: out }, 2022)).toContain("result.disqualified_scores");
  });

  test("went to nobody when its driver finished out of the top ten", () => {
    expect(reasons({ race: changed(aRace(), 14, { fastestLap: true }) }, 2024)).toEqual([]);
    expect(reasons({ race: changed(aRace(), 14, { fastestLap: true, points: 10 }) }, 2024)).toContain(
      "result.points_scale",
    );
  });
});

test.each([
  ["race", 1, 250],
  ["race", 10, 10],
  ["race", 11, 0],
  ["sprint", 8, 10],
  ["sprint", 9, 0],
  ["qualifying", 1, 0],
] as const)("the official points of a %s pay P%d %d tenths, if it is classified", (session, position, points) => {
  expect(officialPoints(session, { finish: "classified", position })).toBe(points);
  expect(officialPoints(session, { finish: "not_classified", position })).toBe(0);
});
