import { expect, test } from "vitest";
import { aCar, aRace } from "./classifications.fixture.ts";
import { unlistedCars } from "./entry-lists.ts";

const entries = aRace(20);

test.each([
  ["everybody is listed", aRace(20), 0, []],
  ["one is left out", aRace(19), 1, ["c10"]],
  ["both of a constructor are", aRace(18), 2, ["c10"]],
  [
    "one of two constructors is",
    aRace(20).filter(({ position }) => position !== 3 && position !== 20),
    2,
    ["c10", "c2"],
  ],
  ["a reserve drove", [...aRace(19), aCar(20, { driverId: "reserve" })], 0, []],
  ["a constructor entered late", [...aRace(20), aCar(21), aCar(22)], 0, []],
])("when %s", (_, race, count, constructorIds) => {
  expect(unlistedCars({ race }, entries)).toEqual({ constructorIds, count });
});

test("a reserve on the entry list is expected in nobody's car but one", () => {
  const withReserve = [...entries, aCar(1, { driverId: "reserve" })];
  expect(unlistedCars({ race: aRace(20) }, withReserve).count).toBe(0);
  expect(unlistedCars({ race: aRace(20).slice(1) }, withReserve)).toEqual({ constructorIds: ["c1"], count: 1 });
});

test("without an entry list nobody is missed", () => {
  expect(unlistedCars({ race: aRace(18) }, []).count).toBe(0);
});
