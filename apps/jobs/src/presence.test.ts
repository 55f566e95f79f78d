import { once } from "node:events";
import { createInterface } from "node:readline";
import { enqueue } from "@pitwall/services/jobs";
import { revisionsOf } from "@pitwall/services/results/reading";
import { started } from "@pitwall/testing/process";
import { describe, expect, test, vi } from "vitest";
import { afterTheFlag, DOORS } from "./processes.fixture.ts";
import { LAS_VEGAS, SEASON, SOON, type Stage } from "./stage.fixture.ts";

/** Silence is death after half a second. */
const HASTY = { rhythm: { every: 50, patience: 500 } };

/** A worker as a process of its own that waits for the source's answer; it has so many milliseconds to come. */
async function aLookingWorker(delay: number) {
  const { stage, env } = await afterTheFlag();
  const answerSoon = stage.feed.serve({ delay });
  const child = started(DOORS.worker, env);
  const raceId = await stage.raceId(LAS_VEGAS);
  await enqueue(stage.ctx, "check-result", { raceId }, `check-result:${raceId}`);
  await vi.waitFor(() => expect(stage.feed.requests).toHaveLength(1), SOON);
  answerSoon();
  return { stage, child };
}

async function left({ pool }: Stage, table: "graphile_worker.jobs" | "workers"): Promise<number> {
  return (await pool.query(`select 1 from ${table}`)).rowCount ?? 0;
}

async function looks({ pool }: Stage): Promise<string[]> {
  return (await pool.query("select outcome from looks order by id")).rows.map(({ outcome }) => outcome);
}

describe("a worker as a process of its own", { timeout: 60_000 }, () => {
  test("that is killed at work is missed at once: another does its job, and its attempt is abandoned", async () => {
    const { stage, child } = await aLookingWorker(60_000);
    child.kill("SIGKILL");
    await once(child, "exit");
    await stage.worker(HASTY);
    await vi.waitFor(async () => expect(await left(stage, "graphile_worker.jobs")).toBe(0), SOON);
    expect(await stage.race()).toMatchObject({ result: { revision: 1 } });
    expect(await stage.runs()).toEqual([
      { task: "check-result", attempt: 1, outcome: "abandoned", error: "the worker that did it is gone" },
      { task: "check-result", attempt: 2, outcome: "done", error: null },
    ]);
    expect(await left(stage, "workers")).toBe(1);
  });

  test("that sleeps is taken over, and what it still brings when it wakes up changes nothing", async () => {
    const { stage, child } = await aLookingWorker(200);
    child.kill("SIGSTOP");
    const other = await stage.worker(HASTY);
    await vi.waitFor(async () => expect(await left(stage, "workers")).toBe(1), SOON);
    // The source has corrected itself since the sleeper asked.
    stage.turnTo(48);
    await vi.waitFor(async () => expect(await looks(stage)).toEqual(["recorded"]), SOON);
    await vi.waitFor(async () => expect(await left(stage, "graphile_worker.jobs")).toBe(0), SOON);
    const { items: before } = await revisionsOf(stage.ctx, { season: SEASON, slug: LAS_VEGAS });
    await other.stop();

    child.kill("SIGCONT");
    // Either it stumbles over a connection that was cut, or it comes so far that its answer is refused.
    for await (const line of createInterface(child.stdout)) if (/a job failed|had been taken over/.test(line)) break;
    expect((await looks(stage)).filter((outcome) => outcome !== "overtaken")).toEqual(["recorded"]);
    expect((await revisionsOf(stage.ctx, { season: SEASON, slug: LAS_VEGAS })).items).toEqual(before);
    expect((await stage.runs()).map(({ outcome }) => outcome)).toEqual(["abandoned", "done"]);
  });
});
