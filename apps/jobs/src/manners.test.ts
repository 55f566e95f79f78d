import { HOUR } from "@pitwall/domain/durations";
import { takeTurn } from "@pitwall/services/sources/budget";
import { expect, test } from "vitest";
import { JOLPICA_ALLOWANCE } from "./feed/budget.ts";
import { aStage } from "./stage.fixture.ts";
import { tick } from "./ticker.ts";

const MIAMI = "miami-grand-prix";

test("three workers ask a weekend's source a few times an hour, in one spelling and by name, outage or not", async () => {
  const stage = await aStage({ slugs: [MIAMI, "las-vegas-grand-prix"], ruleset: "extended-1" });
  for (let n = 0; n < 3; n += 1) await stage.worker();
  const anHour: number[] = [];
  for (let hour = 0.5; hour < 12; hour += 1) {
    const before = stage.feed.requests.length;
    const clear = stage.feed.serve(hour > 4 && hour < 8 ? { status: 504, body: "<html>" } : {});
    stage.turnTo(hour);
    await Promise.all([1, 2, 3].map(() => tick(stage.ctx)));
    await stage.quiet();
    clear();
    anHour.push(stage.feed.requests.length - before);
  }
  expect(Math.max(...anHour)).toBe(3);
  expect(await stage.race(MIAMI)).toMatchObject({ result: { revision: 1 } });
  for (const { method, path, headers } of stage.feed.requests) {
    expect(`${method} ${path}`).toMatch(/^GET \/ergast\/f1\/2025\/6\/(results|sprint|qualifying)\.json\?limit=100$/);
    expect(headers).toMatchObject({ "user-agent": "pitwall-test", accept: "application/json" });
  }
});

test("a look for which the source's patience is spent is put off until it is back, and is no look", async () => {
  const stage = await aStage();
  await stage.worker();
  stage.turnTo(3.5);
  const spent = { ...JOLPICA_ALLOWANCE, gap: 0 };
  while ((await takeTurn({ db: stage.ctx.db, now: () => stage.hour(3.5) }, spent)).kind === "granted");
  await stage.tick(3.5);
  expect(stage.feed.requests).toHaveLength(0);
  expect(stage.heard).toContainEqual(
    expect.objectContaining({ message: "a look was put off", facts: expect.objectContaining({ forMs: HOUR / 30 }) }),
  );
  const { rows } = await stage.pool.query(
    "select 1 from graphile_worker.jobs where task_identifier = 'check-result' and run_at > now() + interval '1 minute'",
  );
  expect(rows).toHaveLength(1);
  expect(await stage.race()).toMatchObject({ result: { waitsBecause: "nobody has looked yet" } });

  await stage.tick(4.5);
  expect(await stage.race()).toMatchObject({ result: { revision: 1 } });
});
