import { driverPrices, drivers as people } from "@pitwall/db/schema";
import { HOUR } from "@pitwall/domain/durations";
import { aRace, aSeason, lockNow, someDrivers } from "@pitwall/testing/builders";
import { test } from "@pitwall/testing/database";
import { eq } from "drizzle-orm";
import { describe, expect } from "vitest";
import { asGuest } from "../context.fixture.ts";
import { aLockedRace, at, record, result } from "../results/results.fixture.ts";
import { driverById, listDrivers } from "./reading.ts";

describe("the drivers of a season", () => {
  test("come with car, price and points, the best first", async ({ database: { db } }) => {
    const { season, drivers, race } = await aLockedRace(db);
    expect(await listDrivers(asGuest(db), { season })).toMatchObject({ total: 20 });
    await record(db, race, result([...at(drivers, 3, 1), ...drivers.filter((_, place) => place !== 3 && place !== 1)]));
    const { items } = await listDrivers(asGuest(db), { season });
    const [first, second] = at(drivers, 3, 1);
    expect(items.slice(0, 2)).toMatchObject([
      { id: first?.id, number: first?.number, constructorId: first?.constructorId, price: 150, points: 250 + 10 },
      { id: second?.id, points: 180 },
    ]);
    expect(items.at(-1)).toMatchObject({ points: 0 });
  });

  test("count a correction instead of what it corrects", async ({ database: { db } }) => {
    const { season, drivers, race } = await aLockedRace(db);
    await record(db, race, result(drivers));
    await record(db, race, result(drivers.slice(1), at(drivers, 0)), 27);
    const [winner, second] = at(drivers, 0, 1);
    expect(await driverById(asGuest(db), { season, id: winner?.id ?? "" })).toMatchObject({ points: 0 });
    expect(await driverById(asGuest(db), { season, id: second?.id ?? "" })).toMatchObject({ points: 250 + 10 });
  });

  test("can be sorted either way", async ({ database: { db } }) => {
    const season = await aSeason(db);
    const drivers = await someDrivers(db, season, [90, 300, 150, 210]);
    await aRace(db, { season, lockIn: HOUR, drivers });
    const prices = async (order?: "asc" | "desc") =>
      (await listDrivers(asGuest(db), { season, sort: "price", order })).items.map(({ price }) => price);
    expect(await prices()).toEqual([300, 210, 150, 90]);
    expect(await prices("asc")).toEqual([90, 150, 210, 300]);
    const names = (await listDrivers(asGuest(db), { season, sort: "name" })).items.map(({ name }) => name);
    expect(names).toEqual(["Driver No 1", "Driver No 2", "Driver No 3", "Driver No 4"]);
  });

  test("are found by a part of the name, accents or not, by their code, and by their constructor", async ({
    database: { db },
  }) => {
    const season = await aSeason(db);
    const drivers = await someDrivers(db, season, [100, 100, 100, 100]);
    await aRace(db, { season, lockIn: HOUR, drivers });
    const [one, two, three] = drivers;
    await db
      .update(people)
      .set({ familyName: "Hülkenberg", code: "HUL" })
      .where(eq(people.id, one?.id ?? ""));
    await db
      .update(people)
      .set({ familyName: "Pérez" })
      .where(eq(people.id, two?.id ?? ""));
    const found = async (search: string) =>
      (await listDrivers(asGuest(db), { season, search })).items.map(({ id }) => id);
    for (const search of ["hülk", "HULKEN", "hul"]) expect(await found(search)).toEqual([one?.id]);
    expect(await found("perez")).toEqual([two?.id]);
    expect(await found("%")).toEqual([]);
    const { items } = await listDrivers(asGuest(db), { season, constructorId: three?.constructorId });
    expect(items.map(({ id }) => id).toSorted()).toEqual(
      drivers
        .slice(2)
        .map(({ id }) => id)
        .toSorted(),
    );
  });

  test("cost what was said last", async ({ database: { db } }) => {
    const season = await aSeason(db);
    const drivers = await someDrivers(db, season, [100]);
    await aRace(db, { season, lockIn: HOUR, drivers });
    const id = drivers[0]?.id ?? "";
    await db.insert(driverPrices).values({ season, driverId: id, price: 123 });
    await db.insert(driverPrices).values({ season, driverId: id, price: 999, since: new Date(Date.now() + HOUR) });
    expect(await driverById(asGuest(db), { season, id })).toMatchObject({ price: 123 });
  });

  test("sit in the car of the next open race, and are absent when they are not entered in it", async ({
    database: { db },
  }) => {
    const season = await aSeason(db);
    const drivers = await someDrivers(db, season, Array(20).fill(100));
    await lockNow(db, await aRace(db, { season, lockIn: HOUR, drivers }));
    const [left, moved] = at(drivers, 0, 1);
    const constructorId = drivers[19]?.constructorId ?? "";
    const later = [...at(drivers, 1).map((driver) => ({ ...driver, constructorId, number: 99 })), ...drivers.slice(2)];
    await aRace(db, { season, lockIn: HOUR, drivers: later });
    await aRace(db, { season, lockIn: 5 * HOUR, drivers });
    expect(await driverById(asGuest(db), { season, id: moved?.id ?? "" })).toMatchObject({
      constructorId,
      number: 99,
      status: "entered",
    });
    expect(await driverById(asGuest(db), { season, id: left?.id ?? "" })).toMatchObject({ status: "absent" });
  });

  test("are not found when they are not entered, nor in a season that is not there", async ({ database: { db } }) => {
    const season = await aSeason(db);
    await expect(driverById(asGuest(db), { season, id: "fangio" })).rejects.toMatchObject({
      kind: "not_found",
      reason: "driver.not_found",
    });
    await expect(listDrivers(asGuest(db), { season: 1950 })).rejects.toMatchObject({ reason: "season.not_found" });
  });
});
