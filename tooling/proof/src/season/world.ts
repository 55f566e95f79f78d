import { memoryCache } from "@pitwall/cache/memory";
import type { Database } from "@pitwall/db/database";
import type { SeasonFacts } from "@pitwall/db/facts";
import { SCHEDULE } from "@pitwall/domain/schedule";
import { createAuth } from "@pitwall/services/auth/tokens";
import type { AccountContext, Actor } from "@pitwall/services/context";
import { type Edition, SILENT } from "./editions.ts";
import { turnClock } from "./turned-clock.ts";

/** Nothing of it is to be safe, only quick. */
const auth = createAuth({
  ...{ jwtSecret: "a secret that no player will ever hear of", issuer: "pitwall", audience: "pitwall" },
  hashing: { memoryKib: 8, passes: 1 },
});

export const PASSWORD = "Slipstream44";
export const passwordHash = auth.passwords.hash(PASSWORD);

/** One database with one season, and whoever acts in it. Nothing else knows what time it is. */
export interface World {
  readonly facts: SeasonFacts;
  readonly database: Database;
  readonly url: string;
  /** Of users, teams and leagues, by the names that the run gave them. */
  readonly ids: Map<string, string>;
  /** By the database's clock. */
  readonly now: () => Date;
  turnTo(at: Date): Promise<void>;
  /** Somebody who speaks through a process, whose clock is wrong by so many milliseconds. */
  as(actor: Actor, process?: Process): AccountContext;
  end(): Promise<void>;
}

export interface Process {
  readonly database: Database;
  readonly skew: number;
}

export async function aWorld(edition: Edition): Promise<World> {
  const { url, database, leave } = await edition.open();
  const cache = memoryCache();
  let now = new Date(0);
  return {
    facts: edition.facts,
    database,
    url,
    ids: new Map(),
    now: () => now,
    async turnTo(at) {
      now = at;
      await turnClock(database.pool, at);
    },
    as: (actor, process = { database, skew: 0 }) => ({
      ...{ db: process.database.db, cache, actor, log: SILENT, schedule: SCHEDULE, auth },
      now: () => new Date(now.getTime() + process.skew),
      mailer: { send: async () => undefined },
      publicUrl: "https://pitwall.test",
    }),
    end: leave,
  };
}
