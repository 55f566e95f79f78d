import { expect, test } from "vitest";
import { ruleset, standard } from "./rulesets.ts";

test("the standard rules are found by their id, and no others are made up", () => {
  expect(ruleset("standard-1")).toBe(standard);
  expect(ruleset("standard-2")).toBeUndefined();
});

test("the standard rules pay what the sport pays", () => {
  expect(standard.racePoints).toEqual([250, 180, 150, 120, 100, 80, 60, 40, 20, 10]);
  expect(standard.fastestLap).toEqual({ points: 10, withinTop: 10 });
  expect(standard.lineup).toEqual({ size: 5, budget: 1000, perConstructor: 2 });
});

test("a captain's points stay exact in tenths", () => {
  for (const points of [...standard.racePoints, standard.fastestLap.points]) {
    expect((points * standard.captainMultiplier) % 10).toBe(0);
  }
});
