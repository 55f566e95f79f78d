import type { Db } from "@pitwall/db/database";
import { broadcasts, raceEntries, races } from "@pitwall/db/schema";
import { DAY, HOUR, MINUTE } from "@pitwall/domain/durations";
import { aRace, aSeason, lockNow, someDrivers } from "@pitwall/testing/builders";
import { test } from "@pitwall/testing/database";
import { and, eq } from "drizzle-orm";
import { describe, expect } from "vitest";
import { asClock, asGuest } from "../context.fixture.ts";
import { lockDueRaces } from "../races.ts";
import { aLockedRace, record, result } from "../results/results.fixture.ts";
import { watchResults } from "../results/watch.ts";
import { seasonByYear } from "../seasons/reading.ts";
import { globalStandings } from "../standings/reading.ts";
import { anAdmin, rowOf, weekend } from "./editing.fixture.ts";
import { updateRace } from "./editing.ts";

async function boardOf(db: Db, season: number) {
  const { items } = await globalStandings(asGuest(db), { season, limit: 50 });
  return items.map(({ rank, teamId, total, racePoints }) => ({ rank, teamId, total, racePoints }));
}

describe("a cancelled race", () => {
  test("leaves the standings and everything built on it, and comes back exactly as it was", async ({
    database: { db },
  }) => {
    const { season, drivers, race, annsTeam } = await aLockedRace(db);
    await record(db, race, result(drivers));
    const later = await lockNow(db, await aRace(db, { season, lockIn: 30 * HOUR, drivers }));
    await record(db, later, result(drivers.toReversed()));
    const before = await boardOf(db, season);
    const ctx = await anAdmin(db);
    await updateRace(ctx, { season, slug: race.slug, cancelled: true });
    const without = await boardOf(db, season);
    expect(without.find(({ teamId }) => teamId === annsTeam.id)).toMatchObject({
      total: without.find(({ teamId }) => teamId === annsTeam.id)?.racePoints,
    });
    expect(before.find(({ teamId }) => teamId === annsTeam.id)?.total).toBe(
      720 + (without.find(({ teamId }) => teamId === annsTeam.id)?.total ?? 0),
    );
    await updateRace(ctx, { season, slug: race.slug, cancelled: false });
    expect(await boardOf(db, season)).toEqual(before);
    const told = await db
      .select()
      .from(broadcasts)
      .where(and(eq(broadcasts.raceId, race.id), eq(broadcasts.type, "system")));
    expect(told.map(({ data }) => data.isCancelled)).toEqual([true, false]);
  });

  test("that was the season's last with a result leaves the standings of the one before in force", async ({
    database: { db },
  }) => {
    const { season, drivers, race } = await aLockedRace(db);
    const ctx = await anAdmin(db);
    await record(db, race, result(drivers));
    const before = await boardOf(db, season);
    const later = await lockNow(db, await aRace(db, { season, lockIn: 30 * HOUR, drivers }));
    await record(db, later, result(drivers.toReversed()));
    await updateRace(ctx, { season, slug: later.slug, cancelled: true });
    expect(await boardOf(db, season)).toEqual(before);
    expect(await seasonByYear(asGuest(db), { season })).toMatchObject({ races: 1, completed: 1 });
    await updateRace(ctx, { season, slug: race.slug, cancelled: true });
    expect(await boardOf(db, season)).toEqual([]);
  });

  test("is neither locked nor looked at, and an answer that was on its way is not recorded", async ({
    database: { db },
  }) => {
    const { season, drivers, race, hours } = await aLockedRace(db);
    const ctx = await anAdmin(db);
    await updateRace(ctx, { season, slug: race.slug, cancelled: true });
    await record(db, race, result(drivers));
    expect(await rowOf(db, race)).toMatchObject({ revision: null, lookedAt: null });
    const others = await watchResults(asClock(db, hours(3)));
    await updateRace(ctx, { season, slug: race.slug, cancelled: false });
    expect(await watchResults(asClock(db, hours(3)))).toBe(others + 1);
  });

  test("that never locked may come back at another time, with the drivers of today", async ({ database: { db } }) => {
    const season = await aSeason(db);
    const [then, now] = [await someDrivers(db, season), await someDrivers(db, season)];
    const race = await aRace(db, { season, lockIn: HOUR, drivers: then });
    const ctx = await anAdmin(db);
    await updateRace(ctx, { season, slug: race.slug, cancelled: true });
    await db
      .update(races)
      .set({ lockAt: new Date(Date.now() - MINUTE) })
      .where(eq(races.id, race.id));
    expect(await lockDueRaces(asClock(db, new Date()))).not.toContain(race.slug);
    await aRace(db, { season, lockIn: 2 * DAY, drivers: now });
    const sessions = weekend(5 * DAY);
    await updateRace(ctx, { season, slug: race.slug, cancelled: false, sessions });
    expect(await rowOf(db, race)).toMatchObject({ lockAt: sessions.qualifying, lockedAt: null, cancelledAt: null });
    const entries = await db.select().from(raceEntries).where(eq(raceEntries.raceId, race.id));
    expect(entries.map(({ driverId }) => driverId).toSorted()).toEqual(now.map(({ id }) => id).toSorted());
  });
});
