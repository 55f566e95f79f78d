import { DAY, HOUR } from "./durations.ts";

/** All in milliseconds. */
export interface Schedule {
  /** How long before a race locks those who play it are reminded. */
  readonly remindBefore: readonly number[];
  /** How long after its start a race is expected to see the chequered flag. */
  readonly flagAfterStart: number;
  /** While there is no result, looks fall on the multiples of this since the epoch: every hour on the hour. */
  readonly pollEvery: number;
  /** How long after the flag a missing result is reported to the admin. */
  readonly alertAfter: number;
  /** When a recorded result is checked, counted from its recording, ascending. After the last one it is verified. */
  readonly verifyAfter: readonly number[];
  /** The slow watch over a verified result; `until` counts from its verification. */
  readonly watchDaily: { readonly every: number; readonly until: number };
  readonly watchWeekly: { readonly every: number };
}

/** The FIA amends results for hours, days and sometimes weeks after the flag, so a recorded result is looked at again and again. */
export const SCHEDULE: Schedule = {
  remindBefore: [24 * HOUR, 2 * HOUR],
  flagAfterStart: 1.5 * HOUR,
  pollEvery: HOUR,
  alertAfter: 48 * HOUR,
  verifyAfter: [24 * HOUR, 48 * HOUR, 72 * HOUR],
  watchDaily: { every: DAY, until: 14 * DAY },
  watchWeekly: { every: 7 * DAY },
};

/** Everything the schedule follows from. There is no state beside these facts, so nothing can be lost, doubled or bunched up. */
export interface LookFacts {
  readonly flagDueAt: Date;
  /** When the current revision was recorded: a correction starts the checks anew. */
  readonly recordedAt: Date | null;
  /** When the source last gave a usable answer, "not yet" included. */
  readonly lookedAt: Date | null;
  readonly seasonEndsAt: Date;
  /** Until then the source would say the same again. */
  readonly freshUntil: Date | null;
}

export type ResultPhase = "not_due" | "polling" | "overdue" | "checking" | "verified";

/** The moment of the next look at the source; null once nobody looks any more. One that would tell nothing new is put off. */
export function nextLook(f: LookFacts, s: Schedule): Date | null {
  const at = scheduledLook(f, s);
  return at !== null && f.freshUntil !== null && f.freshUntil > at ? f.freshUntil : at;
}

function scheduledLook(f: LookFacts, s: Schedule): Date | null {
  const lookedAt = f.lookedAt?.getTime() ?? Number.NEGATIVE_INFINITY;
  const at =
    f.recordedAt === null
      ? nextPoll(f.flagDueAt.getTime(), lookedAt, s)
      : nextCheck(f.recordedAt.getTime(), lookedAt, f, s);
  return at === null ? null : new Date(at);
}

export function isDue(f: LookFacts, s: Schedule, now: Date): boolean {
  const at = nextLook(f, s);
  return at !== null && now >= at;
}

/** How long until a look whose moment in the schedule has come may be made, in milliseconds; null while none has come. */
export function lookDueIn(f: LookFacts, s: Schedule, now: Date): number | null {
  const scheduled = scheduledLook(f, s);
  if (scheduled === null || scheduled > now) return null;
  return Math.max(0, (f.freshUntil?.getTime() ?? 0) - now.getTime());
}

/** How many checks the last look covers: a late one counts for every check whose moment it has passed. */
export function checksPassed(f: LookFacts, s: Schedule): number {
  const { recordedAt, lookedAt } = f;
  if (recordedAt === null || lookedAt === null) return 0;
  return s.verifyAfter.filter((after) => recordedAt.getTime() + after <= lookedAt.getTime()).length;
}

export function resultPhase(f: LookFacts, s: Schedule, now: Date): ResultPhase {
  if (f.recordedAt !== null) return checksPassed(f, s) < s.verifyAfter.length ? "checking" : "verified";
  const sinceFlag = now.getTime() - f.flagDueAt.getTime();
  if (sinceFlag < 0) return "not_due";
  return sinceFlag < s.alertAfter ? "polling" : "overdue";
}

/**
 * Which reminder is due so many milliseconds before a lock: how long before it that one is meant to come, or null for none. Of
 * several whose moments have passed only the last is of use, and after the lock none is.
 */
export function dueReminder(untilLock: number, s: Schedule): number | null {
  const due = s.remindBefore.filter((before) => untilLock > 0 && untilLock <= before);
  return due.length === 0 ? null : Math.min(...due);
}

/** The same schedule in a world where an hour lasts `hour` milliseconds, for replays in fast motion. */
export function paced(s: Schedule, hour: number): Schedule {
  if (!(hour >= 1)) throw new RangeError(`an hour of ${hour} ms is too short to be scheduled`);
  const pace = (duration: number) => Math.max(1, Math.round((duration * hour) / HOUR));
  return {
    remindBefore: s.remindBefore.map(pace),
    flagAfterStart: pace(s.flagAfterStart),
    pollEvery: pace(s.pollEvery),
    alertAfter: pace(s.alertAfter),
    verifyAfter: s.verifyAfter.map(pace),
    watchDaily: { every: pace(s.watchDaily.every), until: pace(s.watchDaily.until) },
    watchWeekly: { every: pace(s.watchWeekly.every) },
  };
}

function nextPoll(flagDueAt: number, lookedAt: number, s: Schedule): number {
  const firstSlot = Math.ceil(flagDueAt / s.pollEvery) * s.pollEvery;
  return firstAfter(lookedAt, firstSlot, s.pollEvery);
}

function nextCheck(recordedAt: number, lookedAt: number, f: LookFacts, s: Schedule): number | null {
  const check = s.verifyAfter.map((after) => recordedAt + after).find((at) => at > lookedAt);
  if (check !== undefined) return check;

  const verifiedAt = recordedAt + Math.max(0, ...s.verifyAfter);
  const daily = firstAfter(lookedAt, verifiedAt + s.watchDaily.every, s.watchDaily.every);
  const dailyEndsAt = verifiedAt + s.watchDaily.until;
  if (daily <= dailyEndsAt) return daily;

  // The season's end closes the weekly watch only: its last races are checked and watched like all others.
  const weekly = firstAfter(lookedAt, dailyEndsAt + s.watchWeekly.every, s.watchWeekly.every);
  return weekly <= f.seasonEndsAt.getTime() ? weekly : null;
}

/** Of the moments `first`, `first + every`, `first + 2 × every` …, the first that lies after `moment`. */
function firstAfter(moment: number, first: number, every: number): number {
  if (moment < first) return first;
  return first + (Math.floor((moment - first) / every) + 1) * every;
}
