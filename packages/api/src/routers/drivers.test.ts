import type { Db } from "@pitwall/db/database";
import { DAY } from "@pitwall/domain/durations";
import { aRace, aSeason, aUser, someDrivers } from "@pitwall/testing/builders";
import { test } from "@pitwall/testing/database";
import { describe, expect } from "vitest";
import { aCaller, aScoredRace, callerOf, guest } from "../play.fixture.ts";

async function aSeasonToCome(db: Db) {
  const season = await aSeason(db);
  const drivers = await someDrivers(db, season);
  const race = await aRace(db, { season, lockIn: DAY, drivers });
  const [first] = drivers;
  if (!first) throw new Error("a grid without drivers");
  return { season, drivers, race, first, admin: callerOf(db, await aUser(db, { role: "admin" })) };
}

const senna = { givenName: "Ayrton", familyName: "Senna", code: "SEN", dateOfBirth: "1960-03-21" };

describe("an admin", () => {
  test("creates a driver with a car, in millions", async ({ database: { db } }) => {
    const { season, first, race, admin } = await aSeasonToCome(db);
    const entry = { season, constructorId: first.constructorId, number: 12, price: 28.5 };
    const made = await admin.drivers.create({ id: "senna_1", ...senna, nationality: "Brazilian", entry });
    expect(made).toMatchObject({
      ...{ id: "senna_1", name: "Ayrton Senna", ...senna, nationality: "Brazilian", season },
      ...{ status: "entered", number: 12, constructorId: first.constructorId, price: 28.5, points: 0 },
      stats: { races: 0, average: null, bestRace: null, form: [] },
      prices: [{ price: 28.5, since: expect.any(Date) }],
    });
    expect(await guest(db).drivers.byId({ driver: "senna_1", season })).toEqual(made);
    expect((await guest(db).drivers.entries({ season, slug: race.slug })).items.at(-1)).toMatchObject({
      driverId: "senna_1",
      price: 28.5,
    });
    await expect(admin.drivers.create({ id: "senna_1", ...senna })).rejects.toMatchObject({
      fault: { status: 409, reason: "driver.taken" },
    });
  });

  test("changes, moves and withdraws a driver", async ({ database: { db } }) => {
    const { season, drivers, first, admin } = await aSeasonToCome(db);
    const entry = { season, constructorId: drivers[9]?.constructorId ?? "", number: 44 };
    expect(await admin.drivers.update({ driver: first.id, familyName: "Prost", code: "PRO", entry })).toMatchObject({
      ...{ name: "Driver Prost", code: "PRO", number: 44, constructorId: entry.constructorId, status: "entered" },
    });
    expect(await admin.drivers.update({ driver: first.id, code: null, withdrawFrom: season })).toMatchObject({
      ...{ code: null, number: null, status: "absent" },
    });
    await expect(admin.drivers.update({ driver: first.id, withdrawFrom: season, entry })).rejects.toMatchObject({
      fault: { status: 400, errors: [{ field: "withdrawFrom" }] },
    });
    for (const [change, status, reason] of [
      [{ driver: "nobody", code: "NOB" }, 404, "driver.not_found"],
      [{ driver: first.id, entry: { ...entry, constructorId: "brabham" } }, 404, "constructor.not_found"],
      [{ driver: first.id, entry: { ...entry, number: 2 } }, 409, "driver.number_taken"],
    ] as const)
      await expect(admin.drivers.update(change)).rejects.toMatchObject({ fault: { status, reason } });
  });

  test("sets a price, which is in the history from then on", async ({ database: { db } }) => {
    const { season, first, admin } = await aSeasonToCome(db);
    const set = await admin.drivers.setPrice({ driver: first.id, season, price: 15.3 });
    expect(set).toEqual({ id: first.id, season, price: 15.3, since: set.since });
    expect((await guest(db).drivers.byId({ driver: first.id, season })).prices).toMatchObject([
      { price: 15.3 },
      { price: 15 },
    ]);
    for (const price of [0, -1, 100.1, 15.35, 1e308, Number.NaN])
      await expect(admin.drivers.setPrice({ driver: first.id, season, price })).rejects.toMatchObject({
        fault: { status: 400, errors: expect.arrayContaining([expect.objectContaining({ field: "price" })]) },
      });
    await expect(admin.drivers.setPrice({ driver: "nobody", season, price: 15 })).rejects.toMatchObject({
      fault: { status: 404, reason: "driver.not_found" },
    });
  });

  test("removes a driver whom nothing uses, and hears what uses another", async ({ database: { db } }) => {
    const { season, first, admin } = await aSeasonToCome(db);
    expect(await admin.drivers.remove({ driver: first.id })).toEqual({});
    await expect(guest(db).drivers.byId({ driver: first.id, season })).rejects.toMatchObject({
      fault: { status: 404, reason: "driver.not_found" },
    });
    const { drivers } = await aScoredRace(db);
    await expect(admin.drivers.remove({ driver: drivers[0]?.id ?? "" })).rejects.toMatchObject({
      fault: {
        status: 409,
        reason: "driver.in_use",
        errors: [
          { reason: "driver.in_locked_races", count: 1 },
          { reason: "driver.in_classifications", count: 1 },
          { reason: "driver.in_lineups", count: 1 },
        ],
      },
    });
  });

  test("sends nothing that is not asked for, and nothing that is no driver", async ({ database: { db } }) => {
    const { season, first, admin } = await aSeasonToCome(db);
    const strange = { driver: first.id, key: 7, editedAt: null, id: "other", price: 1 };
    await expect(admin.drivers.update(strange)).rejects.toMatchObject({
      fault: { status: 400, errors: [{ field: "key" }, { field: "editedAt" }, { field: "id" }, { field: "price" }] },
    });
    const entry = { season, constructorId: first.constructorId, number: 12, price: 10 };
    for (const [field, wrong] of [
      ["id", { id: "Ayrton Senna" }],
      ["givenName", { givenName: "" }],
      ["familyName", { familyName: "Sen\nna" }],
      ["code", { code: "senna" }],
      ["dateOfBirth", { dateOfBirth: "0000-03-21" }],
      ["dateOfBirth", { dateOfBirth: "1960-02-30" }],
      ["entry.number", { entry: { ...entry, number: 1000 } }],
      ["entry.price", { entry: { ...entry, price: 0.01 } }],
      ["entry.slug", { entry: Object.assign({ slug: "monaco" }, entry) }],
    ] as const)
      await expect(admin.drivers.create({ id: "senna_2", ...senna, ...wrong })).rejects.toMatchObject({
        fault: { status: 400, errors: expect.arrayContaining([expect.objectContaining({ field })]) },
      });
  });
});

