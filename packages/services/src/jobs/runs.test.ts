import { randomUUID } from "node:crypto";
import { broadcasts, jobRuns } from "@pitwall/db/schema";
import { test } from "@pitwall/testing/database";
import { sql } from "drizzle-orm";
import { describe, expect, test as plainTest } from "vitest";
import { asClock } from "../context.fixture.ts";
import { CRON } from "../jobs.ts";
import { missedTicks, recorded, wordsOf } from "./runs.ts";

const attempt = { task: "lock-races", payload: {}, jobId: null, attempt: 2 } as const;

describe("an attempt is written down", () => {
  test("from its beginning to its good end", async ({ database: { db } }) => {
    const worker = randomUUID();
    const runs = () => db.select().from(jobRuns).where(sql`worker = ${worker}`);
    await recorded(asClock(db, new Date()), { ...attempt, worker }, async () => {
      expect(await runs()).toMatchObject([{ ...attempt, outcome: null, endedAt: null }]);
    });
    expect(await runs()).toMatchObject([{ ...attempt, outcome: "done", endedAt: expect.any(Date), error: null }]);
  });

  test("with what it failed of, without what its query was asked with", async ({ database: { db } }) => {
    const worker = randomUUID();
    const failing = recorded(asClock(db, new Date()), { ...attempt, worker }, async () => {
      await db.execute(sql`select ${"hunter2 in a parameter"}::text from no_such_table`);
    });
    await expect(failing).rejects.toThrow("Failed query");
    const [run] = await db.select().from(jobRuns).where(sql`worker = ${worker}`);
    expect(run).toMatchObject({ outcome: "failed", error: 'a query failed: relation "no_such_table" does not exist' });
  });
});

test("a job that fails three times running is told to the admins, once until it was done for once", async ({
  database: { db },
}) => {
  const ctx = asClock(db, new Date());
  const attempted = async (season: number, isGood: boolean) => {
    const one = { task: "build-leagues", payload: { season }, jobId: null, attempt: 1, worker: randomUUID() } as const;
    await recorded(ctx, one, async () => {
      if (!isGood) throw new Error("the disk is full");
    }).catch(() => undefined);
  };
  const told = async () => (await db.select().from(broadcasts)).map(({ title, data }) => ({ title, data }));
  for (const isGood of [false, false, true, false, false]) await attempted(2025, isGood);
  await attempted(2026, false);
  expect(await told()).toEqual([]);
  for (const isGood of [false, false]) await attempted(2025, isGood);
  const alert = {
    title: "The job build-leagues fails again and again",
    data: { task: "build-leagues", payload: { season: 2025 }, reason: "failing" },
  };
  expect(await told()).toEqual([alert]);
  for (const isGood of [true, false, false, false, false]) await attempted(2025, isGood);
  expect(await told()).toEqual([alert, alert]);
});

test("a tick is missed by what was begun before it, and by what was never begun", async ({ database: { db } }) => {
  await db.delete(jobRuns);
  const run = { payload: {}, attempt: 1, worker: randomUUID() };
  const began = (task: string, at: string) => ({ ...run, task, startedAt: new Date(at) });
  await db
    .insert(jobRuns)
    .values([
      began("delete-old", "2026-11-21T02:00:01Z"),
      began("lock-races", "2026-11-24T12:55:01Z"),
      began("watch-results", "2026-11-24T12:00:00Z"),
      began("sync-season", "2026-11-24T12:00:00Z"),
    ]);
  const missed = await missedTicks(asClock(db, new Date("2026-11-24T12:59:59Z")));
  expect(missed).toContain("delete-old");
  for (const task of ["lock-races", "watch-results", "sync-season"]) expect(missed).not.toContain(task);
  expect(await missedTicks(asClock(db, new Date("2026-11-24T13:00:00Z")))).toContain("watch-results");
  await db.delete(jobRuns);
  expect(await missedTicks(asClock(db, new Date()))).toEqual(Object.keys(CRON));
});

plainTest.each([
  ["a mail that was refused", new Error("550 <ann@example.org> is unknown"), "550 <[hidden]> is unknown"],
  [
    "a server with its password",
    new Error("cannot reach smtp://pit:wall@mail.example.org:25"),
    "cannot reach [hidden]",
  ],
  ["a long story", new Error("x".repeat(9_000)), "x".repeat(500)],
  ["what is no error", "thrown as text", "thrown as text"],
])("of %s is told what an admin may read", (_, error, words) => {
  expect(wordsOf(error)).toBe(words);
});
