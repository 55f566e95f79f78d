import { setTimeout as pause } from "node:timers/promises";
import { jobs as CATALOGUE } from "@pitwall/services/jobs";
import { sql } from "drizzle-orm";
import type { Bench } from "../bench.ts";
import { accompanied } from "../processes.ts";
import { inTurn, type Sample, timed } from "../samples.ts";
import type { Workload } from "../workload.ts";

const QUEUED_A_SECOND = 1_500;
const FEWEST = 100;

interface Worker {
  readonly program: URL;
  readonly task: string;
}

/** Ours on its cheapest task: where no mail server is known there is nothing to send, but the attempt is written down. */
const OURS: Worker = { program: new URL("../workers/ours.ts", import.meta.url), task: "send-mails" };
const BARE: Worker = { program: new URL("../workers/bare.ts", import.meta.url), task: "bare" };

/** What the queue takes, through our worker and through a bare one. */
export const jobs: Workload = {
  name: "jobs",
  async *lines(bench) {
    yield {
      ...{ what: "jobs that wait, until all are done", warmUps: 1 },
      round: () => working(bench, OURS, () => allOf(bench, OURS)),
      limit: {
        ...{ what: "bare graphile-worker", by: "throughput" },
        round: () => working(bench, BARE, () => allOf(bench, BARE)),
      },
    };
    yield {
      ...{ what: "one job, from queueing until it is done", warmUps: 1 },
      round: () => working(bench, OURS, () => inTurn(bench.scale.calls, () => oneOf(bench, OURS))),
      limit: {
        ...{ what: "bare graphile-worker", by: "median" },
        round: () => working(bench, BARE, () => inTurn(bench.scale.calls, () => oneOf(bench, BARE))),
      },
    };
  },
};

/** One worker at a time: each would be woken by what is queued for the other. */
async function working(bench: Bench, worker: Worker, work: () => Promise<Sample>): Promise<Sample> {
  const companion = await accompanied(worker.program, { DATABASE_URL: bench.url, LOG_LEVEL: "error" });
  try {
    // What the game has queued comes first, and is not what is measured. The bare one leaves it alone.
    if (worker === OURS) await untilDone(bench, Object.keys(CATALOGUE), PATIENT);
    return await work();
  } finally {
    await companion.stop();
  }
}

async function allOf(bench: Bench, { task }: Worker): Promise<Sample> {
  const many = Math.max(FEWEST, Math.round(QUEUED_A_SECOND * bench.scale.seconds));
  await queue(bench, task, many);
  const { throughput } = await timed(() => untilDone(bench, [task], PATIENT), many);
  return { median: null, p99: null, throughput };
}

async function oneOf(bench: Bench, { task }: Worker): Promise<void> {
  await queue(bench, task, 1);
  await untilDone(bench, [task], 0);
}

async function queue({ database: { db } }: Bench, task: string, many: number): Promise<void> {
  await db.execute(sql`
    select count(graphile_worker.add_job(${task}, '{}'::json, max_attempts => 1)) from generate_series(1, ${many}::int)`);
}

const PATIENT = 5;

/** Until none of them waits that is due, looked for as often as the queue answers, or every so many milliseconds. */
async function untilDone({ database: { pool } }: Bench, tasks: readonly string[], every: number): Promise<void> {
  for (;;) {
    const { rows } = await pool.query<{ waits: boolean }>(WAITING, [tasks]);
    if (!rows[0]?.waits) return;
    if (every > 0) await pause(every);
  }
}

const WAITING = `select exists (
  select from graphile_worker.jobs where task_identifier = any($1) and run_at <= now() and attempts <= max_attempts
    and (locked_at is not null or attempts < max_attempts)) as waits`;
