import { DAY } from "./durations.ts";
import { lockAt, raceSlug, SESSION_NAMES, type SessionName, type SessionTimes } from "./races.ts";

/** A race as it is stored. */
export interface PlacedRace {
  readonly slug: string;
  readonly circuitId: string;
  readonly startsAt: Date;
  /** Its line-ups are fixed, so it can no longer be taken for a race at another end of the season. */
  readonly isLocked: boolean;
}

/** A race as a calendar tells of it; without sessions no start is known yet. */
export interface ToldRace {
  /** Left out, it follows from the name. */
  readonly slug?: string | undefined;
  readonly name: string;
  readonly circuitId: string;
  readonly sessions: SessionTimes | null;
}

/** A race that is moved further is told of under its old name, or is another one. */
const SAME_RACE_WITHIN = 28 * DAY;

/** Sessions of one weekend lie within it, in every time zone. */
const WEEKEND = 3 * DAY;

export interface Matching<Told, Placed> {
  readonly pairs: readonly { readonly told: Told; readonly placed: Placed | null }[];
  /** Stored, and told of no more. */
  readonly vanished: readonly Placed[];
}

/**
 * Which race a calendar means: the one of that slug, whatever its round, circuit and date are by now; else, under a new
 * name, the nearest at that circuit. Rounds say nothing, since they shift when a race falls out.
 */
export function matchRaces<Told extends ToldRace, Placed extends PlacedRace>(
  told: readonly Told[],
  placed: readonly Placed[],
): Matching<Told, Placed> {
  const bySlug = new Map(placed.map((race) => [race.slug, race]));
  const meant = new Map<Told, Placed>();
  for (const race of told) {
    const stored = bySlug.get(race.slug ?? raceSlug(race.name));
    if (stored && (!stored.isLocked || isNear(race, stored))) take(race, stored);
  }
  const renamings = told
    .filter((race) => !meant.has(race))
    .flatMap((race) => [...bySlug.values()].map((stored) => ({ race, stored })))
    .filter(({ race, stored }) => race.circuitId === stored.circuitId && isNear(race, stored))
    .sort((a, b) => distance(a.race, a.stored) - distance(b.race, b.stored));
  for (const { race, stored } of renamings) if (!meant.has(race) && bySlug.has(stored.slug)) take(race, stored);
  return {
    pairs: told.map((race) => ({ told: race, placed: meant.get(race) ?? null })),
    vanished: [...bySlug.values()],
  };

  function take(race: Told, stored: Placed): void {
    meant.set(race, stored);
    bySlug.delete(stored.slug);
  }
}

function isNear(told: ToldRace, placed: PlacedRace): boolean {
  return distance(told, placed) <= SAME_RACE_WITHIN;
}

/** A calendar without times moves nothing. */
function distance({ sessions }: ToldRace, { startsAt }: PlacedRace): number {
  return sessions === null ? 0 : Math.abs(sessions.race.getTime() - startsAt.getTime());
}

export function isSameWeekend(a: SessionTimes, b: SessionTimes): boolean {
  return Math.abs(a.race.getTime() - b.race.getTime()) < WEEKEND;
}

/**
 * What a calendar says of a race's times, beside what is known. Where it gives the start alone, the other sessions are not
 * gone: they stay in the same weekend, and move with a race that is moved to another.
 */
export function completedTimes(told: SessionTimes, known: SessionTimes): SessionTimes {
  if (sessionNames(told).length > 1) return told;
  const moved = isSameWeekend(told, known) ? 0 : told.race.getTime() - known.race.getTime();
  const others = sessionNames(known).map((name) => [name, new Date((known[name]?.getTime() ?? 0) + moved)]);
  return { ...Object.fromEntries(others), race: told.race };
}

/** Of two hands that contradict each other on one weekend, whoever knows of an earlier lock or start is believed. */
export function isEarlier(a: SessionTimes, b: SessionTimes): boolean {
  const [lock, other] = [lockAt(a).getTime(), lockAt(b).getTime()];
  return lock === other ? a.race < b.race : lock < other;
}

export function isSameTimes(a: SessionTimes, b: SessionTimes): boolean {
  return [...new Set([...sessionNames(a), ...sessionNames(b)])].every(
    (name) => a[name]?.getTime() === b[name]?.getTime(),
  );
}

function sessionNames(times: SessionTimes): SessionName[] {
  return SESSION_NAMES.filter((name) => times[name] !== undefined);
}
