import { memoryCache } from "@pitwall/cache/memory";
import { redisCache } from "@pitwall/cache/redis";
import { openDatabase } from "@pitwall/db/database";
import { openListening } from "@pitwall/db/listening";
import type { Schedule } from "@pitwall/domain/schedule";
import { BEARERS } from "@pitwall/services/auth/bearers";
import { createAuth } from "@pitwall/services/auth/tokens";
import type { AccountContext, Log, Mailer } from "@pitwall/services/context";
import type { Env } from "./env.ts";

export interface ServicesOptions {
  readonly env: Pick<Env, "redisUrl" | "jwtSecret" | "publicUrl" | "port">;
  readonly databaseUrl: string;
  readonly applicationName: string;
  readonly log: Log;
  readonly schedule: Schedule;
  readonly mailer: Mailer;
}

export interface OpenServices {
  readonly services: Omit<AccountContext, "actor">;
  close(): Promise<void>;
}

/** Opens what answering people takes: database, cache, and the memory of who is signed in. */
export async function openServices(options: ServicesOptions): Promise<OpenServices> {
  const { env, databaseUrl: url, applicationName, log, schedule, mailer } = options;
  const database = openDatabase({ url, applicationName });
  const cache = env.redisUrl
    ? await redisCache(env.redisUrl, { onOutage: (error) => log.warn("Redis does not answer", { error }) })
    : memoryCache();
  const listening = openListening({
    url,
    channel: BEARERS,
    onOutage: (error) => log.warn("PostgreSQL is not heard, so it is asked about every request", { error }),
  });
  const auth = createAuth({ jwtSecret: env.jwtSecret, issuer: "pitwall", audience: "pitwall", listening });
  const publicUrl = env.publicUrl ?? `http://localhost:${env.port}`;
  return {
    services: { db: database.db, cache, now: () => new Date(), log, auth, schedule, mailer, publicUrl },
    async close() {
      await Promise.all([listening.close(), database.close(), cache.close()]);
    },
  };
}
