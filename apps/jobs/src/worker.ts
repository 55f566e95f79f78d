import type { Database } from "@pitwall/db/database";
import { type JobName, jobs } from "@pitwall/services/jobs";
import { Logger, parseCronItems, run, type TaskList } from "graphile-worker";
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
  /** Settles when the worker ends for whatever reason; unasked for, that is a fault of the process. */
  readonly finished: Promise<void>;
  /** Lets running jobs finish and takes no new ones. */
  stop(): Promise<void>;
}

/** Runs the jobs of the queue in this process, as many at once as `concurrency` says. */
export async function startWorker(options: WorkerOptions): Promise<Worker> {
  const runner = await run({
    pgPool: options.pool,
    taskList: taskList(options.ctx),
    parsedCronItems: options.cron ? parseCronItems(CRON.map(({ task, match }) => ({ task, match, options: { backfillPeriod: 0 } }))) : [],
    noHandleSignals: true,
    logger: quietLogger(options.ctx),
    preset: {
      worker: {
        concurrentJobs: options.concurrency,
        // With no delay a finished job is released before the worker stops; the default leaves it locked for four hours.
        completeJobBatchDelay: 0,
        failJobBatchDelay: 0,
        gracefulShutdownAbortTimeout: 10_000,
      },
    },
  });
  let isStopped = false;
  return {
    finished: runner.promise,
    stop: async () => {
      if (isStopped) return;
      isStopped = true;
      await runner.stop();
    },
  };
}

function taskList(ctx: JobContext): TaskList {
  const names = Object.keys(jobs).filter((name): name is JobName => name in jobs);
  return Object.fromEntries(names.map((name) => [name, (payload: unknown) => runTask(ctx, name, payload)]));
}

/**
 * A payload is unknown until parsed: the row may be older than this version. The casts are safe because catalogue and tasks
 * are keyed by the same name, which the compiler cannot follow through a union.
 */
export async function runTask<N extends JobName>(ctx: JobContext, name: N, payload: unknown): Promise<void> {
  const task: (ctx: JobContext, payload: never) => Promise<void> = tasks[name];
  await task(ctx, jobs[name].parse(payload ?? {}) as never);
}

function quietLogger(ctx: JobContext): Logger {
  return new Logger((scope) => (level, message) => {
    if (level === "error") ctx.log.error(message, { label: scope.label, task: scope.taskIdentifier });
    if (level === "warning") ctx.log.warn(message, { label: scope.label, task: scope.taskIdentifier });
  });
}
