import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { aCar, anyRace, anyRaceShuffled, aRace, changed } from "./classifications.fixture.ts";
import { type ClassifiedCar, scoredFacts } from "./classifications.ts";
import { standard } from "./rulesets.ts";
import { lineupLedger, scoreDrivers } from "./scoring.ts";

const scoresOf = (race: readonly ClassifiedCar[]) =>
  new Map(scoreDrivers({ race }, standard).map((score) => [score.driverId, score]));
const ledger = (race: readonly ClassifiedCar[], driverIds: readonly string[], captainId = driverIds[0] ?? "") =>
  lineupLedger({ driverIds, captainId }, scoresOf(race), standard);

describe("a driver", () => {
  test.each([
    [1, 250],
    [2, 180],
    [3, 150],
    [4, 120],
    [5, 100],
    [6, 80],
    [7, 60],
    [8, 40],
    [9, 20],
    [10, 10],
    [11, 0],
    [20, 0],
  ])("classified P%d earns %d tenths", (position, points) => {
    expect(scoresOf(aRace()).get(`d${position}`)).toEqual({
      driverId: `d${position}`,
      points,
      lines: [{ session: "race", rule: "race_position", detail: `P${position}`, points }],
    });
  });

  test.each(["not_classified", "not_started", "disqualified"] as const)(
    "%s earns nothing, though listed first with the fastest lap",
    (finish) => {
      expect(scoresOf([aCar(1, { finish, fastestLap: true })]).get("d1")).toEqual({
        driverId: "d1",
        points: 0,
        lines: [{ session: "race", rule: "race_position", detail: finish, points: 0 }],
      });
    },
  );

  test("earns a point for the fastest lap down to the tenth place", () => {
    expect(scoresOf(changed(aRace(), 10, { fastestLap: true })).get("d10")).toMatchObject({
      points: 20,
      lines: [{ rule: "race_position" }, { rule: "fastest_lap", detail: "P10", points: 10 }],
    });
    expect(scoresOf(changed(aRace(), 11, { fastestLap: true })).get("d11")?.points).toBe(0);
  });

  test("is paid by the game's own rules, whatever points the source published", () => {
    expect(scoresOf(changed(aRace(), 2, { points: 0 })).get("d2")?.points).toBe(180);
  });

  test("is listed with a score even when there is nothing to pay", () => {
    expect(scoreDrivers({ race: aRace() }, standard)).toHaveLength(20);
  });
});

describe("a line-up", () => {
  test.each<[string, ClassifiedCar[], string, number]>([
    ["P1 is 37.5", aRace(), "d1", 375],
    ["P1 with the fastest lap is 39.0", changed(aRace(), 1, { fastestLap: true }), "d1", 390],
    ["P10 with the fastest lap is 3.0", changed(aRace(), 10, { fastestLap: true }), "d10", 30],
    ["P11 with the fastest lap is 0", changed(aRace(), 11, { fastestLap: true }), "d11", 0],
    ["who did not start is 0", changed(aRace(), 20, { finish: "not_started" }), "d20", 0],
  ])("captain %s", (_, race, captainId, points) => {
    expect(ledger(race, [captainId]).points).toBe(points);
  });

  test("of P1 as captain, P2, P5, P10 and a retired car is 66.5, line by line", () => {
    const race = changed(aRace(), 20, { finish: "not_classified" });
    expect(ledger(race, ["d1", "d2", "d5", "d10", "d20"])).toEqual({
      points: 665,
      lines: [
        {
          driverId: "d1",
          session: "race",
          rule: "race_position",
          detail: "P1",
          points: 250,
          multiplier: 15,
          total: 375,
        },
        {
          driverId: "d2",
          session: "race",
          rule: "race_position",
          detail: "P2",
          points: 180,
          multiplier: 10,
          total: 180,
        },
        {
          driverId: "d5",
          session: "race",
          rule: "race_position",
          detail: "P5",
          points: 100,
          multiplier: 10,
          total: 100,
        },
        {
          driverId: "d10",
          session: "race",
          rule: "race_position",
          detail: "P10",
          points: 10,
          multiplier: 10,
          total: 10,
        },
        {
          driverId: "d20",
          session: "race",
          rule: "race_position",
          detail: "not_classified",
          points: 0,
          multiplier: 10,
          total: 0,
        },
      ],
    });
  });

  test("explains a driver who is missing from the result", () => {
    expect(ledger(aRace(19), ["d20"]).lines).toEqual([
      {
        driverId: "d20",
        session: "race",
        rule: "not_listed",
        detail: "not_listed",
        points: 0,
        multiplier: 15,
        total: 0,
      },
    ]);
  });

  test("earns the most with the first five, led by a winner with the fastest lap", () => {
    const best = ledger(changed(aRace(), 1, { fastestLap: true }), ["d1", "d2", "d3", "d4", "d5"]);
    expect(best.points).toBe(390 + 180 + 150 + 120 + 100);
    fc.assert(
      fc.property(anyRace, anyLineup, (race, driverIds) => {
        const { points } = ledger(race, driverIds);
        expect(points).toBeGreaterThanOrEqual(0);
        expect(points).toBeLessThanOrEqual(best.points);
      }),
    );
  });

  test("refuses rules whose captain would earn less than a tenth", () => {
    const rules = { ...standard, racePoints: [5], captainMultiplier: 15 };
    const scores = new Map(scoreDrivers({ race: aRace() }, rules).map((score) => [score.driverId, score]));
    expect(() => lineupLedger({ driverIds: ["d1"], captainId: "d1" }, scores, rules)).toThrow(RangeError);
  });
});

const anyLineup = fc.shuffledSubarray(
  Array.from({ length: 24 }, (_, index) => `d${index + 1}`),
  { minLength: 5, maxLength: 5 },
);

describe("always", () => {
  test("a ledger adds up to its score, and each line is its points times its multiplier", () => {
    fc.assert(
      fc.property(anyRace, anyLineup, (race, driverIds) => {
        const { points, lines } = ledger(race, driverIds);
        expect(lines.reduce((sum, line) => sum + line.total, 0)).toBe(points);
        expect(lines.every((line) => line.total * 10 === line.points * line.multiplier)).toBe(true);
        expect(new Set(lines.map((line) => line.driverId))).toEqual(new Set(driverIds));
      }),
    );
  });

  test("the order of the rows changes nothing", () => {
    fc.assert(
      fc.property(anyRaceShuffled, ([race, shuffled]) => {
        expect(scoreDrivers({ race: shuffled }, standard)).toEqual(scoreDrivers({ race }, standard));
      }),
    );
  });

  test("naming a captain adds half of that driver's points", () => {
    fc.assert(
      fc.property(anyRace, anyLineup, (race, driverIds) => {
        const [captainId = ""] = driverIds;
        const gain = ledger(race, driverIds, captainId).points - ledger(race, driverIds, "nobody").points;
        expect(gain * 2).toBe(scoresOf(race).get(captainId)?.points ?? 0);
      }),
    );
  });

  test("the same scored facts give the same scores", () => {
    fc.assert(
      fc.property(anyRace, fc.integer({ min: 0, max: 24 }), (race, fastest) => {
        const other = race.map((car) => ({
          ...car,
          laps: 1,
          points: 0,
          grid: null,
          fastestLap: car.position === fastest,
        }));
        const facts = [race, other].map((cars) => scoredFacts({ race: cars }, standard));
        const scores = [race, other].map((cars) => JSON.stringify(scoreDrivers({ race: cars }, standard)));
        expect(scores[0] === scores[1]).toBe(facts[0] === facts[1]);
      }),
    );
  });
});
