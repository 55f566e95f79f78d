import { expect, test } from "vitest";
import { prices } from "./prices.ts";

test("the field is priced in even steps, from the best of last season to the last", () => {
  const field = [
    { driverId: "last", ownPoints: 0, seatPoints: 2 },
    { driverId: "first", ownPoints: 437, seatPoints: 294.5 },
    { driverId: "middle", ownPoints: 70, seatPoints: 47 },
  ];
  expect([...prices(field)]).toEqual([
    ["first", 30.5],
    ["middle", 17.8],
    ["last", 5],
  ]);
});

test("a newcomer is priced by the car, below a driver who has done what it can", () => {
  const field = [
    { driverId: "newcomer", ownPoints: null, seatPoints: 234 },
    { driverId: "proven", ownPoints: 234, seatPoints: 234 },
    { driverId: "beaten", ownPoints: 20, seatPoints: 234 },
  ];
  expect([...prices(field).keys()]).toEqual(["proven", "newcomer", "beaten"]);
});

test("equals are priced by their ids, whatever order they come in", () => {
  const a = { driverId: "a", ownPoints: null, seatPoints: 0 };
  const b = { driverId: "b", ownPoints: null, seatPoints: 0 };
  expect(prices([b, a])).toEqual(prices([a, b]));
});
