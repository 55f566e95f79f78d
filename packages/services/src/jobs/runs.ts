import { jobRuns } from "@pitwall/db/schema";
import { nextTick } from "@pitwall/domain/ticks";
import { and, eq, inArray, isNull, max, sql } from "drizzle-orm";
import type { ServiceContext } from "../context.ts";
import { CRON, type JobName } from "../jobs.ts";
import { alertOfFailures } from "./failures.ts";

export interface Attempt {
  readonly task: JobName;
  readonly payload: unknown;
  /** In the queue; null for a task that is done by hand. */
  readonly jobId: number | null;
  /** The first is 1. */
  readonly attempt: number;
  readonly worker: string;
}

/** Keeps a record of an attempt while it is made, and throws what it throws. */
export async function recorded(ctx: ServiceContext, attempt: Attempt, work: () => Promise<void>): Promise<void> {
  const [run] = await ctx.db.insert(jobRuns).values(attempt).returning({ id: jobRuns.id });
  if (!run) throw new Error("a new run came back without its row");
  try {
    await work();
  } catch (error) {
    const words = wordsOf(error);
    await ended(ctx, run.id, "failed", words);
    await alertOfFailures(ctx, { ...attempt, error: words }).catch((cause: unknown) =>
      ctx.log.warn("nobody could be alerted of a job that fails", { task: attempt.task, cause }),
    );
    throw error;
  }
  await ended(ctx, run.id, "done");
}

/** What has been said to be abandoned stays so: others have taken over. */
async function ended(ctx: ServiceContext, id: string, outcome: "done" | "failed", error?: string): Promise<void> {
  try {
    const { rowCount } = await ctx.db
      .update(jobRuns)
      .set({ endedAt: sql`clock_timestamp()`, outcome, error })
      .where(and(eq(jobRuns.id, id), isNull(jobRuns.endedAt)));
    if (rowCount === 0) ctx.log.warn("a job ended after it had been taken over", { run: id, outcome });
  } catch (cause) {
    ctx.log.warn("how a job ended could not be written down", { run: id, outcome, cause });
  }
}

/** Of which tasks a tick has gone by since they were last begun. What was never begun has missed one. */
export async function missedTicks(ctx: ServiceContext): Promise<JobName[]> {
  const begun = await ctx.db
    .select({ task: jobRuns.task, at: max(jobRuns.startedAt) })
    .from(jobRuns)
    .where(inArray(jobRuns.task, Object.keys(CRON)))
    .groupBy(jobRuns.task);
  const names = Object.keys(CRON).filter((name): name is JobName => name in CRON);
  return names.filter((name) => {
    const last = begun.find(({ task }) => task === name)?.at;
    const next = last ? nextTick(CRON[name] ?? "", last) : ctx.now();
    return next !== null && next <= ctx.now();
  });
}

const LONGEST = 500;

/** `name@host`, and what stands before the host of an address with a password in it. */
const ADDRESS = /[^\s<>"'(]+@[^\s<>"')]+/g;

/**
 * What went wrong, for an admin to read. Of a failed query only what the database said: the values it was asked with may be
 * anybody's secret.
 */
export function wordsOf(error: unknown): string {
  return plainWords(error).replaceAll(ADDRESS, "[hidden]").slice(0, LONGEST);
}

function plainWords(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return "params" in error
    ? `a query failed: ${error.cause instanceof Error ? error.cause.message : ""}`
    : error.message;
}
