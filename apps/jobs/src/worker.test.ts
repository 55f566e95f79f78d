import { enqueue, openJobs } from "@pitwall/services/jobs";
import { revisionsOf } from "@pitwall/services/results/reading";
import { describe, expect, test, vi } from "vitest";
import { aStage, LAS_VEGAS, SEASON, SOON, type Stage } from "./stage.fixture.ts";
import { startTicker, tick } from "./ticker.ts";

const SAO_PAULO = "sao-paulo-grand-prix";
/** Hours from the flag of São Paulo to that of Las Vegas. */
const A_FORTNIGHT_LATER = 323;

interface QueuedJob {
  readonly task: string;
  readonly locked: boolean;
  readonly attempts: number;
  readonly error: string | null;
}

async function queued({ pool }: Stage): Promise<QueuedJob[]> {
  const { rows } = await pool.query<QueuedJob>(
    `select task_identifier as task, locked_at is not null as locked, attempts, last_error as error
     from graphile_worker.jobs order by id`,
  );
  return rows;
}

describe("a worker that stops", () => {
  test("lets a look that is under way end, and leaves nothing locked behind", async () => {
    const stage = await aStage();
    const worker = await stage.worker();
    stage.feed.serve({ delay: 300 });
    stage.turnTo(3.5);
    await tick(stage.ctx);
    await vi.waitFor(() => expect(stage.feed.requests).toHaveLength(1), SOON);
    await Promise.all([worker.stop(), worker.stop(), worker.finished]);
    expect(await queued(stage)).toEqual([]);
    expect(await stage.race()).toMatchObject({ result: { revision: 1 } });
  });

  test("takes no job that is queued afterwards", async () => {
    const stage = await aStage();
    const worker = await stage.worker();
    await worker.stop();
    stage.turnTo(3.5);
    await tick(stage.ctx);
    expect(await openJobs(stage.ctx)).toBe(3);
    expect(stage.feed.requests).toEqual([]);
  });
});

describe("a worker that was killed", () => {
  test("keeps nobody from looking: the next tick queues the look that it holds again", async () => {
    const stage = await aStage();
    const raceId = await stage.raceId(LAS_VEGAS);
    stage.turnTo(3.5);
    await enqueue(stage.ctx, "check-result", { raceId }, `check-result:${raceId}`);
    await enqueue(stage.ctx, "watch-results", {}, "watch-results");
    await stage.pool.query(
      "update graphile_worker._private_jobs set locked_by = 'killed', locked_at = now(), attempts = 1",
    );
    await stage.worker();
    await tick(stage.ctx);
    await vi.waitFor(async () => expect(await stage.race()).toMatchObject({ result: { revision: 1 } }), SOON);
    expect(stage.feed.requests).toHaveLength(1);
    const held = [
      { task: "check-result", locked: true },
      { task: "watch-results", locked: true },
    ];
    await vi.waitFor(async () => expect(await queued(stage)).toMatchObject(held), SOON);
  });
});

describe("a worker that was away for seven hours", () => {
  test("looks once at each race that is due, not seven times", async () => {
    const stage = await aStage({ slugs: [SAO_PAULO, LAS_VEGAS] });
    for (let hour = 0; hour < 7; hour += 1) {
      stage.turnTo(A_FORTNIGHT_LATER + hour);
      await tick(stage.ctx);
    }
    expect(await openJobs(stage.ctx)).toBe(3);
    await stage.worker();
    await stage.tick(A_FORTNIGHT_LATER + 7);
    expect(stage.feed.requests.map(({ path }) => path).toSorted()).toEqual([
      "/ergast/f1/2025/21/results.json?limit=100",
      "/ergast/f1/2025/22/results.json?limit=100",
    ]);
    for (const slug of [SAO_PAULO, LAS_VEGAS])
      expect(await stage.race(slug)).toMatchObject({ result: { revision: 1 } });
  });
});

describe("three workers under two clocks", () => {
  test("record, place and tell once", async () => {
    const stage = await aStage({ teams: { Solo: ["max_verstappen", "russell", "antonelli", "leclerc", "sainz"] } });
    await Promise.all([stage.worker(), stage.worker(), stage.worker()]);
    stage.turnTo(3.5);
    const clocks = [1, 2].map(() => startTicker(stage.ctx, 5));
    await vi.waitFor(async () => expect(await stage.race()).toMatchObject({ result: { revision: 1 } }), SOON);
    await Promise.all(clocks.map((stop) => stop()));
    await stage.quiet();
    expect(stage.feed.requests).toHaveLength(1);
    expect((await revisionsOf(stage.ctx, { season: SEASON, slug: LAS_VEGAS })).items).toHaveLength(1);
    const { rows } = await stage.pool.query(
      `select (select count(*)::int from broadcasts) as told, (select count(*)::int from standings_builds) as builds,
        (select count(*)::int from scoring_runs) as runs`,
    );
    expect(rows).toEqual([{ told: 1, builds: 1, runs: 1 }]);
  });
});

