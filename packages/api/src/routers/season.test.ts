import { aUser } from "@pitwall/testing/builders";
import { test } from "@pitwall/testing/database";
import { describe, expect } from "vitest";
import { aPlayableSeason, aScoredRace, callerOf, guest } from "../play.fixture.ts";

describe("a season", () => {
  test("publishes its rules in points and millions", async ({ database: { db } }) => {
    const { season } = await aPlayableSeason(db);
    expect(await guest(db).seasons.rules({ season })).toMatchObject({
      id: "standard-1",
      racePoints: [25, 18, 15, 12, 10, 8, 6, 4, 2, 1],
      fastestLap: { points: 1, withinTop: 10 },
      captainMultiplier: 1.5,
      lineup: { size: 5, budget: 100, perConstructor: 2 },
    });
    expect(await guest(db).seasons.byYear({ season })).toMatchObject({ year: season, races: 1, completed: 0 });
    expect((await guest(db).seasons.list()).items.map(({ year }) => year)).toContain(season);
  });

  test("that is not here is not found, whatever is asked of it", async ({ database: { db } }) => {
    const season = 1999;
    const { seasons, races, drivers } = guest(db);
    for (const look of [seasons.byYear, seasons.rules, races.list, drivers.list])
      await expect(look({ season })).rejects.toMatchObject({ fault: { status: 404, reason: "season.not_found" } });
  });

  test("lists drivers with prices, filtered and sorted as asked", async ({ database: { db } }) => {
    const { season, drivers } = await aScoredRace(db);
    const all = await guest(db).drivers.list({ season });
    expect(all.total).toBe(20);
    expect(all.items.slice(0, 2)).toMatchObject([{ id: drivers[0]?.id, price: 15, points: 26 }, { points: 18 }]);
    const constructorId = drivers[4]?.constructorId ?? "";
    expect(await guest(db).drivers.list({ season, constructorId, sort: "name", order: "desc" })).toMatchObject({
      total: 2,
      items: [{ id: drivers[5]?.id }, { id: drivers[4]?.id }],
    });
    expect(await guest(db).drivers.byId({ season, driver: drivers[4]?.id ?? "" })).toMatchObject({
      constructorId,
      points: 10,
    });
    await expect(guest(db).drivers.byId({ season, driver: "nobody" })).rejects.toMatchObject({
      fault: { reason: "driver.not_found" },
    });
    expect((await guest(db).constructors.list({ season })).items).toHaveLength(10);
  });
});

describe("a race", () => {
  test("tells its times and how its result stands", async ({ database: { db } }) => {
    const { season, race } = await aPlayableSeason(db);
    const next = await guest(db).races.next({ season });
    expect(next).toMatchObject({
      season,
      slug: race.slug,
      status: "upcoming",
      lockAt: race.lockAt,
      result: { phase: "not_due", revision: null },
    });
    expect(next.sessions.race).toBe(race.startsAt.toISOString());
    expect(await guest(db).races.bySlug({ season, slug: race.slug })).toEqual(next);
    expect(await guest(db).races.list({ season, status: "completed" })).toEqual({ items: [], total: 0 });
    await expect(guest(db).races.bySlug({ season, slug: "nowhere" })).rejects.toMatchObject({
      fault: { reason: "race.not_found" },
    });
  });

  test("shows its classification, its revisions and what each driver earned", async ({ database: { db } }) => {
    const { season, race, drivers } = await aScoredRace(db);
    const named = { season, slug: race.slug };
    const { sessions, ...rest } = await guest(db).results.current(named);
    expect(rest).toMatchObject({ ...named, revision: 1, isCurrent: true, source: "test" });
    expect(sessions[0]?.cars[0]).toMatchObject({ driverId: drivers[0]?.id, position: 1, points: 25, fastestLap: true });
    expect(await guest(db).results.revisions(named)).toMatchObject({ items: [{ revision: 1 }] });
    expect((await guest(db).results.scores(named)).items[0]).toMatchObject({
      driverId: drivers[0]?.id,
      points: 26,
      lines: [
        { rule: "race_position", points: 25 },
        { rule: "fastest_lap", points: 1 },
      ],
    });
    await expect(guest(db).results.current({ ...named, revision: 2 })).rejects.toMatchObject({
      fault: { status: 404 },
    });
  });

  test("is followed by admins, with what its source said last", async ({ database: { db } }) => {
    const { season, race } = await aScoredRace(db);
    const admin = callerOf(db, await aUser(db, { role: "admin" }));
    expect(await admin.admin.feed({ season })).toMatchObject({
      items: [{ slug: race.slug, phase: "checking", revision: 1, lastLook: { outcome: "recorded" }, held: [] }],
    });
  });
});
