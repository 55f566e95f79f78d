import { sql } from "drizzle-orm";
import { z } from "zod";
import type { ServiceContext } from "./context.ts";

/** Every job there is, and what it carries: ids only, since the row may have changed by the time the job runs. */
export const jobs = {
  "watch-results": z.strictObject({}),
  /** `anyway`: though the schedule has no look now. */
  "check-result": z.strictObject({ raceId: z.int().positive(), anyway: z.literal(true).optional() }),
  "lock-races": z.strictObject({}),
  "remind-of-lock": z.strictObject({}),
  "send-mails": z.strictObject({}),
  /** The season that is named, at once; without one, that which is being played, if it is due. */
  "sync-season": z.strictObject({ season: z.int().optional() }),
  "delete-old": z.strictObject({}),
  "check-consistency": z.strictObject({}),
  "driver-statistics": z.strictObject({}),
  "build-leagues": z.strictObject({ season: z.int() }),
  "build-league": z.strictObject({ leagueId: z.uuid() }),
} as const;

export type JobName = keyof typeof jobs;
export type JobPayload<N extends JobName> = z.infer<(typeof jobs)[N]>;

/** When the clock speaks, in UTC, as cron writes it. */
export const CRON: Partial<Record<JobName, string>> = {
  "watch-results": "0 * * * *",
  "lock-races": "*/5 * * * *",
  "remind-of-lock": "*/5 * * * *",
  "send-mails": "*/5 * * * *",
  "sync-season": "0 */3 * * *",
  "delete-old": "0 2 * * *",
  "check-consistency": "0 3 * * *",
  "driver-statistics": "0 3 * * 1",
};

/** Under which a job waits: once for each payload, however often it is asked for. */
export function keyOf(name: JobName, payload: object): string {
  return [name, ...Object.values(payload)].join(":");
}

/**
 * Queues a job in the caller's transaction: a worker sees it only if that transaction commits. With a key, a job still
 * waiting under it is replaced, so that ticks cannot pile up. One attempt only: the tables say what is due, and the next
 * tick asks again.
 */
export async function enqueue<N extends JobName>(
  ctx: Pick<ServiceContext, "db">,
  name: N,
  payload: JobPayload<N>,
  key?: string,
): Promise<void> {
  const body = JSON.stringify(jobs[name].parse(payload));
  await ctx.db.execute(
    sql`select graphile_worker.add_job(${name}, ${body}::json, job_key => ${key ?? null}, max_attempts => 1)`,
  );
}

/** Queues a job as `enqueue` does, to be done no sooner than in so many milliseconds. */
export async function enqueueIn<N extends JobName>(
  ctx: Pick<ServiceContext, "db">,
  name: N,
  payload: JobPayload<N>,
  { key, inMs }: { readonly key: string; readonly inMs: number },
): Promise<void> {
  const body = JSON.stringify(jobs[name].parse(payload));
  await ctx.db.execute(
    sql`select graphile_worker.add_job(${name}, ${body}::json, job_key => ${key}::text, max_attempts => 1,
      run_at => clock_timestamp() + ${inMs}::float8 * interval '1 millisecond')`,
  );
}

/**
 * Queues a job that answers a change, to be done within so many milliseconds; changes that come before it is done share it.
 * No tick asks for it again, so a failure is tried again.
 */
export async function enqueueDebounced<N extends JobName>(
  ctx: Pick<ServiceContext, "db">,
  name: N,
  payload: JobPayload<N>,
  { key, within }: { readonly key: string; readonly within: number },
): Promise<void> {
  const body = JSON.stringify(jobs[name].parse(payload));
  await ctx.db.execute(
    sql`select graphile_worker.add_job(${name}, ${body}::json, job_key => ${key}::text, job_key_mode => 'preserve_run_at',
      run_at => clock_timestamp() + ${within}::int * interval '1 millisecond', max_attempts => 5)`,
  );
}

/** How many jobs wait in the queue or are being done. One that failed for good is neither. */
export async function openJobs(ctx: Pick<ServiceContext, "db">): Promise<number> {
  const { rows } = await ctx.db.execute<{ open: number }>(
    sql`select count(*)::int as open from graphile_worker.jobs where locked_at is not null or attempts < max_attempts`,
  );
  return rows[0]?.open ?? 0;
}