describe("a tick of the queue's own clock", () => {
  test("is understood, though it carries its moment", async () => {
    const stage = await aStage();
    await stage.worker();
    stage.turnTo(3.5);
    await stage.pool.query(
      `select graphile_worker.add_job('watch-results', '{"_cron":{"ts":"2026-11-24T07:00:00Z","backfilled":false}}')`,
    );
    await stage.quiet();
    expect(await stage.race()).toMatchObject({ result: { revision: 1 } });
  });

  test("names tasks and times that the queue knows", async () => {
    const stage = await aStage();
    const worker = await stage.worker({ cron: true });
    await worker.stop();
    const { rows } = await stage.pool.query(
      "select identifier from graphile_worker._private_known_crontabs order by 1",
    );
    expect(rows.map((row) => row.identifier)).toEqual([
      "check-consistency",
      "delete-old",
      "driver-statistics",
      "lock-races",
      "remind-of-lock",
      "send-mails",
      "sync-season",
      "watch-results",
    ]);
  });
});

describe("a job that fails", () => {
  test("is seen by the admin and told in the log, without what its query was asked with, and stops nobody", async () => {
    const stage = await aStage();
    await stage.worker();
    stage.turnTo(3.5);
    await stage.pool.query(
      `select graphile_worker.add_job('check-result', '{"raceId": 4294967296}', max_attempts => 1)`,
    );
    await stage.pool.query(`select graphile_worker.add_job('check-result', '{"raceId": "all"}', max_attempts => 1)`);
    await stage.tick(3.5);
    const failed = await queued(stage);
    expect(failed).toMatchObject([
      { task: "check-result", locked: false, attempts: 1 },
      { locked: false, attempts: 1 },
    ]);
    for (const { error } of failed) expect(error).not.toMatch(/params|Failed query/);
    expect(stage.heard.filter(({ level }) => level === "error").map(({ message }) => message)).toEqual([
      "a job failed",
      "a job failed",
    ]);
    expect(await stage.race()).toMatchObject({ result: { revision: 1 } });
  });

  test("is queued anew by the next tick, and ends well once what it needs is there", async () => {
    const stage = await aStage();
    await stage.worker();
    await stage.pool.query("alter table looks rename to looks_away");
    await stage.tick(3.5);
    await stage.pool.query("alter table looks_away rename to looks");
    await stage.tick(4.5);
    expect(await stage.race()).toMatchObject({ result: { revision: 1 } });
    expect(await queued(stage)).toMatchObject([{ task: "check-result", error: expect.stringContaining("looks") }]);
    const looks = (await stage.runs()).filter(({ task }) => task === "check-result");
    expect(looks.map(({ outcome }) => outcome)).toEqual(["failed", "done"]);
  });
});

test("a worker whose connections are cut while it is idle works on", async () => {
  const stage = await aStage();
  const worker = await stage.worker();
  let hasEnded = false;
  worker.finished.catch(() => {
    hasEnded = true;
  });
  await stage.tick(0.5);
  await stage.pool.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()",
  );
  stage.turnTo(3.5);
  await vi.waitFor(() => tick(stage.ctx), SOON);
  await stage.quiet();
  expect(await stage.race()).toMatchObject({ result: { revision: 1 } });
  expect(hasEnded).toBe(false);
});

test("a worker that could not learn the queue's tasks ends, since it would be deaf for ever", async () => {
  const stage = await aStage();
  await stage.pool.query("alter table graphile_worker._private_tasks rename to away");
  const worker = await stage.worker();
  await expect(worker.finished).rejects.toThrow("deaf");
});

test("a worker whose queue is taken away ends, says so, and keeps nobody waiting", async () => {
  const stage = await aStage({ slugs: [SAO_PAULO, LAS_VEGAS] });
  const worker = await stage.worker({ cron: true });
  stage.feed.serve({ delay: 200 });
  stage.turnTo(A_FORTNIGHT_LATER + 3);
  await tick(stage.ctx);
  await vi.waitFor(() => expect(stage.feed.requests).not.toEqual([]), SOON);
  await stage.pool.query("alter table graphile_worker._private_jobs rename to away");
  await expect(worker.finished).rejects.toThrow("completeJobs");
  await worker.stop();
});
