import { HOUR, SECOND } from "@pitwall/domain/durations";
import { expect, test } from "vitest";
import { oneAtATime, pauseAfter } from "./pacing.ts";

const NOW = Date.parse("2026-06-07T15:00:00Z");

test("acts take turns, begin apart, and a failed one does not stop the next", async () => {
  const inTurn = oneAtATime(20);
  const starts: number[] = [];
  let running = 0;
  let most = 0;
  const act = async (n: number) => {
    starts.push(performance.now());
    running += 1;
    most = Math.max(most, running);
    await Promise.resolve();
    running -= 1;
    if (n === 1) throw new Error("the second act fails");
    return n;
  };
  const ended = await Promise.allSettled([0, 1, 2].map((n) => inTurn(() => act(n))));
  expect(ended.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  expect(most).toBe(1);
  const gaps = starts.slice(1).map((start, index) => start - (starts[index] ?? 0));
  for (const gap of gaps) expect(gap).toBeGreaterThan(18);
});

test.each([
  ["the first refusal", 1, null, 2 * SECOND],
  ["the third refusal", 3, null, 8 * SECOND],
  ["a refusal that names seconds", 5, "30", 30 * SECOND],
  ["a refusal that names a date", 1, "Sun, 07 Jun 2026 15:02:00 GMT", 120 * SECOND],
  ["a refusal that names nonsense", 1, "soon", 2 * SECOND],
])("after %s the silence is as long as it should be, and up to a quarter more", (_, refusals, retryAfter, pause) => {
  expect(pauseAfter(refusals, retryAfter, NOW)).toBeGreaterThanOrEqual(pause);
  expect(pauseAfter(refusals, retryAfter, NOW)).toBeLessThanOrEqual(pause * 1.25);
});

test("no silence is longer than an hour", () => {
  expect(pauseAfter(40, null, NOW)).toBe(HOUR);
  expect(pauseAfter(1, "1000000000", NOW)).toBe(HOUR);
});

test("a date that has passed asks for no silence", () => {
  expect(pauseAfter(1, "Sun, 07 Jun 2026 14:00:00 GMT", NOW)).toBe(0);
});
