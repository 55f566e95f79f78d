import { jobRuns } from "@pitwall/db/schema";
import { and, asc, eq, sql } from "drizzle-orm";
import type { ServiceContext } from "../context.ts";
import { alertAdmins } from "../internal/admin-alerts.ts";

/** One failure is mended by the next attempt, and two may have the same cause. */
const TOO_MANY = 3;

/** Tells the admins of a job that has failed again and again, once until it is done for once. */
export async function alertOfFailures(
  ctx: ServiceContext,
  { task, payload, error }: { readonly task: string; readonly payload: unknown; readonly error: string },
): Promise<void> {
  const [first, ...more] = await ctx.db
    .select({ id: jobRuns.id, startedAt: jobRuns.startedAt })
    .from(jobRuns)
    .where(
      and(
        eq(jobRuns.task, task),
        sql`payload = ${JSON.stringify(payload)}::jsonb and outcome in ('failed', 'abandoned') and not exists (
          select from job_runs done where done.outcome = 'done' and done.task = job_runs.task
            and done.payload = job_runs.payload and done.id > job_runs.id)`,
      ),
    )
    .orderBy(asc(jobRuns.id))
    .limit(TOO_MANY);
  if (!first || more.length < TOO_MANY - 1) return;
  await alertAdmins(ctx, {
    about: `job ${task} since ${first.id}`,
    reason: "failing",
    title: `The job ${task} fails again and again`,
    body: `It has failed since ${first.startedAt.toISOString()}, of late with: ${error}`,
    link: `/api/v1/admin/jobs/runs?task=${task}`,
    data: { task, payload },
  });
}
