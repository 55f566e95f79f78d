import { withTx } from "@pitwall/db/database";
import { jobRuns } from "@pitwall/db/schema";
import { DomainError } from "@pitwall/domain/domain-error";
import { nextTick } from "@pitwall/domain/ticks";
import { and, desc, eq, lt, type SQL, sql } from "drizzle-orm";
import type { ServiceContext } from "../context.ts";
import { audit } from "../internal/audit.ts";
import { type WorkerView, workersAtWork } from "../jobs/workers.ts";
import { CRON, enqueue, type JobName, jobs, keyOf } from "../jobs.ts";

export type RunOutcome = "running" | "done" | "failed" | "abandoned";

/** One attempt at a job. */
export interface RunView {
  readonly id: string;
  readonly task: string;
  readonly payload: unknown;
  readonly attempt: number;
  readonly outcome: RunOutcome;
  readonly error: string | null;
  readonly startedAt: Date;
  readonly endedAt: Date | null;
  readonly tookMs: number | null;
  readonly worker: string;
}

export interface JobState {
  readonly task: JobName;
  /** As cron writes it, in UTC; null for what only happens when something asks for it. */
  readonly schedule: string | null;
  readonly waiting: number;
  readonly running: number;
  /** How many are kept that failed for good. */
  readonly failed: number;
  /** Of a waiting job or the next tick, whichever comes first. */
  readonly nextRunAt: Date | null;
  readonly lastRun: RunView | null;
  readonly lastFailure: RunView | null;
  /** How many attempts have failed since the last one that did not. */
  readonly failuresInARow: number;
  /** Of the last hundred that were done, in milliseconds. */
  readonly took: { readonly mean: number; readonly most: number } | null;
}

/** How every task of the catalogue is doing, and who is at work. */
export async function jobStates(ctx: ServiceContext): Promise<{ items: JobState[]; workers: readonly WorkerView[] }> {
  const queue = await queueByTask(ctx);
  const items: JobState[] = [];
  for (const task of Object.keys(jobs).filter(isJob)) {
    const { waiting = 0, running = 0, failed = 0, dueAt = null } = queue.get(task) ?? {};
    const schedule = CRON[task] ?? null;
    const tickAt = schedule === null ? null : nextTick(schedule, ctx.now());
    const moments = [tickAt, dueAt === null ? null : new Date(dueAt)].filter((moment) => moment !== null);
    items.push({
      task,
      schedule,
      ...{ waiting, running, failed },
      nextRunAt: moments.toSorted((a, b) => a.getTime() - b.getTime())[0] ?? null,
      ...(await historyOf(ctx, task)),
    });
  }
  return { items, workers: await workersAtWork(ctx) };
}

interface Queued {
  readonly task: string;
  readonly waiting: number;
  readonly running: number;
  readonly failed: number;
  readonly dueAt: string | null;
}

async function queueByTask({ db }: ServiceContext): Promise<Map<string, Queued>> {
  const { rows } = await db.execute<Queued & Record<string, unknown>>(sql`
    with job as (select *, locked_at is null and attempts < max_attempts as waits from graphile_worker.jobs)
    select task_identifier as task, count(*) filter (where waits)::int as waiting,
      count(locked_at)::int as running, count(*) filter (where locked_at is null and not waits)::int as failed,
      (min(run_at) filter (where waits))::text as "dueAt"
    from job group by task_identifier`);
  return new Map(rows.map((row) => [row.task, row]));
}

type History = Pick<JobState, "lastRun" | "lastFailure" | "failuresInARow" | "took">;

async function historyOf({ db }: ServiceContext, task: JobName): Promise<History> {
  const hasFailed = sql`outcome in ('failed', 'abandoned')`;
  const newest = async (chosen: SQL | undefined) => {
    const [run] = await db.select().from(jobRuns).where(chosen).orderBy(desc(jobRuns.id)).limit(1);
    return run ? viewOf(run) : null;
  };
  const lastRun = await newest(eq(jobRuns.task, task));
  if (!lastRun) return { lastRun, lastFailure: null, failuresInARow: 0, took: null };
  const { rows } = await db.execute<{ failures: number; mean: number | null; most: number | null }>(sql`
    with done as (
      select id, extract(epoch from ended_at - started_at) * 1000 as ms from job_runs
      where task = ${task} and outcome = 'done' order by id desc limit 100)
    select round(avg(ms))::int as mean, round(max(ms))::int as most,
      (select count(*)::int from job_runs where task = ${task} and ${hasFailed}
        and not exists (select from done where done.id > job_runs.id)) as failures
    from done`);
  const { failures = 0, mean = null, most = null } = rows[0] ?? {};
  return {
    lastRun,
    lastFailure: await newest(and(eq(jobRuns.task, task), hasFailed)),
    failuresInARow: failures,
    took: mean === null || most === null ? null : { mean, most },
  };
}

