import { SECOND } from "@pitwall/domain/durations";
import { expect, test } from "vitest";
import { askedPause, oneAtATime } from "./pacing.ts";

const NOW = Date.parse("2026-06-07T15:00:00Z");

test("acts take turns, and a failed one does not stop the next", async () => {
  const inTurn = oneAtATime();
  let running = 0;
  let most = 0;
  const act = async (n: number) => {
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
});

test.each([
  ["no word of it", null, 0],
  ["seconds", "30", 30 * SECOND],
  ["seconds without end", "1000000000", 1_000_000_000 * SECOND],
  ["a date", "Sun, 07 Jun 2026 15:02:00 GMT", 120 * SECOND],
  ["a date that has passed", "Sun, 07 Jun 2026 14:00:00 GMT", 0],
  ["nonsense", "soon", 0],
])("a refusal with %s asks for as long a pause", (_, retryAfter, pause) => {
  expect(askedPause(retryAfter, NOW)).toBe(pause);
});
