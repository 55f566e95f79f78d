import { randomUUID } from "node:crypto";
import { memoryCache } from "@pitwall/cache/memory";
import { redisCache } from "@pitwall/cache/redis";
import { type Database, openDatabase, PATIENT } from "@pitwall/db/database";
import { SCHEDULE } from "@pitwall/domain/schedule";
import type { Log } from "@pitwall/services/context";
import { connectionName } from "@pitwall/services/jobs/workers";
import { smtpMailer } from "@pitwall/services/mail";
import type { JobsEnv } from "./env.ts";
import { sourcesFor } from "./feed/sources.ts";
import { type JobContext, jobContext } from "./tasks/context.ts";

/** One for its transaction, one for its claim to be alone. */
const CONNECTIONS_PER_JOB = 2;

/** The queue needs connections beside those of the jobs: to listen, to take and release jobs, and to say that it is there. */
const BESIDE_JOBS = 4;

export interface JobsDatabase extends Database {
  /** Whose connections these are. */
  readonly worker: string;
}

export function openJobsDatabase({
  databaseUrl,
  concurrency,
}: Pick<JobsEnv, "databaseUrl" | "concurrency">): JobsDatabase {
  const worker = randomUUID();
  const max = CONNECTIONS_PER_JOB * concurrency + BESIDE_JOBS;
  return { worker, ...openDatabase({ url: databaseUrl, applicationName: connectionName(worker), max, ...PATIENT }) };
}

/** What a process needs to do jobs. */
export interface Workshop {
  readonly worker: string;
  readonly ctx: JobContext;
  readonly pool: Database["pool"];
  close(): Promise<void>;
}

export async function openWorkshop(env: JobsEnv, log: Log): Promise<Workshop> {
  const database = openJobsDatabase(env);
  const cache = env.redisUrl
    ? await redisCache(env.redisUrl, { onOutage: (error) => log.warn("Redis does not answer", { error }) })
    : memoryCache();
  return {
    worker: database.worker,
    ctx: jobContext({
      ...{ db: database.db, cache, log, schedule: SCHEDULE },
      ...sourcesFor(database.db, env.source),
      mailer: env.smtp ? smtpMailer(env.smtp) : null,
      publicUrl: env.publicUrl ?? null,
    }),
    pool: database.pool,
    async close() {
      await Promise.all([database.close(), cache.close()]);
    },
  };
}
