import type { Db } from "@pitwall/db/database";
import { auditLog, drivers as people, raceEntries } from "@pitwall/db/schema";
import { DAY } from "@pitwall/domain/durations";
import { aRace, aSeason, aUser, lockNow, someDrivers } from "@pitwall/testing/builders";
import { test } from "@pitwall/testing/database";
import { eq } from "drizzle-orm";
import { describe, expect } from "vitest";
import { asGuest, contextAs } from "../context.fixture.ts";
import { createDriver, updateDriver } from "./editing.ts";
import { entriesOf } from "./entries.ts";
import { driverById } from "./reading.ts";

async function anAdmin(db: Db) {
  const person = await aUser(db, { role: "admin" });
  return contextAs(db, { kind: "admin", userId: person.id, username: person.username, sessionId: null });
}

/** A season of ten drivers with a race that has locked and two that have not. */
async function aSeasonHalfWay(db: Db) {
  const season = await aSeason(db);
  const drivers = await someDrivers(db, season);
  const locked = await lockNow(db, await aRace(db, { season, lockIn: DAY, drivers }));
  const next = await aRace(db, { season, lockIn: DAY, drivers });
  const last = await aRace(db, { season, lockIn: 9 * DAY, drivers });
  const constructorId = drivers[9]?.constructorId ?? "";
  return { season, drivers, locked, next, last, constructorId, admin: await anAdmin(db) };
}

const fangio = { givenName: "Juan Manuel", familyName: "Fangio" };

async function trailOf(db: Db, subject: string) {
  return db.select().from(auditLog).where(eq(auditLog.subject, subject)).orderBy(auditLog.id);
}

