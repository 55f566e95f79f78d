import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { aCar, anyWeekend, anyWeekendShuffled, aRace, aSprint, changed } from "./classifications.fixture.ts";
import type { Classification, ClassifiedCar } from "./classifications.ts";
import { extended, rulesets } from "./rulesets.ts";
import { lineupLedger, type ScoringRule, scoreDrivers } from "./scoring.ts";

const scoresOf = (c: Classification, rules = extended) =>
  new Map(scoreDrivers(c, rules).map((score) => [score.driverId, score]));
const lineOf = (c: Classification, driverId: string, rule: ScoringRule) =>
  scoresOf(c)
    .get(driverId)
    ?.lines.find((line) => line.rule === rule);

/** One driver's race, beside nineteen others. */
const raceOf = (position: number, changes: Partial<ClassifiedCar>): Classification => ({
  race: changed(aRace(), position, changes),
});

describe("under the extended rules", () => {
  test("a race from pole, won with the fastest lap, is 25 + 10, and 10 for the pole", () => {
    const c = { ...raceOf(1, { fastestLap: true }), qualifying: aRace() };
    expect(scoresOf(c).get("d1")).toEqual({
      driverId: "d1",
      points: 450,
      lines: [
        { session: "race", rule: "race_position", detail: "P1", points: 250 },
        { session: "race", rule: "fastest_lap", detail: "P1", points: 100 },
        { session: "qualifying", rule: "qualifying_position", detail: "P1", points: 100 },
      ],
    });
    expect(lineupLedger({ driverIds: ["d1"], captainId: "d1" }, scoresOf(c), extended).points).toBe(675);
  });

  test.each([
    [1, 100],
    [10, 10],
    [11, 0],
    [20, 0],
  ])("P%d of qualifying earns %d tenths", (position, points) => {
    const c = { race: aRace(), qualifying: aRace() };
    expect(lineOf(c, `d${position}`, "qualifying_position")).toMatchObject({ detail: `P${position}`, points });
  });

  test.each([
    [1, 80],
    [8, 10],
    [9, 0],
  ])("P%d of a sprint earns %d tenths", (position, points) => {
    expect(lineOf({ race: aRace(), sprint: aSprint() }, `d${position}`, "sprint_position")).toMatchObject({ points });
  });

  test("the fastest lap pays in whatever place, five in a sprint, and only to whoever is classified", () => {
    expect(lineOf(raceOf(19, { fastestLap: true }), "d19", "fastest_lap")).toMatchObject({ points: 100 });
    expect(lineOf(raceOf(19, { fastestLap: true, finish: "not_classified" }), "d19", "fastest_lap")).toBeUndefined();
    const sprint = changed(aSprint(), 12, { fastestLap: true });
    expect(lineOf({ race: aRace(), sprint }, "d12", "fastest_lap")).toMatchObject({ session: "sprint", points: 50 });
  });

  test.each<[number, number | null, ScoringRule, string, number]>([
    [2, 5, "places_gained", "P5 to P2", 30],
    [12, 3, "places_lost", "P3 to P12", -90],
    [3, 0, "places_gained", "P21 to P3", 180],
    [19, 0, "places_gained", "P21 to P19", 20],
  ])("P%d from grid %s is %s: %s, %d tenths", (position, grid, rule, detail, points) => {
    expect(lineOf(raceOf(position, { grid }), `d${position}`, rule)).toEqual({ session: "race", rule, detail, points });
  });

  test("no place is gained or lost from an unknown grid, or by who ends where he began", () => {
    expect(scoresOf(raceOf(2, { grid: null })).get("d2")?.lines).toHaveLength(1);
    expect(scoresOf(raceOf(2, { grid: 2 })).get("d2")?.lines).toHaveLength(1);
  });

  test.each(["not_classified", "disqualified"] as const)(
    "%s costs 20, 10 in a sprint, 5 in qualifying, and nothing beside",
    (finish) => {
      const out = { finish, grid: 1, fastestLap: true };
      const c = {
        race: changed(aRace(), 20, out),
        sprint: changed(aSprint(), 20, out),
        qualifying: changed(aRace(), 20, { finish }),
      };
      expect(scoresOf(c).get("d20")).toEqual({
        driverId: "d20",
        points: -350,
        lines: [
          { session: "race", rule: finish, detail: finish, points: -200 },
          { session: "sprint", rule: finish, detail: finish, points: -100 },
          { session: "qualifying", rule: finish, detail: finish, points: -50 },
        ],
      });
      expect(lineupLedger({ driverIds: ["d20"], captainId: "d20" }, scoresOf(c), extended).points).toBe(-525);
    },
  );

  test("a disqualification costs its own figure where the rules tell it from a retirement", () => {
    const rules = { ...extended, racePenalties: { notClassified: -200, disqualified: -300 } };
    const pointsOf = (finish: ClassifiedCar["finish"]) => scoresOf(raceOf(20, { finish }), rules).get("d20")?.points;
    expect([pointsOf("not_classified"), pointsOf("disqualified")]).toEqual([-200, -300]);
  });

  test("a driver who does not start scores 0, whatever the sprint and the qualifying were, captain too", () => {
    const c = { race: changed(aRace(), 1, { finish: "not_started" }), sprint: aSprint(), qualifying: aRace() };
    expect(scoresOf(c).get("d1")).toEqual({
      driverId: "d1",
      points: 0,
      lines: [{ session: "race", rule: "race_position", detail: "not_started", points: 0 }],
    });
    const absent = { ...c, race: c.race.slice(1) };
    const ledger = lineupLedger({ driverIds: ["d1"], captainId: "d1" }, scoresOf(absent), extended);
    expect(ledger).toMatchObject({ points: 0, lines: [{ rule: "not_listed" }] });
  });

  test("a sprint that was not started earns nothing and costs nothing, nor does a session that lists nobody by the name", () => {
    const sprint = changed(aSprint(), 20, { finish: "not_started" });
    expect(lineOf({ race: aRace(), sprint }, "d20", "sprint_position")).toMatchObject({
      detail: "not_started",
      points: 0,
    });
    const c = { race: aRace(), sprint: aSprint(19), qualifying: aRace(19) };
    expect(scoresOf(c).get("d20")?.lines).toHaveLength(1);
  });

  test("a car that is only in the sprint or in qualifying has no score", () => {
    const c = { race: aRace(), sprint: aSprint(21), qualifying: [aCar(22)] };
    expect([...scoresOf(c).keys()]).toHaveLength(20);
  });
});

