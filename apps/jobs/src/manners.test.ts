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

test("a look at a copy that the source still keeps is put off until it may say something else", async () => {
  const stage = await aStage();
  await stage.worker();
  const clear = stage.feed.serve({ headers: { "cache-control": "max-age=3600", age: "0" }, body: emptied });
  await stage.tick(2.51);
  clear();
  await stage.tick(3.5);
  expect(stage.feed.requests).toHaveLength(1);
  expect(await stage.race()).toMatchObject({
    result: { waitsBecause: "the source has no result yet", nextLookAt: stage.hour(3.51) },
  });
  await stage.tick(3.51);
  expect(await stage.race()).toMatchObject({ result: { revision: 1 } });
  expect(stage.feed.requests).toHaveLength(2);
});

test("what an older copy says is ignored, and counts for no check", async () => {
  const stage = await aStage();
  await stage.worker();
  await stage.tick(3.5);
  stage.feed.serve({ headers: { age: String(26 * 3600) }, body: emptied, times: 1 });
  await stage.tick(27.5);
  expect(await stage.race()).toMatchObject({ result: { revision: 1, checksPassed: 0, nextLookAt: stage.hour(27.5) } });
  const { rows } = await stage.pool.query("select outcome from looks order by id desc limit 1");
  expect(rows).toEqual([{ outcome: "overtaken" }]);
  await stage.tick(28.5);
  expect(await stage.race()).toMatchObject({ result: { revision: 2 } });
});

function emptied(body: string): string {
  return body.replace(/"total":"\d+"/, '"total":"0"').replace(/"Races":\[.*\]/, '"Races":[]');
}
