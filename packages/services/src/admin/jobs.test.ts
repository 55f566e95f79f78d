import { randomUUID } from "node:crypto";
import type { Db } from "@pitwall/db/database";
import { auditLog, jobRuns, workers } from "@pitwall/db/schema";
import { aUser } from "@pitwall/testing/builders";
import { test } from "@pitwall/testing/database";
import { eq, sql } from "drizzle-orm";
import { describe, expect } from "vitest";
import { asClock, contextAs } from "../context.fixture.ts";
import { enqueue, jobs } from "../jobs.ts";
import { jobStates, listRuns, retryRun, runJob } from "./jobs.ts";

const NOON = new Date("2026-11-24T12:00:00Z");

async function anAdmin(db: Db) {
  const { id, username } = await aUser(db, { role: "admin" });
  return contextAs(db, { kind: "admin", userId: id, username, sessionId: null }, { now: () => NOON });
}

type Run = Partial<typeof jobRuns.$inferInsert>;

/** An attempt that began so many seconds ago and took one. */
async function aRun(db: Db, secondsAgo: number, run: Run): Promise<string> {
  const began = sql`clock_timestamp() - ${secondsAgo}::int * interval '1 second'`;
  const [made] = await db
    .insert(jobRuns)
    .values({
      ...{ task: "delete-old", payload: {}, attempt: 1, worker: randomUUID(), startedAt: began },
      ...(run.outcome && { endedAt: sql`${began} + interval '1 second'` }),
      ...run,
    })
    .returning({ id: jobRuns.id });
  return made?.id ?? "";
}

async function queued(db: Db) {
  const { rows } = await db.execute(
    sql`select task_identifier as task, key, attempts from graphile_worker.jobs order by id`,
  );
  return rows;
}

describe("how tasks are doing", () => {
  test("is told of every task of the catalogue, though nothing has happened yet", async ({ database: { db } }) => {
    const { items } = await jobStates(asClock(db, NOON));
    expect(items.map(({ task }) => task)).toEqual(Object.keys(jobs));
    expect(items.find(({ task }) => task === "watch-results")).toEqual({
      ...{ task: "watch-results", schedule: "0 * * * *", nextRunAt: new Date("2026-11-24T13:00:00Z") },
      ...{ waiting: 0, running: 0, failed: 0, lastRun: null, lastFailure: null, failuresInARow: 0, took: null },
    });
    expect(items.find(({ task }) => task === "build-league")).toMatchObject({ schedule: null, nextRunAt: null });
  });

  test("is told from the queue and from what was tried", async ({ database: { db } }) => {
    const ctx = asClock(db, NOON);
    for (const key of ["waits", "runs", "failed"]) await enqueue(ctx, "delete-old", {}, key);
    await db.execute(sql`update graphile_worker._private_jobs set run_at = ${NOON.toISOString()} where key = 'waits'`);
    await db.execute(sql`update graphile_worker._private_jobs set locked_at = now(), attempts = 1 where key = 'runs'`);
    await db.execute(sql`update graphile_worker._private_jobs set attempts = 1 where key = 'failed'`);
    await aRun(db, 50, { outcome: "failed", error: "long ago" });
    await aRun(db, 40, { outcome: "done" });
    await aRun(db, 30, { outcome: "abandoned", error: "its worker died" });
    await aRun(db, 20, { outcome: "failed", error: "the disk is full" });
    await aRun(db, 10, {});
    await aRun(db, 5, { task: "lock-races", outcome: "failed" });
    const { items } = await jobStates(ctx);
    expect(items.find(({ task }) => task === "delete-old")).toMatchObject({
      ...{ waiting: 1, running: 1, failed: 1, nextRunAt: NOON },
      lastRun: { outcome: "running", endedAt: null, tookMs: null },
      lastFailure: { outcome: "failed", error: "the disk is full", tookMs: 1000 },
      failuresInARow: 2,
      took: { mean: 1000, most: 1000 },
    });
    await db.execute(sql`delete from graphile_worker._private_jobs`);
  });

  test("is told with who is at work: who was heard lately, and takes jobs", async ({ database: { db } }) => {
    const worker = { host: "pit-lane", pid: 7 };
    const id = randomUUID();
    await db.insert(workers).values([
      { ...worker, id, pool: "pool-1" },
      { ...worker, id: randomUUID(), pool: null },
      { ...worker, id: randomUUID(), pool: "pool-2", seenAt: sql`clock_timestamp() - interval '1 minute'` },
    ]);
    expect((await jobStates(asClock(db, NOON))).workers).toMatchObject([{ id, ...worker }]);
  });

  test("is told attempt by attempt, page by page, of a task or of an outcome", async ({ database: { db } }) => {
    await db.delete(jobRuns);
    const ids = [];
    for (const outcome of ["done", "failed", "done"] as const) ids.unshift(await aRun(db, 10, { outcome }));
    await aRun(db, 5, { task: "lock-races" });
    const ctx = asClock(db, NOON);
    const first = await listRuns(ctx, { task: "delete-old", limit: 2 });
    expect(first.items.map(({ id }) => id)).toEqual(ids.slice(0, 2));
    const rest = await listRuns(ctx, { task: "delete-old", limit: 2, cursor: first.nextCursor ?? "" });
    expect(rest).toMatchObject({ items: [{ id: ids[2] }], nextCursor: null });
    expect((await listRuns(ctx, { outcome: "running", limit: 9 })).items).toMatchObject([{ task: "lock-races" }]);
    expect((await listRuns(ctx, { outcome: "failed", limit: 9 })).items).toMatchObject([{ id: ids[1] }]);
  });
});

