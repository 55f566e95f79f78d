import type { SeasonFacts } from "@pitwall/db/facts";
import { flagDueAt, lockAt } from "@pitwall/domain/races";
import { SCHEDULE } from "@pitwall/domain/schedule";
import { replayed } from "@pitwall/domain/tempo";
import { type ReplayCalendar, replayedSeason } from "@pitwall/jobs/feed/replay";

/** Within a weekend an hour lasts 20 ms, so the three checks over 72 hours take a second and a half. */
export const HOUR_LASTS = 20;

/** From one lock to the next: the weeks between are left out, since nothing happens in them. */
const WEEKEND_LASTS = 2_000;

export interface Season {
  /** With moved sessions and no results. */
  readonly facts: SeasonFacts;
  /** When the source publishes what. */
  readonly calendar: ReplayCalendar;
}

/** The whole season in fast motion, its first race locking at a moment. */
export function weekendsFrom(facts: SeasonFacts, firstLockAt: Date): Season {
  const tempos = facts.races.map((race, index) => ({
    from: lockAt(race.sessions),
    to: new Date(firstLockAt.getTime() + index * WEEKEND_LASTS),
    hour: HOUR_LASTS,
  }));
  const races = facts.races.flatMap((race, index) => {
    const tempo = tempos[index];
    return tempo ? replayedSeason({ ...facts, races: [race] }, tempo).races : [];
  });
  const calendar = new Map(
    facts.races.flatMap((race, index) => {
      const tempo = tempos[index];
      return tempo
        ? [[race.slug, { flagAt: replayed(flagDueAt(race.sessions, SCHEDULE), tempo), hour: HOUR_LASTS }] as const]
        : [];
    }),
  );
  return { facts: { ...facts, races }, calendar };
}
