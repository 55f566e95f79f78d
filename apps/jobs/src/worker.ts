import { randomUUID } from "node:crypto";
import { EventEmitter } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import type { Database } from "@pitwall/db/database";
import { SECOND } from "@pitwall/domain/durations";
import type { Log } from "@pitwall/services/context";
import { CRON, type JobName, jobs } from "@pitwall/services/jobs";
import { type Attempt, recorded, wordsOf } from "@pitwall/services/jobs/runs";
import { type CronItem, Logger, parseCronItems, run, type TaskList, type WorkerEvents } from "graphile-worker";
import type { JobTimer } from "./metrics.ts";
import { attend, type Rhythm } from "./presence.ts";
import type { JobContext } from "./tasks/context.ts";
import { tasks } from "./tasks/index.ts";

export interface WorkerOptions {
  readonly pool: Database["pool"];
  readonly ctx: JobContext;
  /** As its connections are named; left out, they cannot be cut by others. */
  readonly id?: string;
  readonly rhythm?: Rhythm;
  readonly timer?: JobTimer;
  readonly concurrency: number;
  /** Off where somebody else turns the clock: a replay, a test. */
  readonly cron: boolean;
}

export interface Worker {
  /** Resolves when the worker has ended as it was asked to. Rejects as soon as it begins to end by itself. */
  readonly finished: Promise<void>;
  /**
   * Takes no new jobs, lets those that run finish for a while, and leaves the others to other workers. Calling it again
   * waits for the same end.
   */
  stop(): Promise<void>;
}

/** How long a worker that stops waits for what it has begun. */
const GRACE = 20 * SECOND;

/** Runs the jobs of the queue in this process, as many at once as `concurrency` says. */
export async function startWorker(options: WorkerOptions): Promise<Worker> {
  const { pool, ctx, id = randomUUID(), timer, concurrency, cron } = options;
  const events: WorkerEvents = new EventEmitter();
  let lockedBy: string | null = null;
  events.on("pool:create", ({ workerPool }) => {
    lockedBy = workerPool.id;
  });
  const runner = await run({
    pgPool: pool,
    events,
    taskList: taskList(ctx, id, timer),
    parsedCronItems: parseCronItems(cron ? cronItems() : []),
    noHandleSignals: true,
    logger: quietLogger(ctx.log),
    preset: {
      worker: {
        concurrentJobs: concurrency,
        // A job that was taken over wakes nobody.
        pollInterval: Math.min(2 * SECOND, options.rhythm?.every ?? 2 * SECOND),
        // With no delay a finished job is released before the worker stops; the default leaves it locked for four hours.
        completeJobBatchDelay: 0,
        failJobBatchDelay: 0,
        gracefulShutdownAbortTimeout: GRACE,
      },
    },
  });
  const end = Promise.withResolvers<void>();
  runner.promise.then(end.resolve, end.reject);
  let isAsked = false;
  let stopping: Promise<void> | undefined;
  // After a failure of the queue the runner may never say that it has ended, though it takes no more jobs.
  events.on("pool:gracefulShutdown", ({ message }) => {
    if (!isAsked) end.reject(new Error(message));
  });
  // What tasks there are is looked up once, and a failure of that is remembered for ever: then every attempt ends in it.
  const failures = new WeakSet<object>();
  events.on("worker:getJob:error", ({ error }) => {
    if (!(error instanceof Error)) return;
    if (failures.has(error)) end.reject(new Error("the worker is deaf: it cannot learn its tasks", { cause: error }));
    failures.add(error);
  });
  // Whoever waits for the end hears of it; nobody has to.
  end.promise.catch(() => undefined);
  const presence = attend(ctx, { id, pool: lockedBy }, options.rhythm);
  presence.catch(end.reject);
  const stop = async () => {
    const wait = new AbortController();
    const grace = sleep(GRACE, undefined, { signal: wait.signal, ref: false });
    await Promise.race([runner.stop(), end.promise, grace]).catch(() => undefined);
    wait.abort();
    const leave = await presence;
    await leave();
  };
  return {
    finished: end.promise,
    stop() {
      isAsked = true;
      stopping ??= stop().catch((error) => ctx.log.warn("the worker could not take its leave", { error }));
      return stopping;
    },
  };
}

/**
 * A tick has one attempt, since the next one finds whatever is due, and a key, so that ticks which nobody works off are one.
 * The queue would make up for missed ticks one by one: `catchUp` does it for all at once.
 */
function cronItems(): CronItem[] {
  return Object.entries(CRON).map(([task, match]) => ({
    task,
    match,
    options: { backfillPeriod: 0, maxAttempts: 1, jobKey: task },
  }));
}

function taskList(ctx: JobContext, worker: string, timer: JobTimer | undefined): TaskList {
  const names = Object.keys(jobs).filter((name): name is JobName => name in jobs);
  const entries = names.map((task): [string, TaskList[string]] => [
    task,
    (payload, { job }) =>
      attempt(ctx, { task, payload: carried(payload), jobId: Number(job.id), attempt: job.attempts, worker }, timer),
  ]);
  return Object.fromEntries(entries);
}

/** The log is told everything. The queue keeps what this throws, for the admin to see. */
async function attempt(ctx: JobContext, one: Attempt, timer: JobTimer | undefined): Promise<void> {
  const { task, payload } = one;
  const startedAt = performance.now();
  const told = (outcome: "done" | "failed") => timer?.({ task, outcome, ms: performance.now() - startedAt });
  try {
    await recorded(ctx, one, () => runTask(ctx, task, payload));
    told("done");
  } catch (error) {
    told("failed");
    ctx.log.error("a job failed", { task, payload, attempt: one.attempt, cause: error });
    throw new Error(wordsOf(error));
  }
}

/**
 * A payload is unknown until parsed: the row may be older than this version. The casts are safe because catalogue and tasks
 * are keyed by the same name, which the compiler cannot follow through a union.
 */
export async function runTask<N extends JobName>(ctx: JobContext, name: N, payload: unknown): Promise<void> {
  const task: (ctx: JobContext, payload: never) => Promise<void> = tasks[name];
  await task(ctx, jobs[name].parse(payload) as never);
}

/** The queue's clock writes its moment into what a job carries. */
function carried(payload: unknown): unknown {
  if (typeof payload !== "object" || payload === null || !("_cron" in payload)) return payload ?? {};
  const { _cron, ...ours } = payload;
  return ours;
}

/** Failed jobs have been told of already. */
function quietLogger(log: Log): Logger {
  return new Logger((scope) => (level, message, meta) => {
    const facts = { label: scope.label, task: scope.taskIdentifier };
    if (level === "error" && !meta?.failure) log.error(message, facts);
    if (level === "warning") log.warn(message, facts);
  });
}
