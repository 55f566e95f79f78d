import type { Schedule } from "./schedule.ts";

export type SessionName = "fp1" | "fp2" | "fp3" | "sprint_qualifying" | "sprint" | "qualifying" | "race";

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
