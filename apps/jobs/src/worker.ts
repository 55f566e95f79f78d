import type { Database } from "@pitwall/db/database";
import type { Log } from "@pitwall/services/context";
import { type JobName, jobs } from "@pitwall/services/jobs";
import { type CronItem, Logger, parseCronItems, run, type TaskList } from "graphile-worker";
import type { JobContext } from "./tasks/context.ts";
import { CRON, tasks } from "./tasks/index.ts";

export interface WorkerOptions {
  readonly pool: Database["pool"];
  readonly ctx: JobContext;
  readonly concurrency: number;
  /** Off where somebody else turns the clock: a replay, a test. */
  readonly cron: boolean;
}

export interface Worker {
  /** Resolves when the worker has ended as it was asked to. Rejects as soon as it begins to end by itself. */
  readonly finished: Promise<void>;
  /** Lets running jobs finish and takes no new ones. Calling it again waits for the same end. */
  stop(): Promise<void>;
}

/** Runs the jobs of the queue in this process, as many at once as `concurrency` says. */
export async function startWorker({ pool, ctx, concurrency, cron }: WorkerOptions): Promise<Worker> {
  const runner = await run({
    pgPool: pool,
    taskList: taskList(ctx),
    parsedCronItems: parseCronItems(cron ? cronItems() : []),
    noHandleSignals: true,
    logger: quietLogger(ctx.log),
    preset: {
      worker: {
        concurrentJobs: concurrency,
        // With no delay a finished job is released before the worker stops; the default leaves it locked for four hours.
        completeJobBatchDelay: 0,
        failJobBatchDelay: 0,
        gracefulShutdownAbortTimeout: 10_000,
      },
    },
  });
  const end = Promise.withResolvers<void>();
  runner.promise.then(end.resolve, end.reject);
  let isAsked = false;
  let stopping: Promise<void> | undefined;
  // After a failure of the queue the runner may never say that it has ended, though it takes no more jobs.
  runner.events.on("pool:gracefulShutdown", ({ message }) => {
    if (!isAsked) end.reject(new Error(message));
  });
  // What tasks there are is looked up once, and a failure of that is remembered for ever: then every attempt ends in it.
  const failures = new WeakSet<object>();
  runner.events.on("worker:getJob:error", ({ error }) => {
    if (!(error instanceof Error)) return;
    if (failures.has(error)) end.reject(new Error("the worker is deaf: it cannot learn its tasks", { cause: error }));
    failures.add(error);
  });
  // Whoever waits for the end hears of it; nobody has to.
  end.promise.catch(() => undefined);
  return {
    finished: end.promise,
    stop() {
      isAsked = true;
      stopping ??= Promise.race([runner.stop(), end.promise]).catch(() => undefined);
      return stopping;
    },
  };
}

/**
 * A tick that was missed is not made up for: the next one finds whatever is due. For the same reason it has one attempt, and
 * a key, so that ticks which nobody works off do not pile up.
 */
function cronItems(): CronItem[] {
  return CRON.map(({ task, match }) => ({ task, match, options: { backfillPeriod: 0, maxAttempts: 1, jobKey: task } }));
}

function taskList(ctx: JobContext): TaskList {
  const names = Object.keys(jobs).filter((name): name is JobName => name in jobs);
  return Object.fromEntries(names.map((name) => [name, (payload: unknown) => attempt(ctx, name, payload)]));
}

/** The log is told everything. The queue keeps what this throws, for the admin to see. */
async function attempt(ctx: JobContext, task: JobName, payload: unknown): Promise<void> {
  try {
    await runTask(ctx, task, payload);
  } catch (error) {
    ctx.log.error("a job failed", { task, payload, cause: error });
    throw new Error(reasonOf(error));
  }
}

/**
 * A payload is unknown until parsed: the row may be older than this version. The casts are safe because catalogue and tasks
 * are keyed by the same name, which the compiler cannot follow through a union.
 */
export async function runTask<N extends JobName>(ctx: JobContext, name: N, payload: unknown): Promise<void> {
  const task: (ctx: JobContext, payload: never) => Promise<void> = tasks[name];
  await task(ctx, jobs[name].parse(carried(payload)) as never);
}

/** The queue's clock writes its moment into what a job carries. */
function carried(payload: unknown): unknown {
  if (typeof payload !== "object" || payload === null || !("_cron" in payload)) return payload ?? {};
  const { _cron, ...ours } = payload;
  return ours;
}

/** Of a failed query only what the database said: the values it was asked with may be anybody's secret. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return "params" in error
    ? `a query failed: ${error.cause instanceof Error ? error.cause.message : ""}`
    : error.message;
}

/** Failed jobs have been told of already. */
function quietLogger(log: Log): Logger {
  return new Logger((scope) => (level, message, meta) => {
    const facts = { label: scope.label, task: scope.taskIdentifier };
    if (level === "error" && !meta?.failure) log.error(message, facts);
    if (level === "warning") log.warn(message, facts);
  });
}