function viewOf({ jobId: _jobId, outcome, ...run }: typeof jobRuns.$inferSelect): RunView {
  const tookMs = run.endedAt === null ? null : run.endedAt.getTime() - run.startedAt.getTime();
  return { ...run, outcome: outcome ?? "running", tookMs };
}

export interface RunFilter {
  readonly task?: JobName | undefined;
  readonly outcome?: RunOutcome | undefined;
  readonly limit: number;
  /** The `nextCursor` of the page before. */
  readonly cursor?: string | undefined;
}

/** Attempts at jobs, the latest first. */
export async function listRuns(
  ctx: ServiceContext,
  { task, outcome, limit, cursor }: RunFilter,
): Promise<{ items: RunView[]; nextCursor: string | null }> {
  const found = await ctx.db
    .select()
    .from(jobRuns)
    .where(
      and(
        task === undefined ? undefined : eq(jobRuns.task, task),
        outcome === undefined ? undefined : sql`coalesce(${jobRuns.outcome}, 'running') = ${outcome}`,
        cursor === undefined ? undefined : lt(jobRuns.id, cursor),
      ),
    )
    .orderBy(desc(jobRuns.id))
    .limit(limit + 1);
  const items = found.slice(0, limit).map(viewOf);
  return { items, nextCursor: found.length > limit ? (items.at(-1)?.id ?? null) : null };
}

export interface QueuedJob {
  readonly task: JobName;
  readonly payload: unknown;
  /** How many workers there are to do it; none, and it waits. */
  readonly workers: number;
}

/** Has a task done now, whatever the clock says. One that waits already with the same payload is done instead. */
export async function runJob(
  ctx: ServiceContext,
  { task, payload }: { readonly task: JobName; readonly payload: unknown },
): Promise<QueuedJob> {
  const carried = jobs[task].parse(payload);
  await withTx(ctx.db, async (db) => {
    await enqueue({ db }, task, carried, keyOf(task, carried));
    await audit({ ...ctx, db }, { act: "run_job", subject: task, detail: { payload: carried } });
  });
  return { task, payload: carried, workers: (await workersAtWork(ctx)).length };
}

/** Tries again what has failed, or what its worker has abandoned. */
export async function retryRun(ctx: ServiceContext, { id }: { readonly id: string }): Promise<QueuedJob> {
  const queued = await withTx(ctx.db, async (db) => {
    const [run] = await db.select().from(jobRuns).where(eq(jobRuns.id, id));
    if (!run) throw new DomainError("not_found", "run.not_found", "There is no such attempt, or it is too long ago.");
    const { task, payload, outcome, jobId } = run;
    if (outcome !== "failed" && outcome !== "abandoned")
      throw new DomainError(
        "conflict",
        "run.not_failed",
        `That attempt ${outcome === null ? "still runs" : "was done"}.`,
      );
    const carried = isJob(task) ? jobs[task].safeParse(payload) : null;
    if (!isJob(task) || !carried?.success)
      throw new DomainError("broken_rule", "run.outdated", "This version does not know that job any more.");
    // Otherwise what failed would be kept beside the new one, or be tried again by itself.
    if (jobId !== null) await db.execute(sql`select graphile_worker.complete_jobs(array[${jobId}::bigint])`);
    await enqueue({ db }, task, carried.data, keyOf(task, carried.data));
    await audit({ ...ctx, db }, { act: "retry_run", subject: id, detail: { task, payload: carried.data } });
    return { task, payload: carried.data };
  });
  return { ...queued, workers: (await workersAtWork(ctx)).length };
}

function isJob(name: string): name is JobName {
  return Object.hasOwn(jobs, name);
}