describe("an admin", () => {
  test("has a task done now, once however often it is asked for, and that is written down", async ({
    database: { db },
  }) => {
    const ctx = await anAdmin(db);
    await db.delete(workers);
    const asked = { task: "build-leagues", payload: { season: 2026 } } as const;
    expect(await runJob(ctx, asked)).toEqual({ ...asked, workers: 0 });
    await runJob(ctx, asked);
    expect(await queued(db)).toEqual([{ task: "build-leagues", key: "build-leagues:2026", attempts: 0 }]);
    const acts = await db.select().from(auditLog).where(eq(auditLog.act, "run_job"));
    expect(acts).toMatchObject([
      { subject: "build-leagues", detail: { payload: { season: 2026 } } },
      { subject: "build-leagues" },
    ]);
    await db.execute(sql`delete from graphile_worker._private_jobs`);
  });

  test("tries again what has failed, in the place of what the queue has kept of it", async ({ database: { db } }) => {
    const ctx = await anAdmin(db);
    await enqueue(ctx, "build-leagues", { season: 2026 }, "from before");
    const { rows } = await db.execute<{ id: string }>(
      sql`update graphile_worker._private_jobs set attempts = 1 returning id::text`,
    );
    const failed = { task: "build-leagues", payload: { season: 2026 }, jobId: Number(rows[0]?.id) };
    const id = await aRun(db, 10, { ...failed, outcome: "failed" });
    expect(await retryRun(ctx, { id })).toMatchObject({ task: "build-leagues", payload: { season: 2026 } });
    expect(await queued(db)).toEqual([{ task: "build-leagues", key: "build-leagues:2026", attempts: 0 }]);
    expect(await db.select().from(auditLog).where(eq(auditLog.subject, id))).toMatchObject([{ act: "retry_run" }]);
    await db.execute(sql`delete from graphile_worker._private_jobs`);
  });

  test.for([
    ["that runs still", {}, "run.not_failed"],
    ["that was done", { outcome: "done" }, "run.not_failed"],
    ["of a task that is no more", { task: "make-coffee", outcome: "failed" }, "run.outdated"],
    ["with a payload of old", { payload: { slug: "monza" }, outcome: "failed" }, "run.outdated"],
  ] as const)("does not try again an attempt %s", async ([, run, reason], { database: { db } }) => {
    const id = await aRun(db, 10, run);
    await expect(retryRun(await anAdmin(db), { id })).rejects.toMatchObject({ reason });
    expect(await queued(db)).toEqual([]);
  });
});
