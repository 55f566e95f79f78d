import { checkRace } from "@pitwall/services/results/checking";
import { feedStates } from "@pitwall/services/results/feed";
import { revisionsOf } from "@pitwall/services/results/reading";
import { globalStandings } from "@pitwall/services/standings/reading";
import { describe, expect, test } from "vitest";
import type { Override } from "../feed/replay-server.ts";
import { aStage, LAS_VEGAS, SEASON, type Stage } from "../stage.fixture.ts";

/** Las Vegas 2025: Verstappen before Norris; Norris and Piastri were disqualified ten hours after the first result. */
const teams = {
  Papaya: ["norris", "piastri", "russell", "antonelli", "leclerc"],
  "Red Bull": ["max_verstappen", "russell", "antonelli", "leclerc", "sainz"],
};

async function aWeekend(): Promise<Stage> {
  const stage = await aStage({ teams });
  await stage.worker();
  return stage;
}

async function totals({ ctx }: Stage): Promise<Record<string, number>> {
  const { items } = await globalStandings(ctx, { season: SEASON, limit: 50 });
  return Object.fromEntries(items.map(({ teamName, total }) => [teamName, total]));
}

/** What everybody was told. */
async function told({ pool }: Stage): Promise<string[]> {
  const { rows } = await pool.query<{ note: string }>(
    `select type || ' ' || revision || coalesce(', ' || teams_affected || ' teams affected', '') as note
     from broadcasts left join corrections using (race_id, revision) where audience is null order by created_at`,
  );
  return rows.map(({ note }) => note);
}

describe("a result that comes late", () => {
  test("is asked for every hour until it is there, then recorded, scored and told of once", async () => {
    const stage = await aWeekend();
    await stage.tick(0.4);
    expect(stage.feed.requests).toHaveLength(0);
    expect(await stage.race()).toMatchObject({ result: { phase: "polling", waitsBecause: "nobody has looked yet" } });

    for (const hour of [0.5, 1.5, 2.5]) {
      await stage.tick(hour);
      expect(await stage.race()).toMatchObject({
        status: "awaiting_result",
        result: { revision: null, waitsBecause: "the source has no result yet", nextLookAt: stage.hour(hour + 1) },
      });
    }
    expect(stage.feed.requests).toHaveLength(3);

    await stage.tick(3.5);
    expect(await stage.race()).toMatchObject({
      status: "completed",
      result: { phase: "checking", revision: 1, checksPassed: 0, waitsBecause: null, nextLookAt: stage.hour(27.5) },
    });
    // Norris second as captain, Piastri fourth, Russell third, Antonelli fifth, Leclerc sixth.
    expect(await totals(stage)).toMatchObject({ Papaya: 270 + 120 + 150 + 100 + 80 });
    expect(await told(stage)).toEqual(["results_in 1"]);
  });

  test("is reported missing after two days, and still asked for", async () => {
    const stage = await aWeekend();
    stage.feed.serve({ body: emptied });
    await stage.tick(47.5);
    expect(await stage.race()).toMatchObject({ result: { phase: "polling" } });
    await stage.tick(48.5);
    expect(await stage.race()).toMatchObject({ result: { phase: "overdue", nextLookAt: stage.hour(49.5) } });
    expect((await feedStates(stage.ctx, { season: SEASON })).items).toMatchObject([
      { slug: LAS_VEGAS, phase: "overdue", lastLook: { outcome: "none_yet" } },
    ]);
  });
});

describe("an answer that is none", () => {
  const answers: [string, Override, string | RegExp][] = [
    ["an outage", { status: 504, body: "<html><h1>504 Gateway Time-out</h1></html>" }, "The source answered 504."],
    ["a page in place of data", { body: "<!doctype html><title>Jolpica</title>" }, "The answer is not JSON."],
    ["a refusal", { status: 429, body: "{}" }, /^The source (answered 429|asked for a pause)/],
    ["an empty list", { body: (replayed) => emptied(replayed) }, "the source has no result yet"],
    ["half a table", { body: (replayed) => firstRows(replayed, 10) }, /only 10 cars/],
    ["another race", { body: (replayed) => replayed.replaceAll('"vegas"', '"monaco"') }, /another race/],
    [
      "a correction that is half applied",
      { body: (replayed) => halfCorrected(replayed) },
      /More than one car is in position 3/,
    ],
  ];

  test.each(answers)("such as %s scores nothing, and the race says why it waits", async (_, override, reason) => {
    const stage = await aWeekend();
    const clear = stage.feed.serve(override);
    for (const hour of [2.5, 3.5, 4.5]) await stage.tick(hour);
    const { result } = await stage.race();
    expect(result).toMatchObject({ phase: "polling", revision: null, waitsBecause: expect.stringMatching(reason) });
    expect(await totals(stage)).toEqual({});
    expect(await told(stage)).toEqual([]);

    clear();
    await stage.tick(6.5);
    expect(await stage.race()).toMatchObject({ result: { revision: 1 } });
  });

  test.each(answers)("such as %s erases nothing, and counts as no check", async (_, override) => {
    const stage = await aWeekend();
    await stage.tick(3.5);
    const before = await totals(stage);
    const clear = stage.feed.serve(override);
    await stage.tick(27.5);
    await stage.tick(28.5);
    expect(await stage.race()).toMatchObject({ result: { phase: "checking", revision: 1, checksPassed: 0 } });
    expect(await totals(stage)).toEqual(before);

    clear();
    await stage.tick(30.5);
    expect(await stage.race()).toMatchObject({ result: { revision: 2 } });
  });

  test("that cannot be believed is kept for the admin, once however often it comes", async () => {
    const stage = await aWeekend();
    stage.feed.serve({ body: (replayed) => halfCorrected(replayed) });
    for (const hour of [3.5, 4.5]) await stage.tick(hour);
    const { items } = await feedStates(stage.ctx, { season: SEASON });
    expect(items).toMatchObject([{ lastLook: { outcome: "held" }, held: [{ times: 2, lastHeldAt: stage.hour(4.5) }] }]);
  });
});

