import type { Cache } from "@pitwall/cache/cache";
import type { Db } from "@pitwall/db/database";
import { isMigrated } from "@pitwall/db/migrated";

export type State = "ok" | "down";

export interface Health {
  /** Whether requests should be sent here, and what speaks for or against it. A cache may be away: answers only come slower. */
  report(): Promise<{ readonly isReady: boolean; readonly checks: Readonly<Record<string, State>> }>;
  /** From now on nothing more should be sent here. */
  drain(): void;
  readonly isDraining: boolean;
}

export function createHealth({ db, cache }: { readonly db: Db; readonly cache: Cache }): Health {
  let isDraining = false;
  return {
    async report() {
      const [migrations, isCacheThere] = await Promise.all([isMigrated(db).catch(() => null), cache.ping()]);
      const checks = {
        database: stateOf(migrations !== null),
        migrations: stateOf(migrations === true),
        cache: stateOf(isCacheThere),
        accepting: stateOf(!isDraining),
      };
      return { isReady: migrations === true && !isDraining, checks };
    },
    drain() {
      isDraining = true;
    },
    get isDraining() {
      return isDraining;
    },
  };
}

function stateOf(isWell: boolean): State {
  return isWell ? "ok" : "down";
}
