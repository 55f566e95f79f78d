import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatTenths, fromTenths, toTenths } from "./tenths.ts";

describe("tenths", () => {
  test.each([
    [37.5, 375],
    [0.1, 1],
    [0.3, 3],
    [100, 1000],
    [12.5, 125],
    [-0.5, -5],
  ])("%d is %d tenths", (decimal, tenths) => {
    expect(toTenths(decimal)).toBe(tenths);
  });

  test.each([0.15, 37.55, 0.1 + 0.2, Number.NaN, Number.POSITIVE_INFINITY, 1e300])(
    "refuses %d, which has more than one decimal",
    (decimal) => {
      expect(() => toTenths(decimal)).toThrow(RangeError);
    },
  );

  test("knows no negative zero", () => {
    expect(Object.is(toTenths(-0), 0)).toBe(true);
  });

  test.each([
    [375, "37.5"],
    [1000, "100.0"],
    [0, "0.0"],
    [-5, "-0.5"],
  ])("%d tenths read %s", (tenths, text) => {
    expect(formatTenths(tenths)).toBe(text);
  });

  test("come back from decimals and from text unharmed", () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e9, max: 1e9 }), (tenths) => {
        expect(toTenths(fromTenths(tenths))).toBe(tenths);
        expect(toTenths(Number(formatTenths(tenths)))).toBe(tenths);
      }),
    );
  });
});
