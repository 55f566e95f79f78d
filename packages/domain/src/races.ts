import type { FieldFault } from "./domain-error.ts";
import { DAY } from "./durations.ts";
import type { Schedule } from "./schedule.ts";

export const SESSION_NAMES = ["fp1", "fp2", "fp3", "sprint_qualifying", "sprint", "qualifying", "race"] as const;

export type SessionName = (typeof SESSION_NAMES)[number];

/** When each session starts. */
export type SessionTimes = Readonly<Partial<Record<SessionName, Date>>> & { readonly race: Date };

/** A race keeps this name for the whole season, while its round may shift: "São Paulo Grand Prix" is "sao-paulo-grand-prix". */
export function raceSlug(name: string): string {
  return name
    .normalize("NFKD")
    .replace(/\p{Mark}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
}

/** The first session that tells who is fast ends the choosing: qualifying, or the sprint where it comes earlier. */
export function lockAt(t: SessionTimes): Date {
  const telling = [t.qualifying, t.sprint, t.race].filter((at) => at !== undefined);
  return new Date(Math.min(...telling.map((at) => at.getTime())));
}

export function flagDueAt(t: SessionTimes, s: Schedule): Date {
  return new Date(t.race.getTime() + s.flagAfterStart);
}

/** No weekend of the sport was longer. */
const LONGEST_WEEKEND = 7 * DAY;

/** What is wrong with a weekend's times: the race comes last, and the rest shortly before it. */
export function sessionFaults(t: SessionTimes): FieldFault[] {
  const others = SESSION_NAMES.filter((name) => name !== "race");
  return others.flatMap((name) => {
    const before = t.race.getTime() - (t[name] ?? new Date(t.race.getTime() - 1)).getTime();
    if (before > 0 && before <= LONGEST_WEEKEND) return [];
    const message = `The ${name.replace("_", " ")} does not lie in the week before the race.`;
    return [{ field: `sessions.${name}`, reason: "race.session_outside_weekend", message }];
  });
}
