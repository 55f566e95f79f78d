import type { ReadyAnswer } from "@pitwall/api";
import { memoryCache } from "@pitwall/cache/memory";
import { createReady, type Ready } from "@pitwall/cache/ready";
import { redisCache } from "@pitwall/cache/redis";
import { CHANGES } from "@pitwall/db/changes";
import { type Db, openDatabase, PATIENT } from "@pitwall/db/database";
import { type Listening, openListening } from "@pitwall/db/listening";
import { SECOND } from "@pitwall/domain/durations";
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
  readonly ready: Ready<ReadyAnswer>;
  /** For what takes long, so that it keeps nobody else waiting; connected when it is needed. */
  readonly patient: Db;
  close(): Promise<void>;
}

const PATIENT_CONNECTIONS = 2;

/** Opens what answering people takes: database, cache, and the memory of who is signed in. */
export async function openServices(options: ServicesOptions): Promise<OpenServices> {
  const { env, databaseUrl: url, applicationName, log, schedule, mailer } = options;
  const database = openDatabase({ url, applicationName });
  const patient = openDatabase({ url, applicationName, max: PATIENT_CONNECTIONS, ...PATIENT });
  const cache = env.redisUrl
    ? await redisCache(env.redisUrl, { onOutage: (error) => log.warn("Redis does not answer", { error }) })
    : memoryCache();
  const listening = openListening({
    url,
    channel: BEARERS,
    onOutage: (error) => log.warn("PostgreSQL is not heard, so it is asked about every request", { error }),
  });
  const changes = openListening({ url, channel: CHANGES });
  const auth = createAuth({ jwtSecret: env.jwtSecret, issuer: "pitwall", audience: "pitwall", listening });
  const publicUrl = env.publicUrl ?? `http://localhost:${env.port}`;
  return {
    services: { db: database.db, cache, now: () => new Date(), log, auth, schedule, mailer, publicUrl },
    ready: readyAnswers(changes),
    patient: patient.db,
    async close() {
      await Promise.all([listening, changes, database, patient, cache].map((one) => one.close()));
    },
  };
}

/** Some answers go by the clock, which tells nobody of a lock that passes. */
const READY_FOR = SECOND;

/** Answers for everybody, as long as every change of what they show would be heard of. */
export function readyAnswers(changes: Listening): Ready<ReadyAnswer> {
  // Its text, its bytes, and what is smaller of them.
  const sizeOf = ({ body }: ReadyAnswer) => 4 * body.length;
  const ready = createReady({ isCertain: () => changes.isHearing, livesFor: READY_FOR, sizeOf });
  changes.hear({ onWord: ready.drop, onGap: ready.drop });
  return ready;
}
