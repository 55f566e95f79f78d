import { entriesOf } from "@pitwall/services/drivers/entries";
import { driverById } from "@pitwall/services/drivers/reading";
import { feedStates } from "@pitwall/services/results/feed";
import { syncsOf } from "@pitwall/services/seasons/syncs";
import { describe, expect, test } from "vitest";
import { aStage, LAS_VEGAS, SEASON, type Stage } from "../stage.fixture.ts";
import { runTask } from "../worker.ts";

const QATAR = "qatar-grand-prix";

const asked = ({ feed }: Stage) => feed.requests.map(({ path }) => /f1\/2025\/?(.*)\.json/.exec(path)?.[1] ?? path);
const syncs = async ({ ctx }: Stage) => (await syncsOf(ctx, { season: SEASON, limit: 100, offset: 0 })).items;

async function calendar({ pool }: Stage) {
  const { rows } = await pool.query(
    "select slug, round, name, sessions, lock_at, cancelled_at, version from races order by slug",
  );
  return rows;
}

test("a season that is told as it is known is asked for once a day, and changes nothing however often", async () => {
  const stage = await aStage({ slugs: [LAS_VEGAS, QATAR], syncs: true });
  const before = await calendar(stage);
  stage.turnTo(-24 * 20);
  await Promise.all([1, 2].map(() => runTask(stage.ctx, "sync-season", {})));
  await runTask(stage.ctx, "sync-season", {});
  expect(stage.feed.requests).toHaveLength(3);
  stage.turnTo(-24 * 19);
  await runTask(stage.ctx, "sync-season", {});
  await runTask(stage.ctx, "sync-season", { season: SEASON });
  expect(stage.feed.requests).toHaveLength(9);
  expect(await calendar(stage)).toEqual(before);
  for (const sync of await syncs(stage))
    expect(sync).toMatchObject({ outcome: "done", changes: { races: { changed: [] }, drivers: { added: [] } } });
});

test("a source that is out of reach is waited for quietly, and asked again by a later tick", async () => {
  const stage = await aStage({ slugs: [LAS_VEGAS], syncs: true });
  const before = await calendar(stage);
  const clear = stage.feed.serve({ status: 504, body: "<h1>504 Gateway Time-out</h1>" });
  stage.turnTo(-24 * 20);
  await runTask(stage.ctx, "sync-season", {});
  await runTask(stage.ctx, "sync-season", {});
  expect(stage.feed.requests).toHaveLength(1);
  expect(stage.heard.filter(({ level }) => level === "error")).toEqual([]);
  clear();
  stage.turnTo(-24 * 20 + 3);
  await runTask(stage.ctx, "sync-season", {});
  expect((await syncs(stage)).map(({ outcome }) => outcome)).toEqual(["done", "failed"]);
  expect(await calendar(stage)).toEqual(before);
});

test("a source that asked for silence is asked when it is over, and what was put off is no answer", async () => {
  const stage = await aStage({ slugs: [LAS_VEGAS], syncs: true });
  const clear = stage.feed.serve({ status: 429, body: '{"detail":"Request was throttled."}' });
  await runTask(stage.ctx, "sync-season", {});
  clear();
  for (let again = 0; again < 2; again += 1) await runTask(stage.ctx, "sync-season", { season: SEASON });
  expect(stage.feed.requests).toHaveLength(1);
  expect(await syncs(stage)).toMatchObject([{ outcome: "failed", reason: expect.stringMatching(/429/) }]);
  const { rows } = await stage.pool.query("select key, run_at > clock_timestamp() as later from graphile_worker.jobs");
  expect(rows).toEqual([{ key: `sync-season:${SEASON}`, later: true }]);
});

test("where the calendar follows a clock of its own, nobody is asked", async () => {
  const stage = await aStage();
  await runTask(stage.ctx, "sync-season", { season: SEASON });
  await stage.worker();
  await stage.tick(-24);
  expect(stage.feed.requests).toEqual([]);
});

/** Las Vegas, where somebody whom nobody knows drives the car of Colapinto, for another constructor. */
async function aLateReplacement() {
  const stage = await aStage({ slugs: [LAS_VEGAS, QATAR], syncs: true });
  const swapped = (body: string) =>
    body.replaceAll('"driverId":"colapinto"', '"driverId":"rookie"').replaceAll('"number":"43"', '"number":"61"');
  stage.feed.serve({ path: `/${SEASON}/22/results`, body: swapped });
  const known = (replayed: string) =>
    replayed
      .replace('"Drivers":[', '"Drivers":[{"driverId":"rookie","givenName":"New","familyName":"Face"},')
      .replace(/"total":"(\d+)"/, (_, total) => `"total":"${Number(total) + 1}"`);
  return { stage, publish: () => stage.feed.serve({ path: `/${SEASON}/drivers`, body: known }) };
}

describe("a classification that names somebody unknown", () => {
  test("is held, and believed once the source knows who it is; the races to come expect him", async () => {
    const { stage, publish } = await aLateReplacement();
    await stage.worker();
    await stage.tick(3.5);
    await stage.tick(4.5);
    expect(await stage.race()).toMatchObject({ result: { phase: "polling", revision: null } });
    const { items } = await feedStates(stage.ctx, { season: SEASON });
    expect(items[0]?.held[0]?.reasons[0]).toMatch(/Nobody here is called rookie/);

    publish();
    await stage.tick(5.5);
    const added = (await syncs(stage)).map(({ changes }) => changes.drivers).filter((told) => told.added.length > 0);
    expect(added).toEqual([{ added: ["rookie"], changed: [], priced: ["rookie"] }]);
    await stage.tick(6.5);
    expect(await stage.race()).toMatchObject({ result: { revision: 1 } });
    const { items: coming } = await entriesOf(stage.ctx, { season: SEASON, slug: QATAR });
    const car = { driverId: "rookie", constructorId: "alpine", number: 61, price: 50 };
    expect(coming).toContainEqual({ ...car, name: "New Face" });
    expect(coming.map(({ driverId }) => driverId)).toContain("colapinto");
    expect(await driverById(stage.ctx, { id: "rookie", season: SEASON })).toMatchObject({ status: "entered" });
  });

  test("lets the season be asked for at once, one time however many looks find it meanwhile", async () => {
    const { stage } = await aLateReplacement();
    stage.turnTo(3.5);
    const raceId = await stage.raceId(LAS_VEGAS);
    for (let look = 0; look < 2; look += 1) await runTask(stage.ctx, "check-result", { raceId });
    expect(asked(stage)).toEqual(["22/results", "22/results"]);
    const { rows } = await stage.pool.query("select key from graphile_worker.jobs");
    expect(rows).toEqual([{ key: `sync-season:${SEASON}` }]);
    await stage.worker();
    await stage.quiet();
    expect(asked(stage).slice(2)).toEqual(["", "constructors", "drivers"]);
  });
});
