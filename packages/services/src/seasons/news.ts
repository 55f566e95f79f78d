import type { CalendarHand, SaidOfRace } from "@pitwall/db/schema";
import { completedTimes, isEarlier, isSameTimes, isSameWeekend } from "@pitwall/domain/calendars";
import type { SessionTimes } from "@pitwall/domain/races";
import type { Schedule } from "@pitwall/domain/schedule";
import { type HeldRace, isPossible, knownTimes, type RaceChange, storedTimes } from "../internal/race-changes.ts";

export type CalendarSource = Exclude<CalendarHand, "admin">;

/** What a calendar says of a race; what is left out is not spoken of. */
export interface Word extends RaceChange {
  readonly isCancelled: boolean;
}

/**
 * What is to become of a race after a source's word. What it said before is no news, what an admin said stands, and a release
 * is silent on whatever a source that is asked every day speaks of, times apart.
 */
export function newsOf(race: HeldRace, word: Word, source: CalendarSource, schedule: Schedule): RaceChange {
  const { admin, sync } = race.said;
  const before = race.said[source];
  const hasSay = source === "sync" || sync === undefined;
  const isNews = (field: "round" | "name" | "circuitId" | "isCancelled") =>
    hasSay && word[field] !== undefined && admin?.[field] === undefined && before?.[field] !== word[field];
  const sessions = word.sessions && admin?.sessions === undefined && newTimes(race, word.sessions, source, schedule);
  return {
    ...(isNews("round") && { round: word.round }),
    ...(isNews("name") && { name: word.name }),
    ...(isNews("circuitId") && { circuitId: word.circuitId }),
    ...(isNews("isCancelled") && { isCancelled: word.isCancelled }),
    ...(sessions && { sessions }),
  };
}

/** Null: the race stays at its times. */
function newTimes(race: HeldRace, told: SessionTimes, source: CalendarSource, schedule: Schedule): SessionTimes | null {
  const before = race.said[source]?.sessions;
  if (race.revision !== null || (before && isSameTimes(told, timesOf(before)))) return null;
  const known = knownTimes(race);
  const times = completedTimes(told, known);
  if (!isPossible(times, schedule, race)) return null;
  const other = race.said[source === "sync" ? "release" : "sync"];
  // Who is asked every day has fresh news; of what a release knows, and of a first word, nobody knows the age.
  if (other === undefined || (source === "sync" && before)) return times;
  if (isSameWeekend(times, known)) return isEarlier(times, known) ? times : null;
  return source === "sync" ? times : null;
}

/** What is remembered of it, so that the same word is no news the next time. */
export function remembered(before: SaidOfRace | undefined, { sessions, ...word }: Word): SaidOfRace {
  return { ...before, ...word, ...(sessions && { sessions: storedTimes(sessions) }) };
}

function timesOf(sessions: NonNullable<SaidOfRace["sessions"]>): SessionTimes {
  const { race = "", ...others } = sessions;
  const times = Object.entries(others).map(([name, text]) => [name, new Date(text)]);
  return { ...Object.fromEntries(times), race: new Date(race) };
}
