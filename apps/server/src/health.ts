import type { Cache } from "@pitwall/cache/cache";
import type { Db } from "@pitwall/db/database";
import { type Ground, lookAtGround, type State, stateOf } from "@pitwall/services/health";

export interface Health {
  /**
   * Whether requests should be sent here, and what speaks for or against it. Two things may be away: without the cache answers
   * come slower, and without workers results come later, which no other server could change.
   */
  report(): Promise<{
    readonly isReady: boolean;
    readonly checks: Readonly<Record<keyof Ground | "accepting", State>>;
  }>;
  /** All is prepared: from now on requests are taken. */
  open(): void;
  readonly isOpen: boolean;
  /** From now on nothing more should be sent here. */
  drain(): void;
  /** From now on nobody is let in, and whoever has a connection is answered once more. */
  close(): void;
  readonly isClosing: boolean;
}

const NEEDED = ["database", "migrations", "queue", "accepting"] as const;

export function createHealth(ground: { readonly db: Db; readonly cache: Cache }): Health {
  let isOpen = false;
  let isDraining = false;
  let isClosing = false;
  return {
    async report() {
      const checks = { ...(await lookAtGround(ground)), accepting: stateOf(isOpen && !isDraining) };
      return { isReady: NEEDED.every((name) => checks[name] === "ok"), checks };
    },
    open() {
      isOpen = true;
    },
    get isOpen() {
      return isOpen;
    },
    drain() {
      isDraining = true;
    },
    close() {
      isDraining = true;
      isClosing = true;
    },
    get isClosing() {
      return isClosing;
    },
  };
}
