import { RATE_LIMITS, type RateLimits } from "@pitwall/api";
import type { Db } from "@pitwall/db/database";
import type { Schedule } from "@pitwall/domain/schedule";
import { createJobTimer } from "@pitwall/jobs/metrics";
import { jobContext, type Sources } from "@pitwall/jobs/tasks/context";
import { catchUp, startTicker } from "@pitwall/jobs/ticker";
import { startWorker } from "@pitwall/jobs/worker";
import { openJobsDatabase } from "@pitwall/jobs/workshop";
import type { Env } from "@pitwall/server/env";
import { startServer } from "@pitwall/server/serve";
import { openServices } from "@pitwall/server/services";
import type { AccountContext, Log, Mailer } from "@pitwall/services/context";
import { createMetrics, tellOfProcess } from "@pitwall/services/stats/metrics";

export interface HouseOptions {
  readonly env: Omit<Env, "databaseUrl">;
  readonly databaseUrl: string;
  readonly log: Log;
  readonly schedule: Schedule;
  readonly sources: (db: Db) => Sources;
  readonly mailer: Mailer;
  readonly concurrency: number;
  /** Null where nobody is slowed down. */
  readonly limits?: RateLimits | null;
  /** Milliseconds between the turns of a clock in fast motion; left out, the real clock speaks through cron. */
  readonly tickEvery?: number;
  /** Makes the database playable, before anybody is let in. */
  readonly prepare: (ctx: AccountContext) => Promise<void>;
}

export interface House {
  readonly url: string;
  readonly ctx: AccountContext;
  /** Settles when the worker ends; unasked for, that is a fault. */
  readonly workerEnded: Promise<void>;
  close(): Promise<void>;
}

/** Server and worker in one process, on one database and one cache. */
export async function openHouse(options: HouseOptions): Promise<House> {
  const { env, log, schedule, databaseUrl, mailer } = options;
  const opened = await openServices({ env, databaseUrl, applicationName: "pitwall-local", log, schedule, mailer });
  const { services, ready } = opened;
  const ofJobs = openJobsDatabase(options);
  const metrics = tellOfProcess(createMetrics(services));
  const { host, port, publicUrl, corsOrigins, trustedProxies, metricsToken } = env;
  const ctx: AccountContext = { ...services, actor: { kind: "system", name: "start" } };
  await options.prepare({ ...ctx, db: ofJobs.db });

  const limits = options.limits === undefined ? RATE_LIMITS : options.limits;
  const server = await startServer({
    services,
    ready,
    patient: opened.patient,
    limits,
    metrics,
    settings: { publicUrl, corsOrigins, trustedProxies, metricsToken },
    host,
    port,
  });
  const sources = options.sources(ofJobs.db);
  const post = { mailer, publicUrl: services.publicUrl };
  const jobs = jobContext({ db: ofJobs.db, cache: services.cache, log, schedule, ...sources, ...post });
  const worker = await startWorker({
    id: ofJobs.worker,
    pool: ofJobs.pool,
    timer: createJobTimer(metrics),
    ctx: jobs,
    concurrency: options.concurrency,
    cron: options.tickEvery === undefined,
  });
  if (options.tickEvery === undefined) await catchUp(jobs);
  const stopTicker = options.tickEvery === undefined ? undefined : startTicker(jobs, options.tickEvery);
  return {
    url: server.url,
    ctx,
    workerEnded: worker.finished,
    async close() {
      await Promise.all([server.close(), stopTicker?.()]);
      await worker.stop();
      await Promise.all([opened.close(), ofJobs.close()]);
    },
  };
}