describe("a new driver", () => {
  test("is entered in every race that has not locked, at a price, and that is written down", async ({
    database: { db },
  }) => {
    const { season, locked, next, last, constructorId, admin } = await aSeasonHalfWay(db);
    const entry = { season, constructorId, number: 77, price: 95 };
    await createDriver(admin, { id: "fangio_1", ...fangio, code: "FAN", dateOfBirth: "1911-06-24", entry });
    expect(await driverById(admin, { id: "fangio_1", season })).toMatchObject({
      ...{ name: "Juan Manuel Fangio", code: "FAN", nationality: null, dateOfBirth: "1911-06-24" },
      ...{ status: "entered", number: 77, constructorId, price: 95, points: 0, prices: [{ price: 95 }] },
    });
    const entered = await db.select().from(raceEntries).where(eq(raceEntries.driverId, "fangio_1"));
    expect(entered.map(({ raceId }) => raceId).toSorted()).toEqual([next.id, last.id].toSorted());
    expect((await entriesOf(admin, locked)).items).toHaveLength(10);
    expect((await entriesOf(admin, next)).items.at(-1)).toEqual({
      ...{ driverId: "fangio_1", name: "Juan Manuel Fangio", constructorId, number: 77, price: 95 },
    });
    expect(await trailOf(db, "fangio_1")).toMatchObject([
      { act: "create_driver", detail: { entry: { ...entry, races: 2 } } },
    ]);
  });

  test("may wait for a car, and is known all the same", async ({ database: { db } }) => {
    const { season, admin } = await aSeasonHalfWay(db);
    await createDriver(admin, { id: "fangio_2", ...fangio });
    expect(await driverById(admin, { id: "fangio_2", season })).toMatchObject({
      ...{ status: "absent", number: null, constructorId: null, price: null, rank: null, prices: [] },
      stats: { races: 0, form: [] },
    });
  });

  test("is refused whole when the name, number, constructor, season or race is not to be had", async ({
    database: { db },
  }) => {
    const { season, drivers, constructorId, admin } = await aSeasonHalfWay(db);
    const over = await aSeason(db);
    await lockNow(db, await aRace(db, { season: over, lockIn: DAY, drivers }));
    const entry = { season, constructorId, number: 77, price: 95 };
    const taken = createDriver(admin, { id: drivers[0]?.id ?? "", ...fangio });
    await expect(taken).rejects.toMatchObject({ kind: "conflict", reason: "driver.taken" });
    for (const [change, kind, reason] of [
      [{ number: drivers[0]?.number ?? 0 }, "conflict", "driver.number_taken"],
      [{ constructorId: "brabham_bt46" }, "not_found", "constructor.not_found"],
      [{ season: 1950 }, "not_found", "season.not_found"],
      [{ season: over }, "broken_rule", "season.no_open_race"],
    ] as const)
      await expect(
        createDriver(admin, { id: "fangio_3", ...fangio, entry: { ...entry, ...change } }),
      ).rejects.toMatchObject({ kind, reason });
    expect(await db.$count(people, eq(people.id, "fangio_3"))).toBe(0);
    expect(await trailOf(db, "fangio_3")).toEqual([]);
  });

  test("is one of two when two admins make the same at once", async ({ database: { db } }) => {
    const admins = [await anAdmin(db), await anAdmin(db)];
    const made = await Promise.allSettled(admins.map((admin) => createDriver(admin, { id: "fangio_4", ...fangio })));
    expect(made.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    expect(await trailOf(db, "fangio_4")).toHaveLength(1);
  });
});

describe("changing a driver", () => {
  test("writes only what changes, with what it was", async ({ database: { db } }) => {
    const { season, drivers, admin } = await aSeasonHalfWay(db);
    const id = drivers[0]?.id ?? "";
    await updateDriver(admin, { id, familyName: "Moss", givenName: "Driver", code: "MOS" });
    await updateDriver(admin, { id, familyName: "Moss" });
    await updateDriver(admin, { id });
    expect(await driverById(admin, { id, season })).toMatchObject({ name: "Driver Moss", code: "MOS" });
    expect(await trailOf(db, id)).toMatchObject([
      { act: "change_driver", detail: { familyName: { from: "No 1", to: "Moss" }, code: { from: null, to: "MOS" } } },
    ]);
    await updateDriver(admin, { id, code: null });
    expect(await driverById(admin, { id, season })).toMatchObject({ code: null });
    await expect(updateDriver(admin, { id: "nobody", code: "NOB" })).rejects.toMatchObject({
      kind: "not_found",
      reason: "driver.not_found",
    });
  });

  test("moves him from the next race on, and never in one that has locked", async ({ database: { db } }) => {
    const { season, drivers, locked, next, last, constructorId, admin } = await aSeasonHalfWay(db);
    const [moved] = drivers;
    const id = moved?.id ?? "";
    const before = { constructorId: moved?.constructorId, number: moved?.number };
    await updateDriver(admin, { id, entry: { season, constructorId, number: 88 } });
    const carIn = async (race: { season: number; slug: string }) =>
      (await entriesOf(asGuest(db), race)).items.find(({ driverId }) => driverId === id);
    expect(await carIn(locked)).toMatchObject(before);
    for (const race of [next, last]) expect(await carIn(race)).toMatchObject({ constructorId, number: 88 });
    await updateDriver(admin, { id, entry: { season, constructorId, number: 88 } });
    expect(await trailOf(db, id)).toMatchObject([
      { detail: { entry: { season, from: before, to: { constructorId, number: 88 }, races: 2 } } },
    ]);
  });

  test("withdraws him from the races to come, and lets him return", async ({ database: { db } }) => {
    const { season, drivers, locked, next, constructorId, admin } = await aSeasonHalfWay(db);
    const id = drivers[0]?.id ?? "";
    await updateDriver(admin, { id, withdrawFrom: season });
    expect(await driverById(admin, { id, season })).toMatchObject({ status: "absent" });
    expect((await entriesOf(admin, next)).items).toHaveLength(9);
    expect((await entriesOf(admin, locked)).items).toHaveLength(10);
    await updateDriver(admin, { id, entry: { season, constructorId, number: 1 } });
    expect(await driverById(admin, { id, season })).toMatchObject({ status: "entered", constructorId });
  });

  test("puts nobody into a car who has no price, nor under a number that another has", async ({ database: { db } }) => {
    const { season, drivers, next, constructorId, admin } = await aSeasonHalfWay(db);
    await createDriver(admin, { id: "fangio_5", ...fangio });
    const entry = { season, constructorId, number: 77 };
    await expect(updateDriver(admin, { id: "fangio_5", entry })).rejects.toMatchObject({
      kind: "broken_rule",
      reason: "driver.no_price",
    });
    const [one, two] = drivers;
    const number = two?.number ?? 0;
    await expect(updateDriver(admin, { id: one?.id ?? "", entry: { ...entry, number } })).rejects.toMatchObject({
      kind: "conflict",
      reason: "driver.number_taken",
    });
    expect((await entriesOf(admin, next)).items).toHaveLength(10);
  });

  test("needs a driver and a season", async ({ database: { db } }) => {
    const { season, constructorId, admin } = await aSeasonHalfWay(db);
    const entry = { season, constructorId, number: 77 };
    await expect(updateDriver(admin, { id: "nobody", entry })).rejects.toMatchObject({ reason: "driver.not_found" });
    await expect(updateDriver(admin, { id: "nobody", withdrawFrom: 1950 })).rejects.toMatchObject({
      reason: "season.not_found",
    });
  });
});
