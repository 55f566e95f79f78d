import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { lineupCost, lineupFaults, type Pick } from "./lineups.ts";
import { standard } from "./rulesets.ts";

const FIVE = ["d1", "d2", "d3", "d4", "d5"];

/** Twenty drivers, two to a constructor, at this price each unless another is named. */
function aMarket(price = 150, prices: Readonly<Record<string, number>> = {}): Map<string, Pick> {
  return new Map(
    Array.from({ length: 20 }, (_, index) => {
      const driverId = `d${index + 1}`;
      return [
        driverId,
        { driverId, constructorId: `c${Math.ceil((index + 1) / 2)}`, price: prices[driverId] ?? price },
      ];
    }),
  );
}

const faults = (driverIds: readonly string[], captainId = "d1", market = aMarket()) =>
  lineupFaults(driverIds, captainId, market, standard);
/** Says which field is wrong, and what to do about it in whole sentences. */
const told = (field: string) => ({ field, message: expect.stringMatching(/^[A-Za-z0-9].+\.$/) });
const reasons = (...args: Parameters<typeof faults>) => faults(...args).map((fault) => fault.reason);

describe("a line-up", () => {
  test("of five entered drivers within the budget stands", () => {
    expect(faults(FIVE)).toEqual([]);
  });

  test("that costs exactly the budget stands", () => {
    expect(faults(FIVE, "d1", aMarket(200))).toEqual([]);
  });

  test("that costs a tenth more does not, and says by how much", () => {
    expect(faults(FIVE, "d1", aMarket(200, { d5: 201 }))).toEqual([
      {
        field: "driverIds",
        reason: "lineup.over_budget",
        message: "This line-up costs 100.1 M, which is 0.1 M over the budget of 100.0 M. Choose cheaper drivers.",
        cost: 100.1,
        budget: 100,
        over: 0.1,
      },
    ]);
  });

  test("may hold two drivers of one constructor, and no third", () => {
    const market = aMarket().set("d3", { driverId: "d3", constructorId: "c1", price: 10 });
    expect(faults(["d1", "d2", "d5", "d7", "d9"], "d1", market)).toEqual([]);
    expect(faults(["d1", "d2", "d3", "d7", "d9"], "d1", market)).toMatchObject([
      {
        ...{ reason: "lineup.too_many_of_constructor", constructorId: "c1", count: 3, limit: 2 },
        ...{ field: "driverIds", message: expect.stringMatching(/Replace 1\.$/) },
      },
    ]);
  });

  test.each<[string, string[], string, string[]]>([
    ["four drivers", FIVE.slice(1), "d2", ["lineup.wrong_size"]],
    ["six drivers", [...FIVE, "d6"], "d1", ["lineup.wrong_size"]],
    ["the same driver twice", ["d1", "d1", "d3", "d5", "d7"], "d1", ["lineup.duplicate_driver"]],
    ["somebody who is not entered", ["d1", "d2", "d3", "d5", "stig"], "d1", ["lineup.unknown_driver"]],
    ["a captain from elsewhere", FIVE, "d9", ["lineup.captain_not_in_lineup"]],
    ["nobody", [], "d1", ["lineup.wrong_size", "lineup.captain_not_in_lineup"]],
  ])("of %s is refused", (_, driverIds, captainId, expected) => {
    expect(reasons(driverIds, captainId)).toEqual(expected);
    for (const fault of faults(driverIds, captainId))
      expect(fault).toMatchObject(told(fault.reason === "lineup.captain_not_in_lineup" ? "captainId" : "driverIds"));
  });

  test("learns of everything that is wrong with it at once", () => {
    const market = aMarket(400).set("d3", { driverId: "d3", constructorId: "c1", price: 400 });
    expect(reasons(["d1", "d2", "d3", "d3", "stig", "d9"], "d8", market)).toEqual([
      "lineup.wrong_size",
      "lineup.duplicate_driver",
      "lineup.unknown_driver",
      "lineup.over_budget",
      "lineup.too_many_of_constructor",
      "lineup.captain_not_in_lineup",
    ]);
  });

  test("stands or falls whatever the order of its drivers", () => {
    const anyLineup = fc.shuffledSubarray([...aMarket().keys()], { minLength: 5, maxLength: 5 });
    const anyPrices = fc.dictionary(fc.constantFrom(...aMarket().keys()), fc.integer({ min: 50, max: 300 }));
    fc.assert(
      fc.property(anyLineup, anyPrices, (driverIds, prices) => {
        const market = aMarket(180, prices);
        const captainId = driverIds[0] ?? "";
        const cost = lineupCost(driverIds.flatMap((driverId) => market.get(driverId) ?? []));
        expect(reasons(driverIds, captainId, market)).toEqual(reasons([...driverIds].reverse(), captainId, market));
        expect(reasons(driverIds, captainId, market).includes("lineup.over_budget")).toBe(cost > 1000);
      }),
    );
  });
});
