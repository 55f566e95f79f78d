import type { Db } from "@pitwall/db/database";
import { calendarChanges } from "@pitwall/db/schema";
import { HOUR } from "@pitwall/domain/durations";
import type { SessionTimes } from "@pitwall/domain/races";
import { aSeason, aUser, someDrivers } from "@pitwall/testing/builders";
import { test } from "@pitwall/testing/database";
import { eq } from "drizzle-orm";
import { describe, expect } from "vitest";
import { contextAs } from "../context.fixture.ts";
import { updateRace } from "../races/editing.ts";
import {
  at,
  calendarOf,
  enter,
  expectRightLineups,
  race,
  reachLock,
  rowOf,
  startingAt,
  tell,
} from "./calendar.fixture.ts";
import type { CalendarRace } from "./calendar.ts";

const roundsOf = async (db: Db, season: number) =>
  (await calendarOf(db, season)).filter((one) => one.cancelledAt === null).map(({ round, slug }) => [round, slug]);

describe("a calendar over a season", () => {
  const first = [race("Alpha", 1, 10), race("Beta", 2, 20), race("Gamma", 3, 30), race("Delta", 4, 40)];

  test("drops races, moves one, and brings another back elsewhere, while every line-up stays right", async ({
    database: { db },
  }) => {
    const season = await aSeason(db);
    const drivers = await someDrivers(db, season, Array(20).fill(150));
    expect((await tell(db, season, first)).added).toHaveLength(4);
    await enter(db, season, "alpha-grand-prix", drivers.slice(0, 5));
    await expectRightLineups(db, season);
    await reachLock(db, season, "alpha-grand-prix");
    await enter(db, season, "beta-grand-prix", drivers.slice(5, 10));

    const [alpha, , gamma, delta] = first as [CalendarRace, CalendarRace, CalendarRace, CalendarRace];
    const without = [alpha, { ...gamma, round: 2 }, { ...delta, round: 3 }];
    expect(await tell(db, season, without)).toMatchObject({
      cancelled: ["beta-grand-prix"],
      changed: ["gamma-grand-prix", "delta-grand-prix"],
    });
    expect(await roundsOf(db, season)).toEqual([
      [1, "alpha-grand-prix"],
      [2, "gamma-grand-prix"],
      [3, "delta-grand-prix"],
    ]);
    await expectRightLineups(db, season);

    const sooner = startingAt(without[1] as CalendarRace, {
      qualifying: at(29),
      race: new Date(at(30).getTime() - 3 * HOUR),
    });
    await tell(db, season, [alpha, sooner, without[2] as CalendarRace]);
    expect(await rowOf(db, season, "gamma-grand-prix")).toMatchObject({ startsAt: sooner.sessions?.race });
    await reachLock(db, season, "gamma-grand-prix");
    await enter(db, season, "delta-grand-prix", drivers.slice(10, 15));
    await expectRightLineups(db, season);

    const back = { ...race("Beta", 3, 35, "Elsewhere") };
    const renamed = { ...delta, round: 4, name: "Great Delta Grand Prix" };
    expect(await tell(db, season, [alpha, sooner, back, renamed])).toEqual({
      added: [],
      changed: ["delta-grand-prix"],
      cancelled: [],
      reinstated: ["beta-grand-prix"],
    });
    expect(await rowOf(db, season, "beta-grand-prix")).toMatchObject({ circuitId: "elsewhere", startsAt: at(35) });
    expect(await rowOf(db, season, "delta-grand-prix")).toMatchObject({ name: "Great Delta Grand Prix", round: 4 });
    await expectRightLineups(db, season);
    await reachLock(db, season, "beta-grand-prix");
    await expectRightLineups(db, season);
    expect(await tell(db, season, [alpha, sooner, back, renamed])).toEqual({
      added: [],
      changed: [],
      cancelled: [],
      reinstated: [],
    });
  });

  test("moves an open race both ways, and never the lock of one that has locked", async ({ database: { db } }) => {
    const season = await aSeason(db);
    await tell(db, season, first);
    const [alpha, ...others] = first as [CalendarRace, ...CalendarRace[]];
    const moved = (hours: number) =>
      startingAt(alpha, { qualifying: new Date(at(9).getTime() + hours * HOUR), race: at(10) });
    for (const hours of [-3, 5]) {
      await tell(db, season, [moved(hours), ...others]);
      expect((await rowOf(db, season, "alpha-grand-prix")).lockAt).toEqual(moved(hours).sessions?.qualifying);
    }
    await reachLock(db, season, "alpha-grand-prix");
    const { lockAt } = await rowOf(db, season, "alpha-grand-prix");
    await tell(db, season, [race("Alpha", 1, 15), ...others]);
    expect(await rowOf(db, season, "alpha-grand-prix")).toMatchObject({ lockAt, startsAt: at(15) });
  });

  test("without times, or cut short, or empty, changes nothing", async ({ database: { db } }) => {
    const season = await aSeason(db);
    const many = Array.from({ length: 10 }, (_, n) => race(`Round ${n}`, n + 1, 10 * (n + 1)));
    await tell(db, season, many);
    const before = await calendarOf(db, season);
    const placeOf = (rows: typeof before) => rows.map(({ said: _said, ...row }) => row);
    for (const told of [many.map((one) => startingAt(one, null)), many.slice(0, 4), []]) {
      await tell(db, season, told);
      expect(placeOf(await calendarOf(db, season))).toEqual(placeOf(before));
    }
    await tell(db, season, many.slice(1), { isComplete: false });
    expect(placeOf(await calendarOf(db, season))).toEqual(placeOf(before));
  });

  test("does not cancel a race whose weekend has begun", async ({ database: { db } }) => {
    const season = await aSeason(db);
    const begun = startingAt(race("Alpha", 1, 1), { fp1: at(-0.1), qualifying: at(0.9), race: at(1) });
    const others = [race("Beta", 2, 20), race("Gamma", 3, 30)];
    await tell(db, season, [begun, ...others]);
    expect((await tell(db, season, others)).cancelled).toEqual([]);
  });
});

