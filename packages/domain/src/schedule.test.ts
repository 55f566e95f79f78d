import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DAY, HOUR, MINUTE } from "./durations.ts";
import {
  checksPassed,
  dueReminder,
  isDue,
  type LookFacts,
  nextLook,
  paced,
  resultPhase,
  SCHEDULE,
} from "./schedule.ts";

const FLAG = Date.parse("2025-11-23T05:30:00Z");
const RECORDED = Date.parse("2025-11-23T09:00:00Z");
const SEASON_END = Date.parse("2025-12-31T23:59:59Z");

const facts = (recordedAt: number | null, lookedAt: number | null): LookFacts => ({
  flagDueAt: new Date(FLAG),
  recordedAt: recordedAt === null ? null : new Date(recordedAt),
  lookedAt: lookedAt === null ? null : new Date(lookedAt),
  seasonEndsAt: new Date(SEASON_END),
  freshUntil: null,
});
const next = (recordedAt: number | null, lookedAt: number | null) =>
  nextLook(facts(recordedAt, lookedAt), SCHEDULE)?.getTime() ?? null;

describe("while there is no result", () => {
  test.each([
    ["the first full hour after the flag comes first", null, "2025-11-23T06:00:00Z"],
    ["a look before the flag counts for nothing", "2025-11-23T05:00:00Z", "2025-11-23T06:00:00Z"],
    ["the next hour follows", "2025-11-23T06:00:00Z", "2025-11-23T07:00:00Z"],
    ["a look some seconds late does not delay the next", "2025-11-23T06:00:07Z", "2025-11-23T07:00:00Z"],
    ["hours that were missed are not made up one by one", "2025-11-23T11:20:00Z", "2025-11-23T12:00:00Z"],
    ["polling goes on after weeks", "2025-12-10T06:00:00Z", "2025-12-10T07:00:00Z"],
  ])("%s", (_, lookedAt, expected) => {
    expect(next(null, lookedAt === null ? null : Date.parse(lookedAt))).toBe(Date.parse(expected));
  });

  test("a flag that falls on the hour is looked for at once", () => {
    const flagDueAt = new Date("2025-11-23T06:00:00Z");
    expect(nextLook({ ...facts(null, null), flagDueAt }, SCHEDULE)).toEqual(flagDueAt);
  });
});

describe("once there is a result", () => {
  test.each([
    ["never looked at since", null, 24 * HOUR],
    ["at its recording", 0, 24 * HOUR],
    ["a second before the first check", 24 * HOUR - 1, 24 * HOUR],
    ["at the first check", 24 * HOUR, 48 * HOUR],
    ["at the second", 48 * HOUR, 72 * HOUR],
    ["so late that it covered two checks", 50 * HOUR, 72 * HOUR],
    ["at the third: the daily watch begins", 72 * HOUR, 4 * DAY],
    ["some hours late in the daily watch", 5 * DAY + 3 * HOUR, 6 * DAY],
    ["on the last day but one of the daily watch", 16 * DAY, 17 * DAY],
    ["on its last day: the weekly watch begins", 17 * DAY, 24 * DAY],
    ["in the weekly watch", 24 * DAY, 31 * DAY],
    ["late in the weekly watch", 33 * DAY, 38 * DAY],
    ["too late for another week before the season ends", 38 * DAY, null],
  ])("last looked at %s", (_, sinceRecorded, expected) => {
    const lookedAt = sinceRecorded === null ? null : RECORDED + sinceRecorded;
    expect(next(RECORDED, lookedAt)).toBe(expected === null ? null : RECORDED + expected);
  });

  test("a look before the recording, as when an admin entered the result, moves nothing", () => {
    expect(next(RECORDED, RECORDED - 5 * HOUR)).toBe(RECORDED + 24 * HOUR);
  });

  test("the last race of a season is checked and watched like the others, but not weekly", () => {
    const last = (lookedAt: number) =>
      nextLook({ ...facts(RECORDED, lookedAt), seasonEndsAt: new Date(RECORDED) }, SCHEDULE);
    expect(last(RECORDED)).toEqual(new Date(RECORDED + DAY));
    expect(last(RECORDED + 3 * DAY)).toEqual(new Date(RECORDED + 4 * DAY));
    expect(last(RECORDED + 17 * DAY)).toBeNull();
  });

  test("a correction starts the checks anew", () => {
    const corrected = RECORDED + 48 * HOUR;
    expect(checksPassed(facts(RECORDED, corrected), SCHEDULE)).toBe(2);
    expect(checksPassed(facts(corrected, corrected), SCHEDULE)).toBe(0);
    expect(next(corrected, corrected)).toBe(corrected + 24 * HOUR);
  });
});

