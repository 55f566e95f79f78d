import { sql } from "drizzle-orm";
import { bigint, check, index, integer, jsonb, pgTable, smallint, text, uuid } from "drizzle-orm/pg-core";
import { agedId, moment } from "./columns.ts";

/** The processes that do jobs. Who has not been seen for a while is dead, or as good as: its row goes, others take over. */
export const workers = pgTable("workers", {
  id: uuid("id").primaryKey(),
  /** The name under which the queue locks jobs for it; null for one that takes none from the queue. */
  pool: text("pool"),
  host: text("host").notNull(),
  pid: integer("pid").notNull(),
  startedAt: moment("started_at").notNull().default(sql`clock_timestamp()`),
  seenAt: moment("seen_at").notNull().default(sql`clock_timestamp()`),
});

/** Every attempt at a job, however it was asked for. `worker` may be gone from its table. Pruned after 30 days. */
export const jobRuns = pgTable(
  "job_runs",
  {
    id: agedId(),
    task: text("task").notNull(),
    payload: jsonb("payload").$type<unknown>().notNull(),
    /** In the queue; null for a task that was done by hand. */
    jobId: bigint("job_id", { mode: "number" }),
    attempt: smallint("attempt").notNull(),
    worker: uuid("worker").notNull(),
    startedAt: moment("started_at").notNull().default(sql`clock_timestamp()`),
    endedAt: moment("ended_at"),
    outcome: text("outcome", { enum: ["done", "failed", "abandoned"] }),
    /** What to tell an admin, without values that a query or a mail was made with. */
    error: text("error"),
  },
  (t) => [
    index("job_runs_task").on(t.task, t.id),
    index("job_runs_open").on(t.worker).where(sql`${t.endedAt} is null`),
    check("job_runs_outcome_known", sql`${t.outcome} in ('done', 'failed', 'abandoned')`),
    check("job_runs_ended_with_outcome", sql`(${t.endedAt} is null) = (${t.outcome} is null)`),
  ],
);
