import { seasonFacts, shippedSeasons } from "@pitwall/db/facts";
import { migrate } from "@pitwall/db/migrate";
import { SECOND } from "@pitwall/domain/durations";
import { EnvError } from "@pitwall/services/environment";
import { jsonLog } from "@pitwall/services/log";
import { onceTheDatabaseAnswers } from "@pitwall/services/outages";
import { recordShippedResults } from "@pitwall/services/results/shipped";
import { seedSeason } from "@pitwall/services/seasons/seed";
import { createMetrics, tellOfProcess } from "@pitwall/services/stats/metrics";
import type { Registry } from "prom-client";
import { type JobsEnv, readJobsEnv } from "./env.ts";
import { createJobTimer, type JobTimer } from "./metrics.ts";
import { type Monitor, openMonitor } from "./monitor.ts";
import type { JobContext } from "./tasks/context.ts";
import { catchUp } from "./ticker.ts";
import { startWorker, type Worker } from "./worker.ts";
import { openWorkshop, type Workshop } from "./workshop.ts";

/** A job that does not end is left behind after this long: its transaction is undone, and the next tick does it again. */
const PATIENCE = 25 * SECOND;

/** What is broken may not close at all, and a supervisor waits to start a whole one. */
const PATIENCE_WITH_FAULTS = 2 * SECOND;

const env = envOrExit();
const log = jsonLog({ level: env.logLevel });

// Whatever nobody waited for is a bug: said once, and the process ends, so that a supervisor starts a whole one.
process.on("uncaughtException", (error) => {
  log.error("a failure that nobody handled", { cause: error });
  process.exit(1);
});
for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => void stop(0, { signal }));

let stopping: Promise<void> | undefined;
let workshop: Workshop | undefined;
let worker: Worker | undefined;
let monitor: Monitor | undefined;

if (!env.redisUrl) log.warn("REDIS_URL is not set: what other processes keep in their caches is not cleared from here");
try {
  workshop = await openWorkshop(env, log);
  const { ctx } = workshop;
  const metrics = tellOfProcess(createMetrics(ctx));
  monitor = await monitored(ctx, metrics);
  await onceTheDatabaseAnswers(log, () => prepare(ctx));
  await work(workshop, createJobTimer(metrics));
} catch (error) {
  if (error instanceof EnvError) giveUp(error);
  await fail("the worker could not start", error);
}

/** Probes are answered from the start: while the database is away or is being migrated, that this worker lives and does not work. */
async function monitored(ctx: JobContext, metrics: Registry): Promise<Monitor | undefined> {
  const { port, ...door } = env.monitor;
  if (port === undefined) return undefined;
  const isWorking = () => worker !== undefined && stopping === undefined;
  const opened = await openMonitor({ ...door, port, ctx, metrics, isWorking });
  log.info("monitored", { port: opened.port });
  return opened;
}

async function prepare(ctx: JobContext): Promise<void> {
  await migrate({ url: env.databaseUrl });
  for (const year of shippedSeasons()) {
    const facts = seasonFacts(year);
    await seedSeason(ctx, facts);
    await recordShippedResults(ctx, facts);
  }
}

/** The first tick makes up for all that were missed while nobody worked. */
async function work({ worker: id, pool, ctx }: Workshop, timer: JobTimer): Promise<void> {
  worker = await startWorker({ id, pool, ctx, timer, concurrency: env.concurrency, cron: true });
  void worker.finished.catch((fault) => fail("the worker ended though nobody asked it to", fault));
  await catchUp(ctx);
  log.info("working", { concurrency: env.concurrency, source: env.source.baseUrl });
}

/** What goes wrong while everything is being closed is part of it. */
async function fail(message: string, fault: unknown): Promise<void> {
  if (stopping === undefined) log.error(message, { cause: fault });
  await stop(1);
}

function stop(code: number, facts: Record<string, unknown> = {}): Promise<void> {
  stopping ??= (async () => {
    log.info("stopping", facts);
    setTimeout(() => process.exit(1), code === 0 ? PATIENCE : PATIENCE_WITH_FAULTS).unref();
    await worker?.stop();
    await monitor?.close();
    await workshop?.close();
    log.info("stopped");
    process.exit(code);
  })();
  return stopping;
}

function envOrExit(): JobsEnv {
  try {
    return readJobsEnv();
  } catch (error) {
    if (!(error instanceof EnvError)) throw error;
    giveUp(error);
  }
}

function giveUp(fault: EnvError): never {
  console.error(fault.inWords);
  process.exit(1);
}
