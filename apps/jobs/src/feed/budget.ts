import { setTimeout as sleep } from "node:timers/promises";
import { HOUR, SECOND } from "@pitwall/domain/durations";
import {
  type Allowance,
  type BudgetContext,
  fallSilent,
  recover,
  type Setback,
  silenceOf,
  type Turn,
  takeTurn,
} from "@pitwall/services/sources/budget";

/** What may be asked of a source, and what it said about being asked. */
export interface Budget {
  /** Resolves when a request may start, or at once when none may. */
  take(): Promise<Turn>;
  /** Answers how long nobody asks now, in milliseconds. */
  setback(why: Setback["why"], atLeast?: number): Promise<number>;
  answered(): Promise<void>;
}

/** One budget for all processes on a database. */
export function sharedBudget(ctx: BudgetContext, allowance: Allowance): Budget {
  const { source } = allowance;
  return {
    async take() {
      const turn = await takeTurn(ctx, allowance);
      if (turn.kind === "denied" || turn.waitMs <= 0) return turn;
      await sleep(turn.waitMs);
      return (await silenceOf(ctx, source)) ?? turn;
    },
    setback: (why, atLeast = 0) => fallSilent(ctx, { source, why, atLeast }),
    answered: () => recover(ctx, source),
  };
}

/** A source of one's own, such as a replay in fast motion, has nothing to be spared. */
export const unlimited: Budget = {
  take: () => Promise.resolve({ kind: "granted", waitMs: 0 }),
  setback: () => Promise.resolve(0),
  answered: () => Promise.resolve(),
};

/**
 * Far below the four a second and five hundred an hour that Jolpica grants to an address, and announces to lower. A race
 * weekend takes at most six an hour; the burst is for a worker that was away.
 */
export const JOLPICA_ALLOWANCE: Allowance = { source: "jolpica", gap: SECOND, burst: 30, refill: HOUR / 30 };
