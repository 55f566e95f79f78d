import { teams } from "@pitwall/db/schema";
import { HOUR } from "@pitwall/domain/durations";
import { aRace, aSeason, aTeam, aUser, moveRace, someDrivers } from "@pitwall/testing/builders";
import { test } from "@pitwall/testing/database";
import { eq } from "drizzle-orm";
import { describe, expect } from "vitest";
import { asGuest, asUser } from "../context.fixture.ts";
import { myTeams } from "./mine.ts";

describe("my teams", () => {
  test("say what they cost, what is left, and how long they can be changed", async ({ database: { db } }) => {
    const season = await aSeason(db);
    const drivers = await someDrivers(db, season);
    const race = await aRace(db, { season, lockIn: HOUR, drivers });
    const owner = await aUser(db);
    const five = drivers.filter((_, place) => place % 2 === 0);
    const first = await aTeam(db, { owner, season, name: "First", lineup: { race, drivers: five } });
    const second = await aTeam(db, { owner, season, name: "Second" });
    await aTeam(db, { owner: await aUser(db), season });
    await aTeam(db, { owner, season: await aSeason(db) });
    const { items } = await myTeams(asUser(db, owner), { season });
    const deadline = {
      nextRace: { slug: race.slug, name: race.name, lockAt: race.lockAt },
      locksInSeconds: expect.any(Number),
    };
    expect(items).toEqual([
      {
        ...{ id: first.id, season, name: "First", createdAt: first.createdAt, version: 1 },
        lineup: { driverIds: five.map(({ id }) => id), captainId: five[0]?.id, savedAt: expect.any(Date) },
        ...{ cost: 750, budget: 1000, remaining: 250, ...deadline },
      },
      {
        ...{ id: second.id, season, name: "Second", createdAt: second.createdAt, version: 1, lineup: null },
        ...{ cost: 0, budget: 1000, remaining: 1000, ...deadline },
      },
    ]);
    const [{ locksInSeconds } = { locksInSeconds: null }] = items;
    expect(locksInSeconds).toBeLessThanOrEqual(3600);
    expect(locksInSeconds).toBeGreaterThan(3000);
  });

  test("count down by the clock of the database, whatever the game's clock says", async ({ database: { db } }) => {
    const season = await aSeason(db);
    const race = await aRace(db, { season, lockIn: HOUR });
    const owner = await aUser(db);
    await aTeam(db, { owner, season });
    const early = { ...asUser(db, owner), now: () => new Date(0) };
    const { items } = await myTeams(early, { season });
    expect(items[0]?.locksInSeconds).toBeLessThanOrEqual(3600);
    await moveRace(db, race, -1);
    expect((await myTeams(early, { season })).items).toMatchObject([{ nextRace: null, locksInSeconds: null }]);
  });

  test("are none for those who have none, and not for guests", async ({ database: { db } }) => {
    const season = await aSeason(db);
    const owner = await aUser(db);
    const gone = await aTeam(db, { owner, season });
    await db.update(teams).set({ removedAt: new Date() }).where(eq(teams.id, gone.id));
    expect(await myTeams(asUser(db, owner), { season })).toEqual({ items: [] });
    await expect(myTeams(asGuest(db), { season })).rejects.toMatchObject({ kind: "unauthenticated" });
    await expect(myTeams(asUser(db, owner), { season: 1949 })).rejects.toMatchObject({ reason: "season.not_found" });
  });
});
