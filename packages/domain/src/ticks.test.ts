import { describe, expect, test } from "vitest";
import { nextTick } from "./ticks.ts";

describe("the next tick", () => {
  test.each([
    ["0 * * * *", "2026-11-24T13:00:00.000Z", "2026-11-24T14:00:00.000Z"],
    ["0 * * * *", "2026-11-24T12:59:59.999Z", "2026-11-24T13:00:00.000Z"],
    ["*/5 * * * *", "2026-11-24T23:57:30.000Z", "2026-11-25T00:00:00.000Z"],
    ["0 */3 * * *", "2026-11-24T13:00:00.000Z", "2026-11-24T15:00:00.000Z"],
    ["0 2 * * *", "2028-02-28T02:00:00.000Z", "2028-02-29T02:00:00.000Z"],
    ["*/15 * * * *", "2026-11-24T13:31:00.000Z", "2026-11-24T13:45:00.000Z"],
    ["0 0 10 12 *", "2026-11-24T13:00:00.000Z", "2026-12-10T00:00:00.000Z"],
    ["0 3 * * 1", "2026-11-24T13:00:00.000Z", "2026-11-30T03:00:00.000Z"],
    ["30 4 1 * *", "2026-12-31T23:00:00.000Z", "2027-01-01T04:30:00.000Z"],
  ])("of %s after %s is %s", (match, after, next) => {
    expect(nextTick(match, new Date(after))?.toISOString()).toBe(next);
  });

  test("is in UTC on nights when clocks are turned, and unknown when it is months away", () => {
    expect(nextTick("30 2 * * *", new Date("2026-03-29T00:00:00Z"))).toEqual(new Date("2026-03-29T02:30:00Z"));
    expect(nextTick("0 0 1 1 *", new Date("2026-03-29T00:00:00Z"))).toBeNull();
  });

  test.each([
    "hourly",
    "0 * * *",
    "0 * * * * *",
    "1-5 * * * *",
    "*/0 * * * *",
    "5*/5 * * * *",
    "*/5-9 * * * *",
    "",
    "0",
    "0 0",
    "0 0 1",
  ])("of %s cannot be told", (match) => {
    expect(() => nextTick(match, new Date(0))).toThrow(/^".*" is not how cron writes a rhythm$/);
  });
});