describe("hands that contradict each other", () => {
  const at20 = { qualifying: at(9), race: new Date(at(10).getTime() + 3 * HOUR) };
  const at17 = { qualifying: at(9), race: at(10) };
  const miami = (sessions: SessionTimes) => [startingAt(race("Miami", 4, 10), sessions)];
  const startOf = async (db: Db, season: number) => (await rowOf(db, season, "miami-grand-prix")).startsAt;

  test("are settled for the earlier start, and a source that only repeats itself undoes nothing", async ({
    database: { db },
  }) => {
    const season = await aSeason(db);
    await tell(db, season, miami(at20), { source: "release" });
    await tell(db, season, miami(at20));
    await tell(db, season, miami(at17), { source: "release" });
    expect(await startOf(db, season)).toEqual(at17.race);
    await tell(db, season, miami(at20));
    expect(await startOf(db, season)).toEqual(at17.race);
    const later = { qualifying: at(9), race: new Date(at(10).getTime() + 5 * HOUR) };
    await tell(db, season, miami(later));
    expect(await startOf(db, season)).toEqual(later.race);
    await tell(db, season, miami(at17), { source: "release" });
    expect(await startOf(db, season)).toEqual(later.race);
  });

  test("are settled for the daily source when it speaks of another weekend", async ({ database: { db } }) => {
    const season = await aSeason(db);
    await tell(db, season, miami(at20), { source: "release" });
    await tell(db, season, [race("Miami", 4, 60)]);
    expect(await startOf(db, season)).toEqual(at(60));
  });

  test("are overruled by an admin, field by field", async ({ database: { db } }) => {
    const season = await aSeason(db);
    await tell(db, season, [...miami(at20), race("Beta", 5, 20)]);
    const user = await aUser(db, { role: "admin" });
    const ctx = contextAs(db, { kind: "admin", userId: user.id, username: user.username, sessionId: null });
    await updateRace(ctx, { season, slug: "miami-grand-prix", sessions: at17 });
    await updateRace(ctx, { season, slug: "beta-grand-prix", cancelled: true });
    const later = { qualifying: at(9), race: new Date(at(10).getTime() + 5 * HOUR) };
    await tell(db, season, [{ ...(miami(later)[0] as CalendarRace), round: 3 }, race("Beta", 4, 20)]);
    expect(await rowOf(db, season, "miami-grand-prix")).toMatchObject({ startsAt: at17.race, round: 3 });
    expect((await rowOf(db, season, "beta-grand-prix")).cancelledAt).not.toBeNull();
    const { id } = await rowOf(db, season, "miami-grand-prix");
    const changes = await db.select().from(calendarChanges).where(eq(calendarChanges.raceId, id));
    expect(changes.map(({ source, field }) => [source, field])).toEqual([
      [`admin:${user.id}`, "race"],
      ["sync", "round"],
    ]);
    await expect(db.update(calendarChanges).set({ to: "x" }).where(eq(calendarChanges.raceId, id))).rejects.toThrow();
  });
});
