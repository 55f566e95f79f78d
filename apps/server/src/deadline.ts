import { DomainError } from "@pitwall/domain/domain-error";
import { MINUTE, SECOND } from "@pitwall/domain/durations";
import type { Asking } from "./requests.ts";

/** Milliseconds in which a request is answered. */
export interface Deadlines {
  readonly usual: number;
  /** Where somebody may be kept waiting, for what changes the standings of a whole season. */
  readonly patient: number;
}

const DEADLINES: Deadlines = { usual: 10 * SECOND, patient: 5 * MINUTE };

type InTime = <Answer>(c: Asking, work: () => Promise<Answer>) => Promise<Answer>;

/** Gives an answer up when its time is over. Only whoever does the work can tell that it takes long, and says `takeLong`. */
export function deadline({ usual, patient } = DEADLINES): InTime {
  return (c, work) =>
    new Promise((resolve, reject) => {
      const within = (ms: number) => setTimeout(() => reject(TOO_SLOW), ms);
      let timer = within(usual);
      c.set("takeLong", () => {
        clearTimeout(timer);
        timer = within(patient);
      });
      work()
        .then(resolve, reject)
        .finally(() => clearTimeout(timer));
    });
}

const TOO_SLOW = new DomainError("unavailable", "request.timed_out", "This took too long. Try again shortly.", {
  retryAfterSeconds: 5,
});
