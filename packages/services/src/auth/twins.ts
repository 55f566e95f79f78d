import { setTimeout as wait } from "node:timers/promises";
import { SECOND } from "@pitwall/domain/durations";

/**
 * Tells an app that refreshes several times at once from somebody who uses a token again: whoever asks before the answer to
 * the winner has left cannot have the token from there. One for the process; of a winner in another one it is known only
 * that the answer does not leave before `UNANSWERED_FOR`.
 */
export interface Twins {
  /** Answers the winner who spent a token, once nobody comes any more who asked at the same time. */
  answer<T>(digest: string, answer: () => Promise<T>): Promise<T>;
  /** Whether a request that came at this moment, by `performance.now()`, came before the winner was answered. */
  cameInTime(digest: string, arrivedAt: number): boolean;
}

/** How long the winner waits for a first twin, and for one after another; in milliseconds, as all of this. */
const QUIET = 100;
/** Less than that by what two clocks and a timer may differ. */
export const UNANSWERED_FOR = 90;
const LONGEST_WAIT = 300;

/** No request is under way for longer. */
const MEMORY = 10 * SECOND;

interface Race {
  lastTwinAt: number;
  answeredAt: number;
}

export function createTwins(): Twins {
  const races = new Map<string, Race>();
  return {
    async answer(digest, answer) {
      const race: Race = { lastTwinAt: performance.now(), answeredAt: Number.POSITIVE_INFINITY };
      races.set(digest, race);
      try {
        const [answered] = await Promise.all([answer(), quiet(race)]);
        return answered;
      } finally {
        race.answeredAt = performance.now();
        setTimeout(() => races.delete(digest), MEMORY).unref();
      }
    },
    cameInTime(digest, arrivedAt) {
      const race = races.get(digest);
      if (!race || arrivedAt >= race.answeredAt) return false;
      race.lastTwinAt = performance.now();
      return true;
    },
  };
}

async function quiet(race: Race): Promise<void> {
  const end = race.lastTwinAt + LONGEST_WAIT;
  const left = () => Math.min(race.lastTwinAt + QUIET, end) - performance.now();
  for (let ms = left(); ms > 0; ms = left()) await wait(ms);
}
