import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bestLineup, type Candidate } from "./best-lineups.ts";
import { lineupFaults } from "./lineups.ts";
import { extended, standard } from "./rulesets.ts";
import { type DriverScore, lineupLedger } from "./scoring.ts";

/** Two to a constructor, in the order of their ids. */
function aField(points: readonly number[], price = 200): Candidate[] {
  return points.map((earned, at) => ({
    driverId: `d${String(at + 1).padStart(2, "0")}`,
    constructorId: `c${Math.floor(at / 2)}`,
    price,
    points: earned,
  }));
}

describe("the best line-up in hindsight", () => {
  test("is of those who earned the most, led by the best of them", () => {
    const best = bestLineup(aField([10, 250, 20, 180, 30, 150, 40, 120, 50, 100]), standard);
    expect(best).toEqual({
      driverIds: ["d02", "d04", "d06", "d08", "d10"],
      captainId: "d02",
      points: 375 + 180 + 150 + 120 + 100,
      cost: 1000,
    });
  });

  test("keeps to the budget, exactly where need be", () => {
    const field = aField([250, 0, 180, 0, 150, 0, 120, 0, 100, 0]).map((one) => ({ ...one, price: one.points + 60 }));
    const best = bestLineup(field, standard);
    expect(best?.cost).toBeLessThanOrEqual(1000);
    expect(best?.driverIds).not.toEqual(["d01", "d03", "d05", "d07", "d09"]);
    expect(bestLineup(aField(Array(10).fill(10), 201), standard)).toBeNull();
  });

  test("has at most two of a constructor", () => {
    const field = aField([250, 180, 150, 120, 100, 80]).map((one, at) => ({
      ...one,
      constructorId: at < 3 ? "one" : `c${at}`,
    }));
    expect(bestLineup(field, standard)?.driverIds).toEqual(["d01", "d02", "d04", "d05", "d06"]);
  });

  test("is the cheaper of two equals, then the one whose ids come first", () => {
    const equal = aField(Array(6).fill(100), 100);
    expect(bestLineup(equal, standard)).toMatchObject({
      driverIds: ["d01", "d02", "d03", "d04", "d05"],
      captainId: "d01",
    });
    const dear = equal.map((one, at) => (at === 0 ? { ...one, price: 101 } : one));
    expect(bestLineup(dear, standard)).toMatchObject({
      driverIds: ["d02", "d03", "d04", "d05", "d06"],
      captainId: "d02",
    });
  });

  test("takes whoever stayed at home over whoever lost points, and a captain with the least to lose", () => {
    const best = bestLineup(aField([-200, -50, -10, -100, -200, -200, 0]), extended);
    expect(best).toMatchObject({ driverIds: ["d01", "d02", "d03", "d04", "d07"], captainId: "d07", points: -360 });
    expect(bestLineup(aField([-50, -10, -20, -100, -200]), extended)).toMatchObject({ captainId: "d02", points: -385 });
  });

  test("is none of a field too small", () => {
    expect(bestLineup(aField([10, 10, 10, 10]), standard)).toBeNull();
  });

  test("is no worse than any line-up within the rules, is one itself, and does not depend on the order of the field", () => {
    const anyField = fc
      .array(fc.record({ points: fc.integer({ min: -20, max: 40 }), price: fc.integer({ min: 50, max: 300 }) }), {
        minLength: 7,
        maxLength: 9,
      })
      .map((field) =>
        aField(field.map(({ points }) => points * 10)).map((one, at) => ({ ...one, price: field[at]?.price ?? 0 })),
      );
    fc.assert(
      fc.property(anyField, fc.infiniteStream(fc.nat()), (field, order) => {
        const best = bestLineup(field, extended);
        const market = new Map(field.map((one) => [one.driverId, one]));
        const scores = new Map(field.map((one) => [one.driverId, scoreOf(one)]));
        const others = fives(field.map((one) => one.driverId)).flatMap((driverIds) =>
          driverIds.map((captainId) => ({ driverIds, captainId })),
        );
        const allowed = others.filter(
          ({ driverIds, captainId }) => lineupFaults(driverIds, captainId, market, extended).length === 0,
        );
        const most = Math.max(...allowed.map((lineup) => lineupLedger(lineup, scores, extended).points));
        expect(best?.points ?? Number.NEGATIVE_INFINITY).toBe(most);
        if (best) expect(lineupFaults(best.driverIds, best.captainId, market, extended)).toEqual([]);
        const shuffled = field.map((one) => ({ one, at: order.next().value })).sort((a, b) => a.at - b.at);
        expect(
          bestLineup(
            shuffled.map(({ one }) => one),
            extended,
          ),
        ).toEqual(best);
      }),
      { numRuns: 30 },
    );
  });
});

function scoreOf({ driverId, points }: Candidate): DriverScore {
  return { driverId, points, lines: [{ session: "race", rule: "race_position", detail: "P1", points }] };
}

function fives(ids: readonly string[], size = 5): string[][] {
  if (size === 0) return [[]];
  return ids.flatMap((id, at) => fives(ids.slice(at + 1), size - 1).map((rest) => [id, ...rest]));
}
