import { DAY } from "@pitwall/domain/durations";
import { test } from "@pitwall/testing/database";
import { describe, expect } from "vitest";
import { aCaller, aPlayableSeason, aScoredRace, guest } from "../play.fixture.ts";

const inDays = (days: number) => new Date(Date.now() + days * DAY).toISOString();

describe("the races of a season", () => {
  test("are an admin's to add, change, cancel and remove", async ({ database: { db } }) => {
    const { season } = await aPlayableSeason(db);
    const { caller } = await aCaller(db, { role: "admin" });
    const sessions = { qualifying: inDays(9), race: inDays(10) };
    const circuit = { id: "kyalami", name: "Kyalami", locality: "Midrand", country: "South Africa" };
    const made = await caller.races.create({ season, name: "South African Grand Prix", round: 2, circuit, sessions });
    const slug = "south-african-grand-prix";
    expect(made).toMatchObject({ season, slug, sessions, circuit, version: 1, status: "upcoming" });

    const moved = await caller.races.update({ season, slug, version: 1, sessions: { qualifying: inDays(8) } });
    expect(moved).toMatchObject({ version: 2, sessions: { race: sessions.race } });
    expect(moved.changes.map(({ field }) => field)).toEqual(["added", "qualifying"]);
    await expect(caller.races.update({ season, slug, version: 1, round: 3 })).rejects.toMatchObject({
      fault: { status: 409, reason: "race.version_stale" },
    });
    expect(await caller.races.update({ season, slug, cancelled: true })).toMatchObject({ status: "cancelled" });
    expect((await guest(db).races.list({ season, status: "cancelled" })).items).toMatchObject([{ slug }]);
    expect(await caller.races.remove({ season, slug })).toEqual({});
    await expect(guest(db).races.bySlug({ season, slug })).rejects.toMatchObject({ fault: { status: 404 } });
  });

  test("stay when they are in use, and take no times that cannot be", async ({ database: { db } }) => {
    const { season, race } = await aScoredRace(db);
    const { caller } = await aCaller(db, { role: "admin" });
    await expect(caller.races.remove({ season, slug: race.slug })).rejects.toMatchObject({
      fault: { status: 409, reason: "race.in_use" },
    });
    const sessions = { qualifying: inDays(30) };
    await expect(caller.races.update({ season, slug: race.slug, sessions })).rejects.toMatchObject({
      fault: { status: 422, reason: "race.times_impossible", errors: [{ field: "sessions.qualifying" }] },
    });
    await expect(
      caller.races.update({ season, slug: race.slug, sessions: { qualifying: "tomorrow" } }),
    ).rejects.toMatchObject({ fault: { status: 400 } });
  });

  test("are nobody else's", async ({ database: { db } }) => {
    const { season, race } = await aPlayableSeason(db);
    const { caller } = await aCaller(db);
    const input = { season, slug: race.slug };
    for (const act of [() => caller.races.remove(input), () => caller.races.update({ ...input, cancelled: true })])
      await expect(act()).rejects.toMatchObject({ fault: { status: 403, reason: "auth.admin_only" } });
    await expect(guest(db).races.remove(input)).rejects.toMatchObject({ fault: { status: 401 } });
  });
});

describe("a result", () => {
  test("is an admin's to enter, as it was read, in points", async ({ database: { db } }) => {
    const { season, race, drivers } = await aScoredRace(db);
    const { slug } = race;
    await db.execute(`update races set starts_at = clock_timestamp() where id = ${race.id}`);
    const { caller } = await aCaller(db, { role: "admin" });
    const read = await caller.results.current({ season, slug });
    const sessions = read.sessions.map(({ session, cars }) => ({ session, cars: [...cars] }));
    expect(await caller.results.enter({ season, slug, sessions })).toEqual({
      season,
      slug,
      outcome: "unchanged",
      revision: 1,
    });
    const cars = drivers.toReversed().map(({ id: driverId }) => ({ driverId, laps: 57 }));
    const entered = { season, slug, sessions: [{ session: "race" as const, cars }], note: "the stewards' document" };
    expect(await caller.results.enter(entered)).toMatchObject({ outcome: "corrected", revision: 2 });
    expect((await guest(db).results.current({ season, slug })).sessions[0]?.cars[0]).toMatchObject({
      driverId: drivers[19]?.id,
      points: 25,
    });
    const short = [{ session: "race" as const, cars: cars.slice(0, 3) }];
    await expect(caller.results.enter({ season, slug, sessions: short })).rejects.toMatchObject({
      fault: { status: 422, reason: "results.invalid", errors: [{ field: "race", reason: "result.too_few_cars" }] },
    });
    const { caller: player } = await aCaller(db);
    await expect(player.results.enter(entered)).rejects.toMatchObject({ fault: { status: 403 } });
  });
});
