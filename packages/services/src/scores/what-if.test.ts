import type { Db } from "@pitwall/db/database";
import { driverPrices } from "@pitwall/db/schema";
import { HOUR } from "@pitwall/domain/durations";
import { test } from "@pitwall/testing/database";
import { describe, expect } from "vitest";
import { asGuest } from "../context.fixture.ts";
import { aLockedRace, at, record, result } from "../results/results.fixture.ts";
import { ledgerOf } from "./reading.ts";
import { bestLineupOf, simulateLineup } from "./what-if.ts";

async function aPastRace(db: Db) {
  const built = await aLockedRace(db);
  await record(db, built.race, result(built.drivers));
  const named = { season: built.season, slug: built.race.slug };
  const ids = (...places: number[]) => at(built.drivers, ...places).map(({ id }) => id);
  return { ...built, named, ids };
}

describe("any line-up in hindsight", () => {
  test("scores what a team that fielded it did, to the line, and costs what it did", async ({ database: { db } }) => {
    const { named, ids, annsTeam } = await aPastRace(db);
    const driverIds = ids(0, 2, 4, 6, 8);
    const simulated = await simulateLineup(asGuest(db), { ...named, driverIds, captainId: driverIds[0] ?? "" });
    const { points, lines } = await ledgerOf(asGuest(db), { ...named, teamId: annsTeam.id });
    expect(simulated).toMatchObject({ ...named, revision: 1, points, cost: 750, remaining: 250, faults: [] });
    expect(simulated.lines).toEqual(lines);
  });

  test("is told what rules it breaks, and scored all the same", async ({ database: { db } }) => {
    const { named, ids } = await aPastRace(db);
    const [first = "", second = "", third = ""] = ids(0, 1, 2);
    const driverIds = [first, second, third, third, "nobody", "nobody_else"];
    const simulated = await simulateLineup(asGuest(db), { ...named, driverIds, captainId: "nobody_at_all" });
    expect(simulated.points).toBe(260 + 180 + 150);
    expect(simulated.lines.filter(({ rule }) => rule === "not_listed")).toHaveLength(2);
    expect(simulated.faults.map(({ reason }) => reason)).toEqual([
      "lineup.wrong_size",
      "lineup.duplicate_driver",
      "lineup.unknown_driver",
      "lineup.unknown_driver",
      "lineup.captain_not_in_lineup",
    ]);
  });

  test("can be scored as it was before a correction", async ({ database: { db } }) => {
    const { named, ids, drivers, race } = await aPastRace(db);
    await record(db, race, result(drivers.slice(1), at(drivers, 0)), 27);
    const lineup = { ...named, driverIds: ids(0, 2, 4, 6, 8), captainId: drivers[0]?.id ?? "" };
    expect(await simulateLineup(asGuest(db), lineup)).toMatchObject({ revision: 2, points: 420 });
    expect(await simulateLineup(asGuest(db), { ...lineup, revision: 1 })).toMatchObject({ points: 720 });
    const unknown = simulateLineup(asGuest(db), { ...lineup, revision: 3 });
    await expect(unknown).rejects.toMatchObject({ kind: "not_found", reason: "result.no_such_revision" });
  });

  test("costs what its drivers did when the race locked, whatever prices did later", async ({ database: { db } }) => {
    const { named, ids, season, race } = await aPastRace(db);
    const lineup = { ...named, driverIds: ids(0, 2, 4, 6, 8), captainId: ids(0)[0] ?? "" };
    const before = await simulateLineup(asGuest(db), lineup);
    const since = new Date(race.lockAt.getTime() + HOUR);
    await db.insert(driverPrices).values(lineup.driverIds.map((driverId) => ({ season, driverId, price: 300, since })));
    expect(await simulateLineup(asGuest(db), lineup)).toEqual(before);
    const inTime = new Date(race.lockAt.getTime() - 1);
    await db.insert(driverPrices).values({ season, driverId: lineup.captainId, price: 310, since: inTime });
    expect(await simulateLineup(asGuest(db), lineup)).toMatchObject({ cost: 310 + 4 * 150 });
  });

  test("has no score before there is a result", async ({ database: { db } }) => {
    const { season, race, drivers } = await aLockedRace(db);
    const lineup = { season, slug: race.slug, driverIds: [drivers[0]?.id ?? ""], captainId: "" };
    for (const asked of [simulateLineup(asGuest(db), lineup), bestLineupOf(asGuest(db), lineup)])
      await expect(asked).rejects.toMatchObject({ kind: "not_found", reason: "result.none_yet" });
  });
});

describe("the best line-up", () => {
  test("is of the best drivers, at most two of a constructor, the winner as captain", async ({ database: { db } }) => {
    const { named, ids } = await aPastRace(db);
    const best = await bestLineupOf(asGuest(db), named);
    expect(best).toMatchObject({ revision: 1, points: 390 + 180 + 150 + 120 + 100, cost: 750, budget: 1000 });
    expect(best.driverIds).toEqual(ids(0, 1, 2, 3, 4).toSorted());
    expect(best.captainId).toBe(ids(0)[0]);
    expect(best.lines.reduce((sum, line) => sum + line.total, 0)).toBe(best.points);
    const { faults, ...simulated } = await simulateLineup(asGuest(db), { ...named, ...best });
    expect([simulated, faults]).toEqual([best, []]);
  });

  test("keeps to the prices at the lock", async ({ database: { db } }) => {
    const { named, ids, season, race } = await aPastRace(db);
    const [winner = ""] = ids(0);
    const since = new Date(race.lockAt.getTime() - 1);
    await db.insert(driverPrices).values({ season, driverId: winner, price: 401, since });
    const best = await bestLineupOf(asGuest(db), named);
    expect(best.driverIds).not.toContain(winner);
    expect(best.points).toBe(270 + 150 + 120 + 100 + 80);
  });
});