describe("the disqualifications of Las Vegas", () => {
  test("are found by the first check, told of once, and watched for three checks more", async () => {
    const stage = await aWeekend();
    await stage.tick(3.5);
    await stage.tick(26.5);
    expect(stage.feed.requests).toHaveLength(1);
    await stage.tick(27.5);
    expect(await stage.race()).toMatchObject({ result: { phase: "checking", revision: 2, checksPassed: 0 } });
    // Everybody behind moves up two places: Russell second, Antonelli third, Leclerc fourth, Sainz fifth.
    expect(await totals(stage)).toMatchObject({ Papaya: 180 + 150 + 120, "Red Bull": expect.any(Number) });
    const { items } = await revisionsOf(stage.ctx, { season: SEASON, slug: LAS_VEGAS });
    expect(items.map(({ revision }) => revision)).toEqual([1, 2]);
    expect(items[1]?.diff.filter(({ to }) => to === "disqualified").map(({ driverId }) => driverId)).toEqual([
      "norris",
      "piastri",
    ]);

    for (const [hour, passed] of [
      [51.5, 1],
      [75.5, 2],
      [99.5, 3],
    ] as const) {
      await stage.tick(hour);
      expect(await stage.race()).toMatchObject({ result: { revision: 2, checksPassed: passed } });
    }
    expect(await stage.race()).toMatchObject({ result: { phase: "verified" } });
    expect(stage.feed.requests).toHaveLength(5);
    expect(await told(stage)).toEqual(["results_in 1", "correction 2, 2 teams affected"]);
  });

  test("are a result that is verified, and still watched: daily for two weeks, then weekly to the season's end", async () => {
    const stage = await aWeekend();
    await stage.tick(14.5);
    await stage.tick(14.5 + 72);
    expect(await stage.race()).toMatchObject({ result: { phase: "verified", revision: 1 } });
    const verified = stage.feed.requests.length;
    for (let day = 1; day <= 60; day += 1) await stage.tick(14.5 + 72 + day * 24);
    expect(stage.feed.requests.length - verified).toBe(14 + 1);
    expect(await stage.race()).toMatchObject({ result: { nextLookAt: null } });
  });
});

test("a look that comes late after a downtime counts for every check it covers", async () => {
  const stage = await aWeekend();
  await stage.tick(14.5);
  await stage.tick(14.5 + 60);
  expect(await stage.race()).toMatchObject({ result: { phase: "checking", checksPassed: 2 } });
  expect(stage.feed.requests).toHaveLength(2);
  await stage.tick(14.5 + 24 * 30);
  expect(await stage.race()).toMatchObject({ result: { phase: "verified", checksPassed: 3 } });
  expect(stage.feed.requests).toHaveLength(3);
});

test("a look that an admin wants is made between two others, and finds at once what the next would find", async () => {
  const stage = await aWeekend();
  await stage.tick(3.5);
  const look = async (after: number) => {
    stage.turnTo(after);
    await checkRace(stage.ctx, { season: SEASON, slug: LAS_VEGAS });
    await stage.quiet();
    return stage.race();
  };
  const result = { revision: 1, checksPassed: 0, nextLookAt: stage.hour(27.5) };
  expect(await look(8)).toMatchObject({ result });
  expect(stage.feed.requests).toHaveLength(2);
  expect(await look(20)).toMatchObject({ result: { revision: 2, checksPassed: 0, nextLookAt: stage.hour(44) } });
});

function emptied(replayed: string): string {
  return firstRows(replayed, 0);
}

interface WireRow {
  readonly Driver: { readonly driverId: string };
}

interface Wire {
  readonly MRData: { total: string; readonly RaceTable: { Races: { Results: WireRow[] }[] } };
}

function firstRows(replayed: string, count: number): string {
  const body: Wire = JSON.parse(replayed);
  const { RaceTable } = body.MRData;
  for (const race of RaceTable.Races) race.Results.splice(count);
  if (count === 0) RaceTable.Races = [];
  body.MRData.total = String(count);
  return JSON.stringify(body);
}

/** As the source shows it for a while: one car has moved, the one it changed places with has not. */
function halfCorrected(replayed: string): string {
  const body: Wire = JSON.parse(replayed);
  const [, second] = body.MRData.RaceTable.Races[0]?.Results ?? [];
  if (second) Object.assign(second, { position: "3", positionText: "3", points: "15" });
  return JSON.stringify(body);
}
