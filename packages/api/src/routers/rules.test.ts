import { DAY } from "@pitwall/domain/durations";
import { aRace, aSeason } from "@pitwall/testing/builders";
import { test } from "@pitwall/testing/database";
import { describe, expect } from "vitest";
import { aCaller, aScoredRace, guest } from "../play.fixture.ts";

describe("rule sets", () => {
  test("are published in points, every figure of them", async ({ database: { db } }) => {
    const { items } = await guest(db).seasons.ruleSets();
    expect(items.map(({ id }) => id)).toEqual(["standard-1", "extended-1"]);
    expect(items[1]).toEqual({
      id: "extended-1",
      name: "extended",
      version: 1,
      racePoints: [25, 18, 15, 12, 10, 8, 6, 4, 2, 1],
      fastestLap: { points: 10 },
      racePlaces: { gained: 1, lost: -1 },
      racePenalties: { notClassified: -20, disqualified: -20 },
      sprint: {
        points: [8, 7, 6, 5, 4, 3, 2, 1],
        fastestLap: { points: 5 },
        places: { gained: 1, lost: -1 },
        penalties: { notClassified: -10, disqualified: -10 },
      },
      qualifying: {
        points: [10, 9, 8, 7, 6, 5, 4, 3, 2, 1],
        penalties: { notClassified: -5, disqualified: -5 },
      },
      captainMultiplier: 1.5,
      lineup: { size: 5, budget: 100, perConstructor: 2 },
      digest: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  test("are chosen by admins alone, before a race has locked", async ({ database: { db } }) => {
    const season = await aSeason(db);
    await aRace(db, { season, lockIn: DAY });
    const { caller: admin } = await aCaller(db, { role: "admin" });
    const { caller: user } = await aCaller(db);
    const chosen = { season, ruleSet: "extended-1" };
    await expect(user.seasons.setRules(chosen)).rejects.toMatchObject({ fault: { status: 403 } });
    await expect(admin.seasons.setRules({ season, ruleSet: "house-1" })).rejects.toMatchObject({
      fault: { status: 422, reason: "season.unknown_rule_set" },
    });
    expect(await admin.seasons.setRules(chosen)).toMatchObject({
      id: "extended-1",
      racePlaces: { gained: 1, lost: -1 },
    });
    expect(await guest(db).seasons.rules({ season })).toMatchObject({ id: "extended-1" });
    expect(await guest(db).seasons.byYear({ season })).toMatchObject({ ruleSet: "extended-1" });

    await aRace(db, { season, lockIn: -DAY });
    await expect(admin.seasons.setRules({ season, ruleSet: "standard-1" })).rejects.toMatchObject({
      fault: { status: 409, reason: "season.rules_in_use" },
    });
  });
});

describe("a race in hindsight", () => {
  test("says what any line-up would have scored and cost, and which was the best", async ({ database: { db } }) => {
    const { season, race, drivers } = await aScoredRace(db);
    const named = { season, slug: race.slug };
    const driverIds = drivers.slice(0, 5).map(({ id }) => id);
    const simulated = await guest(db).scores.simulate({ ...named, driverIds, captainId: driverIds[0] ?? "" });
    expect(simulated).toMatchObject({
      ...named,
      revision: 1,
      points: 39 + 18 + 15 + 12 + 10,
      cost: 75,
      remaining: 25,
      faults: [],
    });
    expect(simulated.lines[0]).toMatchObject({ rule: "race_position", points: 25, multiplier: 1.5, total: 37.5 });
    const { faults: _none, ...best } = simulated;
    expect(await guest(db).scores.best(named)).toEqual({ ...best, driverIds: driverIds.toSorted() });
  });

  test("tells what a line-up would have broken, and refuses what is none", async ({ database: { db } }) => {
    const { season, race } = await aScoredRace(db);
    const lineup = { season, slug: race.slug, driverIds: ["nobody"], captainId: "nobody" };
    const { points, faults } = await guest(db).scores.simulate(lineup);
    expect([points, faults.map(({ reason }) => reason)]).toEqual([0, ["lineup.wrong_size", "lineup.unknown_driver"]]);
    await expect(guest(db).scores.simulate({ ...lineup, captainId: "No Body" })).rejects.toMatchObject({
      fault: { status: 400 },
    });
    for (const asked of [
      guest(db).scores.simulate({ ...lineup, slug: "nowhere" }),
      guest(db).scores.best({ season, slug: race.slug, revision: 2 }),
    ])
      await expect(asked).rejects.toMatchObject({ fault: { status: 404 } });
  });
});
