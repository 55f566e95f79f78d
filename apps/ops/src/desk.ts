import { randomBytes } from "node:crypto";
import { userInfo } from "node:os";
import { type Caller, callerFor } from "@pitwall/api";
import { memoryCache } from "@pitwall/cache/memory";
import { redisCache } from "@pitwall/cache/redis";
import { type Db, openDatabase, withTx } from "@pitwall/db/database";
import { openListening } from "@pitwall/db/listening";
import { isMigrated } from "@pitwall/db/migrated";
import { MINUTE } from "@pitwall/domain/durations";
import { SCHEDULE } from "@pitwall/domain/schedule";
import { BEARERS } from "@pitwall/services/auth/bearers";
import { createAuth } from "@pitwall/services/auth/tokens";
import type { AccountContext, Log } from "@pitwall/services/context";
import { missingMailer } from "@pitwall/services/mail";
import { RefusedError } from "./acts.ts";
import type { OpsEnv } from "./env.ts";

/** A season of many teams takes its time, and nobody waits for a page meanwhile. */
const PATIENT = {
  statementTimeout: 10 * MINUTE,
  queryTimeout: 11 * MINUTE,
  lockTimeout: MINUTE,
  transactionTimeout: 60 * MINUTE,
};

interface Desk {
  readonly env: OpsEnv;
  readonly log: Log;
  /** All of it happens in one transaction, which is rolled back; no other process hears of it. */
  readonly isDryRun: boolean;
}

/** Does `work` with the procedures, as the named actor that a script is. */
export async function atTheDesk<T>({ env, log, isDryRun }: Desk, work: (caller: Caller) => Promise<T>): Promise<T> {
  const { databaseUrl: url, redisUrl } = env;
  const database = openDatabase({ url, applicationName: "pitwall ops", max: 3, ...PATIENT });
  const closing = [() => database.close()];
  try {
    if (!(await isMigrated(database.db)))
      throw new RefusedError("The database is older than this version. Bring it up to date with: pnpm migrate");
    const onOutage = (error: unknown) => log.warn("Redis does not answer", { error });
    const cache = redisUrl && !isDryRun ? await redisCache(redisUrl, { onOutage }) : memoryCache();
    closing.push(() => cache.close());
    const listening = isDryRun ? undefined : openListening({ url, channel: BEARERS });
    if (listening) closing.push(() => listening.close());
    const services: Omit<AccountContext, "db"> = {
      ...{ cache, log, schedule: SCHEDULE, now: () => new Date(), mailer: missingMailer(log), publicUrl: "" },
      actor: { kind: "system", name: `script:${whoRunsIt()}` },
      // Nobody is signed in here, so nothing that this secret signs is ever shown to anybody.
      auth: createAuth({
        ...{ jwtSecret: randomBytes(32).toString("hex"), issuer: "pitwall", audience: "pitwall" },
        ...(listening && { listening }),
      }),
    };
    const { db } = database;
    return await (isDryRun
      ? rehearsed(db, (tx) => work(callerFor({ ...services, db: tx })))
      : work(callerFor({ ...services, db })));
  } finally {
    await Promise.all(closing.map((close) => close()));
  }
}

/** A user without an entry in the machine's list, as containers have them, is a number. */
function whoRunsIt(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? "unknown"}`;
  }
}

class Rehearsal extends Error {}

async function rehearsed<T>(db: Db, work: (tx: Db) => Promise<T>): Promise<T> {
  const played: { outcome?: { readonly value: T } } = {};
  await withTx(db, async (tx) => {
    played.outcome = { value: await work(tx) };
    throw new Rehearsal();
  }).catch((error: unknown) => {
    if (!(error instanceof Rehearsal)) throw error;
  });
  if (!played.outcome) throw new Error("a rehearsal ended before it was played");
  return played.outcome.value;
}