test("drivers are no business of users and guests", async ({ database: { db } }) => {
  const { season, first } = await aSeasonToCome(db);
  const { caller } = await aCaller(db);
  const attempts = ({ drivers }: typeof caller) => [
    drivers.create({ id: "senna_3", ...senna }),
    drivers.update({ driver: first.id, code: "BAD" }),
    drivers.remove({ driver: first.id }),
    drivers.setPrice({ driver: first.id, season, price: 0.1 }),
  ];
  for (const attempt of attempts(caller))
    await expect(attempt).rejects.toMatchObject({ fault: { status: 403, reason: "auth.admin_only" } });
  for (const attempt of attempts(guest(db)))
    await expect(attempt).rejects.toMatchObject({ fault: { status: 401, reason: "auth.required" } });
  expect(await guest(db).drivers.byId({ driver: first.id, season })).toMatchObject({ code: null, price: 15 });
});

describe("the list of drivers", () => {
  test("comes page by page in a stable order, with rank and statistics", async ({ database: { db } }) => {
    const { season, race, drivers } = await aScoredRace(db);
    const { list } = guest(db).drivers;
    const whole = await list({ season, sort: "points" });
    expect(whole.items.slice(0, 2)).toMatchObject([
      { id: drivers[0]?.id, rank: 1, stats: { wins: 1, average: 26, bestRace: { slug: race.slug, points: 26 } } },
      { id: drivers[1]?.id, rank: 2, stats: { podiums: 1, bestPlace: 2, form: [{ slug: race.slug, points: 18 }] } },
    ]);
    for (const sort of ["points", "price", "name", "average", "number"] as const) {
      const pages = await Promise.all([0, 7, 14].map((offset) => list({ season, sort, limit: 7, offset })));
      const { items, total } = await list({ season, sort });
      expect(pages.flatMap((page) => page.items)).toEqual(items);
      expect(pages.map((page) => [page.items.length, page.total])).toEqual([
        [7, total],
        [7, total],
        [6, total],
      ]);
    }
    const numbers = (await list({ season, sort: "number", limit: 3 })).items.map(({ number }) => number);
    expect(numbers).toEqual([1, 2, 3]);
    await expect(list({ season, limit: 101 })).rejects.toMatchObject({ fault: { status: 400 } });
  });

  test("ranks constructors by what their cars earned", async ({ database: { db } }) => {
    const { season, drivers } = await aScoredRace(db);
    const { items } = await guest(db).constructors.list({ season });
    expect(items[0]).toMatchObject({
      ...{ id: drivers[0]?.constructorId, rank: 1, points: 44 },
      drivers: [
        { driverId: drivers[0]?.id, points: 26 },
        { driverId: drivers[1]?.id, points: 18 },
      ],
    });
  });
});
