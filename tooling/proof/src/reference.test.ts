import { seasonFacts } from "@pitwall/db/facts";
import type { Classification, ClassifiedCar, FinishClass } from "@pitwall/domain/classifications";
import { extended, type Ruleset, rulesets, standard } from "@pitwall/domain/rulesets";
import { lineupLedger, scoreDrivers } from "@pitwall/domain/scoring";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Row, referenceLineup, referencePoints } from "./reference.ts";

function rowsOf(c: Classification): Row[] {
  return (["race", "sprint", "qualifying"] as const).flatMap((session) =>
    (c[session] ?? []).map(({ driverId: driver, ...car }) => ({ ...car, session, driver })),
  );
}

function byRules(c: Classification, rules: Ruleset): Map<string, number> {
  return new Map(scoreDrivers(c, rules).map(({ driverId, points }) => [driverId, points]));
}

const anyCars: fc.Arbitrary<ClassifiedCar[]> = fc
  .array(
    fc.record({
      finish: fc.constantFrom<FinishClass>("classified", "classified", "not_classified", "not_started", "disqualified"),
      grid: fc.option(fc.integer({ min: 0, max: 22 })),
      fastestLap: fc.boolean(),
    }),
    { minLength: 12, maxLength: 22 },
  )
  .chain((cars) =>
    fc.shuffledSubarray([...cars.keys()], { minLength: cars.length }).map((order) =>
      cars.map((car, at) => ({
        ...car,
        ...{ driverId: `d${at}`, constructorId: "c", number: at, laps: 50, points: 0, position: (order[at] ?? 0) + 1 },
      })),
    ),
  );

const anyWeekend: fc.Arbitrary<Classification> = fc.record(
  { race: anyCars, sprint: anyCars, qualifying: anyCars },
  { requiredKeys: ["race"] },
);

const agree = (rules: Ruleset) =>
  fc.property(anyWeekend, (c) => {
    expect(referencePoints(rowsOf(c), rules.id)).toEqual(byRules(c, rules));
  });

describe.each(rulesets)("under $id", (rules) => {
  test("the rules and the reference agree on every state of every race of 2025", () => {
    const weekends = seasonFacts(2025).races.flatMap(({ revisions }) => revisions);
    expect(weekends.length).toBeGreaterThan(24);
    for (const { classification } of weekends)
      expect(referencePoints(rowsOf(classification), rules.id)).toEqual(byRules(classification, rules));
  });

  test("and on any weekend that could be", () => {
    fc.assert(agree(rules), { numRuns: 300 });
  });

  test("and on what a line-up earns", () => {
    fc.assert(
      fc.property(anyWeekend, (c) => {
        const driverIds = ["d0", "d3", "d7", "d11", "d99"];
        const scores = new Map(scoreDrivers(c, rules).map((score) => [score.driverId, score]));
        const { points } = lineupLedger({ driverIds, captainId: "d7" }, scores, rules);
        expect(referenceLineup(referencePoints(rowsOf(c), rules.id), driverIds, "d7")).toBe(points);
      }),
    );
  });
});

/** The same rules, with one figure off, for every figure that pays or takes. */
function offByOne(figures: unknown): unknown[] {
  if (typeof figures === "number") return [figures + 10];
  if (Array.isArray(figures))
    return figures.flatMap((figure, at) => offByOne(figure).map((off) => figures.with(at, off)));
  if (typeof figures !== "object" || figures === null) return [];
  return Object.entries(figures).flatMap(([name, figure]) =>
    offByOne(figure).map((off) => ({ ...figures, [name]: off })),
  );
}

test("a figure that is off is noticed, whichever it is", () => {
  const { racePoints, fastestLap, ...rest } = extended;
  const { racePlaces, racePenalties, sprint, qualifying } = rest;
  const scored = { racePoints, fastestLap, racePlaces, racePenalties, sprint, qualifying };
  const wrong = offByOne(scored).map((figures) => Object.assign({}, extended, figures));
  expect(wrong).toHaveLength(10 + 1 + 2 + 2 + (8 + 1 + 2 + 2) + (10 + 2));
  for (const rules of wrong) expect(fc.check(agree(rules), { numRuns: 1000 }).failed, JSON.stringify(rules)).toBe(true);
  const late = { ...standard, fastestLap: { points: 10, withinTop: 11 } };
  expect(fc.check(agree(late), { numRuns: 1000 }).failed).toBe(true);
});

test("rules that the reference was never told of are not guessed", () => {
  expect(() => referencePoints([], "standard-2")).toThrow(RangeError);
});
