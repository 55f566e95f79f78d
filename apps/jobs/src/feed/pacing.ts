import { setTimeout as sleep } from "node:timers/promises";
import { HOUR, SECOND } from "@pitwall/domain/durations";

/** Lets acts happen one after another, each beginning at least `gap` milliseconds after the one before. */
export function oneAtATime(gap: number): <T>(act: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  let startedAt = Number.NEGATIVE_INFINITY;
  return (act) => {
    const turn = last.then(async () => {
      const wait = startedAt + gap - performance.now();
      if (wait > 0) await sleep(wait);
      startedAt = performance.now();
      return act();
    });
    last = turn.catch(() => undefined);
    return turn;
  };
}

const LONGEST_PAUSE = HOUR;
const FIRST_PAUSE = 2 * SECOND;

/**
 * How long to be silent after the `refusals`th refusal in a row: what the source asks for, else twice as long each time.
 * A little chance keeps those who were refused together from coming back together. The source counts by the hour, so an
 * hour is enough whatever it asks for.
 */
export function pauseAfter(refusals: number, retryAfter: string | null, now: number): number {
  const asked = retryAfter === null ? null : askedPause(retryAfter, now);
  const pause = asked ?? FIRST_PAUSE * 2 ** (refusals - 1);
  return Math.min(LONGEST_PAUSE, Math.round(pause * (1 + Math.random() / 4)));
}

/** Seconds or a date, as HTTP has it; null when it is neither. */
function askedPause(retryAfter: string, now: number): number | null {
  if (/^\d+$/.test(retryAfter)) return Number(retryAfter) * SECOND;
  const at = Date.parse(retryAfter);
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}
