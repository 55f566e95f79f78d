import { expect, test } from "vitest";
import { DAY } from "./durations.ts";
import { isDue, type LookFacts, lookDueIn, nextLook, SCHEDULE } from "./schedule.ts";

const FRESH_UNTIL = new Date("2025-11-23T07:00:03Z");
const SEVEN = new Date("2025-11-23T07:00:00Z");

/** Looked at just after six. */
const polled: LookFacts = {
  flagDueAt: new Date("2025-11-23T05:30:00Z"),
  recordedAt: null,
  lookedAt: new Date("2025-11-23T06:00:02Z"),
  seasonEndsAt: new Date("2025-12-31T23:59:59Z"),
  freshUntil: null,
};

test("an answer that the source keeps puts the next look off until it may be another", () => {
  const kept = { ...polled, freshUntil: FRESH_UNTIL };
  expect(nextLook(kept, SCHEDULE)).toEqual(FRESH_UNTIL);
  expect([isDue(kept, SCHEDULE, SEVEN), isDue(kept, SCHEDULE, FRESH_UNTIL)]).toEqual([false, true]);
  expect(lookDueIn(kept, SCHEDULE, SEVEN)).toBe(3000);
  expect(lookDueIn(kept, SCHEDULE, FRESH_UNTIL)).toBe(0);
  expect(lookDueIn(kept, SCHEDULE, new Date(SEVEN.getTime() - 1))).toBeNull();
});

test("it brings no look forward, and none back once nobody looks any more", () => {
  expect(nextLook({ ...polled, freshUntil: new Date("2025-11-23T06:10:00Z") }, SCHEDULE)).toEqual(SEVEN);
  const over = { ...polled, recordedAt: polled.lookedAt, lookedAt: new Date(SEVEN.getTime() + 60 * DAY) };
  expect(nextLook({ ...over, freshUntil: new Date(SEVEN.getTime() + 61 * DAY) }, SCHEDULE)).toBeNull();
});