describe("checks passed", () => {
  test.each([
    [null, 0],
    [-1, 0],
    [24 * HOUR - 1, 0],
    [24 * HOUR, 1],
    [47 * HOUR, 1],
    [48 * HOUR, 2],
    [72 * HOUR, 3],
    [90 * DAY, 3],
  ])("after a look %s ms from the recording are %d", (sinceRecorded, count) => {
    expect(checksPassed(facts(RECORDED, sinceRecorded === null ? null : RECORDED + sinceRecorded), SCHEDULE)).toBe(
      count,
    );
  });

  test("are none while there is nothing to check", () => {
    expect(checksPassed(facts(null, SEASON_END), SCHEDULE)).toBe(0);
  });
});

describe("a look is due", () => {
  test("from its moment on, and not before", () => {
    const first = FLAG + 30 * MINUTE;
    expect(isDue(facts(null, null), SCHEDULE, new Date(first - 1))).toBe(false);
    expect(isDue(facts(null, null), SCHEDULE, new Date(first))).toBe(true);
    expect(isDue(facts(null, null), SCHEDULE, new Date(first + DAY))).toBe(true);
    expect(isDue(facts(null, first), SCHEDULE, new Date(first))).toBe(false);
  });

  test("never again once the season is over and watched", () => {
    expect(isDue(facts(RECORDED, SEASON_END), SCHEDULE, new Date(SEASON_END + 365 * DAY))).toBe(false);
  });
});

describe("the phase of a result", () => {
  test.each<[string, number | null, number | null, number, string]>([
    ["before the flag", null, null, FLAG - 1, "not_due"],
    ["from the flag on", null, null, FLAG, "polling"],
    ["for two days", null, FLAG + 47 * HOUR, FLAG + 48 * HOUR - 1, "polling"],
    ["after two days without a result", null, FLAG + 47 * HOUR, FLAG + 48 * HOUR, "overdue"],
    ["when it is recorded", RECORDED, RECORDED, RECORDED, "checking"],
    ["when nobody could look for a week", RECORDED, RECORDED, RECORDED + 7 * DAY, "checking"],
    ["after the third check", RECORDED, RECORDED + 72 * HOUR, RECORDED + 72 * HOUR, "verified"],
  ])("%s", (_, recordedAt, lookedAt, now, phase) => {
    expect(resultPhase(facts(recordedAt, lookedAt), SCHEDULE, new Date(now))).toBe(phase);
  });
});

describe("the reminder of a lock", () => {
  test.each([
    ["none is due days before", 3 * DAY, null],
    ["the first falls due a day before", DAY, DAY],
    ["late, it is still of use", 3 * HOUR, DAY],
    ["the second falls due two hours before, and takes the place of a first that was missed", 2 * HOUR, 2 * HOUR],
    ["to the last moment", 1, 2 * HOUR],
    ["none is of use once it has locked", 0, null],
    ["nor afterwards", -DAY, null],
  ])("%s", (_title, untilLock, wanted) => {
    expect(dueReminder(untilLock, SCHEDULE)).toBe(wanted);
  });
});