const anyLineup = fc.shuffledSubarray(
  Array.from({ length: 24 }, (_, index) => `d${index + 1}`),
  { minLength: 5, maxLength: 5 },
);

describe.each(rulesets.map((rules) => [rules.id, rules] as const))("always, under the rules %s", (_, rules) => {
  const pointsOf = (c: Classification, driverIds: readonly string[]) =>
    lineupLedger({ driverIds, captainId: driverIds[0] ?? "" }, scoresOf(c, rules), rules).points;

  test("a ledger adds up to its score, and each line is its points times its multiplier", () => {
    fc.assert(
      fc.property(anyWeekend, anyLineup, (c, driverIds) => {
        const { points, lines } = lineupLedger({ driverIds, captainId: driverIds[0] ?? "" }, scoresOf(c, rules), rules);
        expect(lines.reduce((sum, line) => sum + line.total, 0)).toBe(points);
        expect(lines.every((line) => line.total * 10 === line.points * line.multiplier)).toBe(true);
      }),
    );
  });

  test("a season's points are those of its races, driver by driver, and half of the captain's again", () => {
    fc.assert(
      fc.property(fc.array(anyWeekend, { minLength: 1, maxLength: 4 }), anyLineup, (season, driverIds) => {
        const byRace = sum(season.map((c) => pointsOf(c, driverIds)));
        const ofDriver = (id: string) => sum(season.map((c) => scoresOf(c, rules).get(id)?.points ?? 0));
        expect(byRace).toBe(sum(driverIds.map(ofDriver)) + ofDriver(driverIds[0] ?? "") / 2);
      }),
      { numRuns: 30 },
    );
  });

  test("the order of the rows changes nothing, and scoring again gives the same to the letter", () => {
    fc.assert(
      fc.property(anyWeekendShuffled, ([c, shuffled]) => {
        const once = JSON.stringify(scoreDrivers(c, rules));
        expect(JSON.stringify(scoreDrivers(shuffled, rules))).toBe(once);
        expect(JSON.stringify(scoreDrivers(c, rules))).toBe(once);
      }),
    );
  });
});

function sum(points: readonly number[]): number {
  return points.reduce((total, some) => total + some, 0);
}
