import { aDatabase } from "@pitwall/testing/database";
import { type Ending, ended, started } from "@pitwall/testing/process";
import { describe, expect, onTestFinished, test } from "vitest";
import { afterTheFlag, DOORS } from "./processes.fixture.ts";
import { LAS_VEGAS } from "./stage.fixture.ts";
import { runTask } from "./worker.ts";

function once(args: readonly string[], env: Record<string, string>): Promise<Ending> {
  return ended(started(DOORS.once, env, ...args));
}

describe("one task by hand", () => {
  test("is done here and now, and its process ends", async () => {
    const { stage, env } = await afterTheFlag();
    const raceId = await stage.raceId(LAS_VEGAS);
    const ending = await once(["check-result", JSON.stringify({ raceId })], env);
    expect(ending).toMatchObject({ code: 0, stdout: "check-result is done.\n" });
    expect(ending.stderr).toContain('"outcome":"recorded"');
    expect(await stage.race()).toMatchObject({ result: { revision: 1 } });
    expect(await stage.runs()).toEqual([{ task: "check-result", attempt: 1, outcome: "done", error: null }]);
  });

  test("leaves the jobs that it queued to the worker, and says so", async () => {
    const { stage, env } = await afterTheFlag();
    expect(await once(["watch-results"], env)).toMatchObject({
      code: 0,
      stdout: "watch-results is done. 1 job is left in the queue for the worker.\n",
    });
    expect(stage.feed.requests).toEqual([]);
    await stage.worker();
    await stage.quiet();
    expect(stage.feed.requests).toHaveLength(1);
  });

  test("that finds standings and ledger at odds reports it, and its process ends with a fault", async () => {
    const { stage, env } = await afterTheFlag();
    await runTask(stage.ctx, "check-result", { raceId: await stage.raceId(LAS_VEGAS) });
    await stage.pool.query("update scoring_runs set digest_out = 'other'");
    expect(await once(["check-consistency"], env)).toMatchObject({
      code: 1,
      stdout: expect.stringContaining(
        `2025 ${LAS_VEGAS}: the rules give other scores than those that were proved (scoring.output, 1)`,
      ),
    });
  });

  test("that fails says why, and its process ends with a fault", async () => {
    const { stage, env } = await afterTheFlag();
    await stage.pool.query("alter table looks rename to looks_away");
    const ending = await once(["check-result", `{"raceId": ${await stage.raceId(LAS_VEGAS)}}`], env);
    expect(ending).toMatchObject({ code: 1, stdout: "" });
    expect(ending.stderr).toContain('relation \\"looks\\" does not exist');
    expect(ending.stderr).toContain("The task failed");
    expect(ending.stderr).not.toContain("params");
    expect(await stage.runs()).toEqual([
      { task: "check-result", attempt: 1, outcome: "failed", error: expect.stringContaining('"looks" does not exist') },
    ]);
  });
});

describe("what cannot be done is told in words", () => {
  const DATABASE_URL = "postgres://127.0.0.1:1/nowhere";

  test("an unknown task", async () => {
    const { code, stdout, stderr } = await once(["make-coffee"], { DATABASE_URL });
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/^There is no task "make-coffee"\.\nUsage: /);
    expect(stderr).not.toMatch(/\bat .+:\d+:\d+/);
  });

  test("a database that is away", async () => {
    const ending = await once(["lock-races"], { DATABASE_URL });
    expect(ending).toEqual({ code: 1, stdout: "", stderr: "The database does not answer: see DATABASE_URL.\n" });
  });

  test("a database without tables", async () => {
    const { url, drop } = await aDatabase("empty");
    onTestFinished(drop);
    const ending = await once(["lock-races"], { DATABASE_URL: url });
    expect(ending).toMatchObject({ code: 1, stderr: expect.stringContaining("pnpm migrate") });
  });

  test("an environment that is not right", async () => {
    const { code, stderr } = await once(["lock-races"], { WORKER_CONCURRENCY: "many" });
    expect(code).toBe(1);
    for (const name of ["DATABASE_URL", "WORKER_CONCURRENCY"]) expect(stderr).toContain(`${name}: `);
  });
});