describe("a paced schedule", () => {
  test("keeps every proportion where an hour lasts two seconds", () => {
    expect(paced(SCHEDULE, 2000)).toEqual({
      remindBefore: [48_000, 4000],
      flagAfterStart: 3000,
      pollEvery: 2000,
      alertAfter: 96_000,
      verifyAfter: [48_000, 96_000, 144_000],
      watchDaily: { every: 48_000, until: 14 * 48_000 },
      watchWeekly: { every: 7 * 48_000 },
    });
  });

  test("of real hours is the schedule itself", () => {
    expect(paced(SCHEDULE, HOUR)).toEqual(SCHEDULE);
  });

  test.each([0, -1, 0.5, Number.NaN])("refuses an hour of %d ms", (hour) => {
    expect(() => paced(SCHEDULE, hour)).toThrow(RangeError);
  });
});

const anyMoment = fc.integer({ min: FLAG - 30 * DAY, max: FLAG + 60 * DAY });
const anyFacts = fc
  .record({
    flagDueAt: fc.constant(FLAG),
    recordedAt: fc.option(anyMoment),
    lookedAt: fc.option(anyMoment),
    seasonEndsAt: fc.integer({ min: FLAG, max: FLAG + 300 * DAY }),
  })
  .map(({ flagDueAt, recordedAt, lookedAt, seasonEndsAt }) => ({
    ...facts(recordedAt, lookedAt),
    flagDueAt: new Date(flagDueAt),
    seasonEndsAt: new Date(seasonEndsAt),
  }));
const anySchedule = fc.constantFrom(SCHEDULE, paced(SCHEDULE, 2000), paced(SCHEDULE, 7 * MINUTE));

describe("always", () => {
  test("the next look lies after the last one, after the flag or the recording, and is due when it comes", () => {
    fc.assert(
      fc.property(anyFacts, anySchedule, (f, s) => {
        const at = nextLook(f, s);
        if (at === null) return;
        expect(at > (f.lookedAt ?? new Date(0))).toBe(true);
        expect(at >= (f.recordedAt ?? f.flagDueAt)).toBe(true);
        expect(isDue(f, s, at)).toBe(true);
        expect(isDue(f, s, new Date(at.getTime() - 1))).toBe(false);
      }),
    );
  });

  test("a look that nothing was due for changes neither the next one nor the checks", () => {
    fc.assert(
      fc.property(
        anyFacts,
        anySchedule,
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (f, s, share) => {
          const at = nextLook(f, s);
          if (at === null || f.lookedAt === null) return;
          const early = f.lookedAt.getTime() + Math.floor((at.getTime() - f.lookedAt.getTime()) * share);
          const again = { ...f, lookedAt: new Date(early) };
          expect(nextLook(again, s)).toEqual(at);
          expect(checksPassed(again, s)).toBe(checksPassed(f, s));
        },
      ),
    );
  });

  test("a later look never passes fewer checks, nor brings the next look forward", () => {
    fc.assert(
      fc.property(anyFacts, anySchedule, anyMoment, anyMoment, (f, s, a, b) => {
        const [earlier, later] = [Math.min(a, b), Math.max(a, b)].map((moment) => ({
          ...f,
          lookedAt: new Date(moment),
        }));
        if (earlier === undefined || later === undefined) return;
        expect(checksPassed(later, s)).toBeGreaterThanOrEqual(checksPassed(earlier, s));
        const looks = [nextLook(earlier, s), nextLook(later, s)].map((at) => at?.getTime() ?? Number.POSITIVE_INFINITY);
        expect(looks[0]).toBeLessThanOrEqual(looks[1] ?? 0);
      }),
    );
  });

  test("whoever looks whenever it is due passes the three checks one by one, and comes to an end", () => {
    let f = facts(RECORDED, RECORDED);
    const passed: number[] = [];
    for (let at = nextLook(f, SCHEDULE); at !== null; at = nextLook(f, SCHEDULE)) {
      f = { ...f, lookedAt: at };
      passed.push(checksPassed(f, SCHEDULE));
    }
    expect(passed).toEqual([1, 2, ...Array.from({ length: 1 + 14 + 3 }, () => 3)]);
  });
});
