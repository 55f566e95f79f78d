import { type Db, withTx } from "@pitwall/db/database";
import { fielded, teamLineups } from "@pitwall/db/schema";
import { DAY, HOUR } from "@pitwall/domain/durations";
import { aRace, aSeason, aUser, type BuiltDriver, lockNow, someDrivers } from "@pitwall/testing/builders";
import { test } from "@pitwall/testing/database";
import { and, eq } from "drizzle-orm";
import { describe, expect } from "vitest";
import { asClock, asGuest, asUser, contextAs } from "../context.fixture.ts";
import { meanwhile } from "../meanwhile.fixture.ts";
import { lockDueRaces } from "../races.ts";
import { createTeam } from "../teams.ts";
import { updateDriver } from "./editing.ts";
import { entriesOf } from "./entries.ts";
import { setPrice } from "./prices.ts";

const admin = (db: Db) => contextAs(db, { kind: "system", name: "script" });

/** Five drivers of whom two share a car's colours; moving a third to them breaks the rule of two. */
async function aScene(db: Db) {
  const season = await aSeason(db);
  const drivers = await someDrivers(db, season);
  const race = await aRace(db, { season, lockIn: DAY, drivers });
  const five = [0, 1, 2, 4, 6].flatMap((at) => drivers[at] ?? []);
  const [first, , third] = five;
  const lineup = { season, name: "Two of one", driverIds: five.map(({ id }) => id), captainId: first?.id ?? "" };
  const move = {
    id: third?.id ?? "",
    entry: { season, constructorId: first?.constructorId ?? "", number: third?.number ?? 0 },
  };
  return { season, drivers, race, lineup, move, player: asUser(db, await aUser(db)) };
}

describe("a driver who moves while a line-up is saved", () => {
  test("is judged in the new car by whoever saves after the move", async ({ database: { db } }) => {
    const { lineup, move, player } = await aScene(db);
    const save = meanwhile(db, {
      first: (tx) => updateDriver(admin(tx), move),
      second: () => Promise.allSettled([createTeam(player, lineup)]),
    });
    expect(await save).toMatchObject([
      {
        status: "rejected",
        reason: { faults: [{ reason: "lineup.too_many_of_constructor", count: 3, limit: 2 }] },
      },
    ]);
  });

  test("waits for whoever was first, whose line-up stands and is fielded", async ({ database: { db } }) => {
    const { season, race, lineup, move, player } = await aScene(db);
    await aRace(db, { season, lockIn: 9 * DAY });
    await meanwhile(db, {
      first: (tx) => createTeam({ ...player, db: tx }, lineup),
      second: () => updateDriver(admin(db), move),
    });
    expect((await entriesOf(admin(db), race)).items).toContainEqual(
      expect.objectContaining({ driverId: move.id, constructorId: move.entry.constructorId }),
    );
    const [saved] = await db.select().from(teamLineups).where(eq(teamLineups.raceId, race.id));
    await lockNow(db, race);
    await lockDueRaces(asClock(db, new Date()));
    const own = and(eq(fielded.raceId, race.id), eq(fielded.teamId, saved?.teamId ?? ""));
    expect(await db.$count(fielded, own)).toBe(1);
  });

  test("leaves no team with three of one constructor that was saved after it, whatever comes at once", async ({
    database: { db },
  }) => {
    const { race, lineup, move } = await aScene(db);
    const players = await Promise.all(Array.from({ length: 16 }, async () => asUser(db, await aUser(db))));
    const saves = players.map((player) => createTeam(player, lineup));
    const [outcomes] = await Promise.all([Promise.allSettled(saves), updateDriver(admin(db), move)]);
    for (const outcome of outcomes)
      if (outcome.status === "rejected") expect(outcome.reason).toMatchObject({ reason: "lineup.breaks_rules" });
    const entered = outcomes.filter(({ status }) => status === "fulfilled").length;
    expect(await db.$count(teamLineups, eq(teamLineups.raceId, race.id))).toBe(entered);
  });
});

describe("a move", () => {
  test("that waits across the deadline leaves the race alone that has locked meanwhile", async ({
    database: { db },
  }) => {
    const { season, drivers, race, move } = await aScene(db);
    const next = await aRace(db, { season, lockIn: 9 * DAY, drivers });
    await meanwhile(db, {
      first: (tx) => lockNow(tx, race),
      second: () => updateDriver(admin(db), move),
    });
    const carIn = async (named: { season: number; slug: string }) =>
      (await entriesOf(asGuest(db), named)).items.find(({ driverId }) => driverId === move.id)?.constructorId;
    expect(await carIn(race)).toBe(drivers[2]?.constructorId);
    expect(await carIn(next)).toBe(move.entry.constructorId);
  });

  test("of two drivers onto one number at once succeeds for one", async ({ database: { db } }) => {
    const { season, drivers } = await aScene(db);
    const onto99 = (driver: BuiltDriver) =>
      updateDriver(admin(db), { id: driver.id, entry: { season, constructorId: driver.constructorId, number: 99 } });
    const moves = await Promise.allSettled(drivers.slice(0, 2).map(onto99));
    expect(moves.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    expect(moves.find(({ status }) => status === "rejected")).toMatchObject({
      reason: { reason: "driver.number_taken" },
    });
  });
});

describe("the entry list of a race", () => {
  test("shows what a driver costs now, and once the race has locked what he cost then", async ({
    database: { db },
  }) => {
    const season = await aSeason(db);
    const drivers = await someDrivers(db, season, [100]);
    const race = await aRace(db, { season, lockIn: HOUR, drivers });
    const id = drivers[0]?.id ?? "";
    const price = async () => (await entriesOf(asGuest(db), race)).items[0]?.price;
    await setPrice(admin(db), { id, season, price: 110 });
    expect(await price()).toBe(110);
    await lockNow(db, race);
    await setPrice(admin(db), { id, season, price: 120 });
    expect(await price()).toBe(110);
  });

  test("is one of a race that there is", async ({ database: { db } }) => {
    await expect(entriesOf(asGuest(db), { season: 1950, slug: "nowhere" })).rejects.toMatchObject({
      kind: "not_found",
      reason: "race.not_found",
    });
    await withTx(db, async (tx) =>
      expect((await entriesOf(asGuest(tx), (await aScene(tx)).race)).items).toHaveLength(10),
    );
  });
});
