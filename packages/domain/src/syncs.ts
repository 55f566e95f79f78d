import { DAY, HOUR } from "./durations.ts";
import type { SessionTimes } from "./races.ts";

/** Every day at this hour, in UTC. */
const DAILY_AT = 3 * HOUR;

/** On the days of a race weekend, when a start may be moved overnight; counted from midnight UTC. */
const WEEKEND_EVERY = 3 * HOUR;

/** The source answers the same for an hour, and whoever did not answer is left alone for as long. */
const PAUSE = HOUR;

export interface SyncFacts {
  /** When the source last told the whole season; null before it ever did. */
  readonly syncedAt: Date | null;
  /** When it was last asked, whatever came of it. */
  readonly askedAt: Date | null;
  /** Of the races that are run. */
  readonly weekends: readonly SessionTimes[];
}

/**
 * Whether a season is to be asked for now. It follows from stored moments alone, so a tick that is missed, doubled or late
 * changes nothing but the moment, and what failed is due until it succeeds.
 */
export function isSyncDue({ syncedAt, askedAt, weekends }: SyncFacts, now: Date): boolean {
  if (askedAt !== null && now.getTime() - askedAt.getTime() < PAUSE) return false;
  return syncedAt === null || syncedAt.getTime() < lastMoment(weekends, now.getTime());
}

/** The newest moment by which the season was to have been asked for. */
function lastMoment(weekends: readonly SessionTimes[], now: number): number {
  const onTheWeekend = Math.floor(now / WEEKEND_EVERY) * WEEKEND_EVERY;
  if (weekends.some((sessions) => isDayOf(sessions, onTheWeekend))) return onTheWeekend;
  return Math.floor((now - DAILY_AT) / DAY) * DAY + DAILY_AT;
}

function isDayOf(sessions: SessionTimes, moment: number): boolean {
  const days = Object.values(sessions).map((at: Date) => dayOf(at.getTime()));
  return Math.min(...days) <= dayOf(moment) && dayOf(moment) <= Math.max(...days);
}

function dayOf(moment: number): number {
  return Math.floor(moment / DAY);
}
