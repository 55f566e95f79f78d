import { randomUUID } from "node:crypto";
import { openDatabase } from "@pitwall/db/database";
import { jobRuns, workers } from "@pitwall/db/schema";
import { HOUR, SECOND } from "@pitwall/domain/durations";
import { test } from "@pitwall/testing/database";
import { sql } from "drizzle-orm";
import { expect, onTestFinished } from "vitest";
import { asClock } from "../context.fixture.ts";
import type { ServiceContext } from "../context.ts";
import { enqueue } from "../jobs.ts";
import { recorded } from "./runs.ts";
import { connectionName, leave, pulse, takeOver, type Worker } from "./workers.ts";

const PATIENCE = 20 * SECOND;

function aWorker(): Worker {
  return { id: randomUUID(), pool: `pool-${randomUUID()}`, host: "pit-lane", pid: 7 };
}

/** A worker that was last seen so many seconds ago. */
async function aWorkerSeen({ db }: ServiceContext, secondsAgo: number): Promise<Worker> {
  const worker = aWorker();
  await db
    .insert(workers)
    .values({ ...worker, seenAt: sql`clock_timestamp() - ${secondsAgo}::int * interval '1 second'` });
  return worker;
}

interface Held {
  readonly pool: string | null;
  readonly secondsAgo?: number;
  readonly attempts?: number;
  readonly most?: number;
}

/** A job that somebody holds; answers how it stands. */
async function aHeldJob(ctx: ServiceContext, { pool, secondsAgo = 3, attempts = 1, most = 1 }: Held) {
  const key = randomUUID();
  await enqueue(ctx, "lock-races", {}, key);
  await ctx.db.execute(sql`
    update graphile_worker._private_jobs set locked_by = ${pool}, attempts = ${attempts}, max_attempts = ${most},
      locked_at = now() - ${secondsAgo}::int * interval '1 second' where key = ${key}`);
  return async () => {
    const { rows } = await ctx.db.execute(
      sql`select locked_by as pool, attempts, max_attempts as most, last_error as error from graphile_worker.jobs where key = ${key}`,
    );
    return rows[0];
  };
}

test("what a silent worker holds is free for one attempt more, and what others hold stays theirs", async ({
  database: { db },
}) => {
  const ctx = asClock(db, new Date());
  const [silent, alive] = [await aWorkerSeen(ctx, 21), await aWorkerSeen(ctx, 19)];
  const taken = await aHeldJob(ctx, silent);
  const retried = await aHeldJob(ctx, { ...silent, attempts: 2, most: 5 });
  const kept = await aHeldJob(ctx, { ...alive, secondsAgo: 3600 });
  expect(await takeOver(ctx, PATIENCE)).toEqual({ workers: 1, jobs: 2, givenUp: 0, runs: 0 });
  expect(await taken()).toMatchObject({ pool: null, attempts: 1, most: 2 });
  expect(await retried()).toMatchObject({ pool: null, attempts: 2, most: 5 });
  expect(await kept()).toMatchObject({ pool: alive.pool, attempts: 1, most: 1 });
  expect(await takeOver(ctx, PATIENCE)).toEqual({ workers: 0, jobs: 0, givenUp: 0, runs: 0 });
});

test("a job held by nobody known is taken only when it has been for long: its worker may not have spoken yet", async ({
  database: { db },
}) => {
  const ctx = asClock(db, new Date());
  const [old, fresh] = [
    await aHeldJob(ctx, { pool: "pool-before", secondsAgo: 21 }),
    await aHeldJob(ctx, { pool: "pool-that-starts", secondsAgo: 19 }),
  ];
  expect(await takeOver(ctx, PATIENCE)).toMatchObject({ workers: 0, jobs: 1 });
  expect(await old()).toMatchObject({ pool: null, most: 2 });
  expect(await fresh()).toMatchObject({ pool: "pool-that-starts" });
});

test("a job that no worker survives is given up after the third, and stays to be seen", async ({
  database: { db },
}) => {
  const ctx = asClock(db, new Date());
  const deadly = await aHeldJob(ctx, { ...(await aWorkerSeen(ctx, 60)), attempts: 3, most: 3 });
  expect(await takeOver(ctx, PATIENCE)).toMatchObject({ jobs: 0, givenUp: 1 });
  expect(await deadly()).toEqual({ pool: null, attempts: 3, most: 3, error: "the worker that did it is gone" });
});

test("a silent worker's connections are cut, with the claims on them, and nobody else's", async ({
  database: { db, url },
}) => {
  const ctx = asClock(db, new Date());
  const silent = await aWorkerSeen(ctx, 60);
  const sleeper = openDatabase({ url, max: 1, applicationName: connectionName(silent.id) });
  onTestFinished(sleeper.close);
  const asleep = await sleeper.pool.connect();
  await asleep.query("begin; insert into circuits values ('late', 'Late', '', '')");
  await takeOver(ctx, PATIENCE);
  await expect(asleep.query("commit")).rejects.toThrow();
  asleep.release(true);
  const { rows } = await db.execute(sql`select 1 from circuits where id = 'late'`);
  expect(rows).toEqual([]);
});

test("an attempt is abandoned with its worker, and stays so though it ends after all", async ({ database: { db } }) => {
  const ctx = asClock(db, new Date());
  const { id: worker } = await aWorkerSeen(ctx, 60);
  const attempt = { task: "delete-old", payload: {}, jobId: 7, attempt: 1, worker } as const;
  await recorded(ctx, attempt, async () => {
    await db.update(jobRuns).set({ startedAt: sql`started_at - interval '1 minute'` });
    expect(await takeOver(ctx, PATIENCE)).toMatchObject({ runs: 1 });
  });
  const [run] = await db.select().from(jobRuns).where(sql`worker = ${worker}`);
  expect(run).toMatchObject({ outcome: "abandoned", error: "the worker that did it is gone" });
});

test("whoever was silent is not fit to judge others at its first word, nor is a newcomer", async ({
  database: { db },
}) => {
  const ctx = asClock(db, new Date());
  const [silent, newcomer] = [await aWorkerSeen(ctx, 21), aWorker()];
  for (const worker of [silent, newcomer]) {
    expect(await pulse(ctx, worker, PATIENCE)).toMatchObject({ wasAlive: false });
    expect(await pulse(ctx, worker, PATIENCE)).toMatchObject({ wasAlive: true });
  }
});

test("a clock that is not the database's is found out", async ({ database: { db } }) => {
  const { skew } = await pulse(asClock(db, new Date(Date.now() + 2 * HOUR)), aWorker(), PATIENCE);
  expect(Math.round(skew / HOUR)).toBe(2);
});

test("a worker that leaves gives back what it could not end, at once", async ({ database: { db } }) => {
  const ctx = asClock(db, new Date());
  const worker = await aWorkerSeen(ctx, 0);
  const unfinished = await aHeldJob(ctx, worker);
  await leave(ctx, worker);
  expect(await unfinished()).toMatchObject({ pool: null, attempts: 1, most: 2 });
  expect(await db.select().from(workers).where(sql`id = ${worker.id}`)).toEqual([]);
});
