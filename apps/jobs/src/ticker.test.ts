import { CRON } from "@pitwall/services/jobs";
import { expect, onTestFinished, test, vi } from "vitest";
import { aStage, SOON } from "./stage.fixture.ts";
import { catchUp, startTicker } from "./ticker.ts";

test("a clock in fast motion speaks until it is stopped", async () => {
  const stage = await aStage();
  await stage.worker();
  const stop = startTicker(stage.ctx, 5);
  onTestFinished(stop);
  for (const hour of [0.5, 1.5, 2.5, 3.5]) {
    stage.turnTo(hour);
    await vi.waitFor(
      async () =>
        expect(await stage.race()).toMatchObject({
          result: { nextLookAt: expect.toSatisfy((at) => at > stage.hour(hour)) },
        }),
      SOON,
    );
  }
  await stop();
  await stage.quiet();
  expect(stage.feed.requests).toHaveLength(4);
  stage.turnTo(27.5);
  await stage.quiet();
  expect(stage.feed.requests).toHaveLength(4);
});

test("a tick that is missed is told of, and the next one makes up for it", async () => {
  const stage = await aStage();
  await stage.worker();
  stage.turnTo(3.5);
  await stage.pool.query("alter function graphile_worker.add_job rename to add_job_away");
  const stop = startTicker(stage.ctx, 5);
  onTestFinished(stop);
  await vi.waitFor(
    () => expect(stage.heard).toContainEqual(expect.objectContaining({ message: "a tick was missed" })),
    SOON,
  );
  await stage.pool.query("alter function graphile_worker.add_job_away rename to add_job");
  await vi.waitFor(async () => expect(await stage.race()).toMatchObject({ result: { revision: 1 } }), SOON);
});

test("whoever starts after a week makes up for what was missed, each task once, and then for nothing", async () => {
  const stage = await aStage();
  stage.turnTo(3.5);
  await catchUp(stage.ctx);
  await catchUp(stage.ctx);
  await stage.worker();
  await stage.quiet();
  const done = (await stage.runs()).map(({ task }) => task);
  expect(done.filter((task) => task !== "check-result").toSorted()).toEqual(Object.keys(CRON).toSorted());
});
