import { revisionsOf } from "@pitwall/services/results/reading";
import { raceScores } from "@pitwall/services/scores/reading";
import { globalStandings } from "@pitwall/services/standings/reading";
import { expect, test } from "vitest";
import { aStage, SEASON, type Stage } from "../stage.fixture.ts";

const MIAMI = "miami-grand-prix";
const RULES = "extended-1";

/** Miami 2025: a weekend with a sprint, whose result was corrected hours after the race's was out. */
const teams = { Silver: ["antonelli", "russell", "hadjar", "lawson", "bearman"] };

async function aWeekend(ruleset?: string): Promise<Stage> {
  const stage = await aStage({ slugs: [MIAMI], teams, ...(ruleset !== undefined && { ruleset }) });
  await stage.worker();
  return stage;
}

async function total({ ctx }: Stage): Promise<number | undefined> {
  return (await globalStandings(ctx, { season: SEASON, limit: 1 })).items[0]?.total;
}

function documentsAsked({ feed }: Stage): string[] {
  return feed.requests.map(({ path }) => /(\w+)\.json/.exec(path)?.[1] ?? path);
}

async function scoreOf({ ctx }: Stage, wanted: string): Promise<number | undefined> {
  const { items } = await raceScores(ctx, { season: SEASON, slug: MIAMI });
  return items.find(({ driverId }) => driverId === wanted)?.points;
}

test("a weekend whose sprint and qualifying score is asked for whole, one document after the other, and corrected by any", async () => {
  const stage = await aWeekend(RULES);
  await stage.tick(2.5);
  expect(documentsAsked(stage)).toEqual(["results"]);
  await stage.tick(3.5);
  expect(documentsAsked(stage)).toEqual(["results", "results", "sprint", "qualifying"]);
  expect(await stage.race()).toMatchObject({ result: { revision: 1 } });
  expect(await scoreOf(stage, "antonelli")).toBe(40);
  const before = await total(stage);

  await stage.tick(27.5);
  expect(await stage.race()).toMatchObject({ result: { revision: 2, checksPassed: 0 } });
  const [, second] = (await revisionsOf(stage.ctx, { season: SEASON, slug: MIAMI })).items;
  expect(second?.diff).toContainEqual({
    driverId: "antonelli",
    session: "sprint",
    field: "position",
    from: "10",
    to: "7",
  });
  expect(await scoreOf(stage, "antonelli")).toBe(90);
  // Captain Antonelli 5 × 1.5; Russell a place and its point, Hadjar three places; Lawson lost six and two points, Bearman six and one.
  expect(await total(stage)).toBe((before ?? 0) + 75 + 20 + 30 - 80 - 70);
});

test("a sprint that is not there yet lets the whole weekend wait", async () => {
  const stage = await aWeekend(RULES);
  const clear = stage.feed.serve({ path: `/${SEASON}/6/sprint`, body: emptied });
  await stage.tick(3.5);
  expect(await stage.race()).toMatchObject({
    result: { phase: "polling", waitsBecause: "the source has no result yet" },
  });
  expect(await total(stage)).toBeUndefined();
  clear();
  await stage.tick(4.5);
  expect(await stage.race()).toMatchObject({ result: { revision: 1 } });
});

test("a weekend of which only the race scores is asked for the race alone, and a corrected sprint corrects nothing", async () => {
  const stage = await aWeekend();
  await stage.tick(3.5);
  await stage.tick(27.5);
  expect(documentsAsked(stage)).toEqual(["results", "results"]);
  expect(await stage.race()).toMatchObject({ result: { revision: 1, checksPassed: 1 } });
});

function emptied(body: string): string {
  return body.replace(/"total":"\d+"/, '"total":"0"').replace(/"Races":\[.*\]/, '"Races":[]');
}
