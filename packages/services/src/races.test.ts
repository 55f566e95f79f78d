import type { Db } from "@pitwall/db/database";
import { fielded, races, teamLineups, teams } from "@pitwall/db/schema";
import { HOUR, MINUTE } from "@pitwall/domain/durations";
import { aRace, aSeason, aTeam, aUser, type BuiltRace, lockNow, someDrivers } from "@pitwall/testing/builders";
import { test } from "@pitwall/testing/database";
import { eq, sql } from "drizzle-orm";
import { describe, expect } from "vitest";
import { asClock, asGuest } from "./context.fixture.ts";
import { listRaces, lockDueRaces, nextRace, type RaceFilter, type RaceStatus, raceBySlug } from "./races.ts";
import { receiveAnswer } from "./results/receive.ts";
import { aLockedRace, record, result } from "./results/results.fixture.ts";

async function fieldedIn(db: Db, race: BuiltRace): Promise<string[]> {
  const rows = await db.select({ teamId: fielded.teamId }).from(fielded).where(eq(fielded.raceId, race.id));
  return rows.map(({ teamId }) => teamId);
}

describe("a race", () => {
  test("is shown with its circuit, its sessions and where its result stands", async ({ database: { db } }) => {
    const season = await aSeason(db);
    const race = await aRace(db, { season, lockIn: HOUR, name: "Monaco Grand Prix", round: 8, sprint: true });
    expect(await raceBySlug(asGuest(db), { season, slug: "monaco-grand-prix" })).toEqual({
      season,
      slug: "monaco-grand-prix",
      round: 8,
      name: "Monaco Grand Prix",
      circuit: { id: "test_track", name: "Test Track", locality: "Here", country: "UK" },
      sessions: race.sessions,
      startsAt: race.startsAt,
      lockAt: race.lockAt,
      status: "upcoming",
      version: 1,
      changes: [],
      result: {
        phase: "not_due",
        revision: null,
        recordedAt: null,
        checksPassed: 0,
        nextLookAt: expect.any(Date),
        waitsBecause: null,
      },
    });
  });

  test("goes from upcoming to completed", async ({ database: { db } }) => {
    const { season, drivers, race, hours } = await aLockedRace(db);
    const seen = async (at: number): Promise<[RaceStatus, string | null]> => {
      const { status, result: state } = await raceBySlug(asClock(db, hours(at)), { season, slug: race.slug });
      return [status, state.waitsBecause];
    };
    expect(await seen(-1)).toEqual(["locked", null]);
    expect(await seen(1)).toEqual(["awaiting_result", "nobody has looked yet"]);
    await receiveAnswer(asClock(db, hours(1)), {
      raceId: race.id,
      source: "test",
      answer: { kind: "failed", reason: "The source answered 504." },
    });
    expect(await seen(2)).toEqual(["awaiting_result", "The source answered 504."]);
    await record(db, race, result(drivers));
    expect(await seen(4)).toEqual(["completed", null]);
    await db.update(races).set({ cancelledAt: new Date() }).where(eq(races.id, race.id));
    expect(await seen(4)).toEqual(["cancelled", null]);
  });

  test("is not found under a name that the season does not have", async ({ database: { db } }) => {
    const season = await aSeason(db);
    await expect(raceBySlug(asGuest(db), { season, slug: "atlantis-grand-prix" })).rejects.toMatchObject({
      kind: "not_found",
      reason: "race.not_found",
    });
  });
});

describe("the calendar", () => {
  test("is in the order of the starts, whatever the rounds, and can be asked for a status", async ({
    database: { db },
  }) => {
    const season = await aSeason(db);
    const later = await aRace(db, { season, lockIn: 9 * HOUR, round: 1 });
    const sooner = await aRace(db, { season, lockIn: HOUR, round: 2 });
    const past = await aRace(db, { season, lockIn: -HOUR, round: 3 });
    const slugs = async (status?: RaceStatus) =>
      (await listRaces(asGuest(db), { season, status })).items.map(({ slug }) => slug);
    expect(await slugs()).toEqual([past.slug, sooner.slug, later.slug]);
    expect(await slugs("upcoming")).toEqual([sooner.slug, later.slug]);
    expect(await slugs("locked")).toEqual([past.slug]);
    expect(await slugs("completed")).toEqual([]);
    expect(await nextRace(asGuest(db), { season })).toMatchObject({ slug: sooner.slug });
  });

  test("can be searched, narrowed to sprints and read in pages", async ({ database: { db } }) => {
    const season = await aSeason(db);
    const first = await aRace(db, { season, lockIn: HOUR, name: "Monaco Grand Prix" });
    const second = await aRace(db, { season, lockIn: 2 * HOUR, name: "Dutch Grand Prix", sprint: true });
    const list = async (filter: Omit<RaceFilter, "season">) => {
      const { items, total } = await listRaces(asGuest(db), { season, ...filter });
      return [items.map(({ slug }) => slug), total];
    };
    expect(await list({ search: "MONACO" })).toEqual([[first.slug], 1]);
    expect(await list({ search: "test track" })).toEqual([[first.slug, second.slug], 2]);
    expect(await list({ search: "%" })).toEqual([[], 0]);
    expect(await list({ sprint: true })).toEqual([[second.slug], 1]);
    expect(await list({ sprint: false, status: "upcoming" })).toEqual([[first.slug], 1]);
    expect(await list({ limit: 1, offset: 1 })).toEqual([[second.slug], 2]);
  });

  test("of a season that is over has no next race, and one of a season that is not there no races", async ({
    database: { db },
  }) => {
    const season = await aSeason(db);
    await aRace(db, { season, lockIn: -HOUR });
    await expect(nextRace(asGuest(db), { season })).rejects.toMatchObject({ reason: "season.no_open_race" });
    for (const list of [listRaces, nextRace])
      await expect(list(asGuest(db), { season: 1950 })).rejects.toMatchObject({ reason: "season.not_found" });
  });
});

describe("the lock", () => {
  test("fixes the line-ups of a race whose lock has passed, and of no other", async ({ database: { db } }) => {
    const { season, race, annsTeam, bensTeam } = await aLockedRace(db);
    const open = await aRace(db, { season, lockIn: 60 * MINUTE });
    const cancelled = await aRace(db, { season, lockIn: -60 * MINUTE });
    await db.update(races).set({ cancelledAt: new Date() }).where(eq(races.id, cancelled.id));
    const locked = await lockDueRaces(asClock(db, new Date()));
    expect(locked).toContain(race.slug);
    expect(locked).not.toContain(open.slug);
    expect((await fieldedIn(db, race)).toSorted()).toEqual([annsTeam.id, bensTeam.id].toSorted());
    for (const other of [open, cancelled]) expect(await fieldedIn(db, other)).toEqual([]);
  });

  test("fields a team that was removed after it, and none that was gone before", async ({ database: { db } }) => {
    const { race, annsTeam, bensTeam } = await aLockedRace(db);
    const removedAt = (after: number) =>
      sql`(select lock_at from races where id = ${race.id}) + ${after}::int * interval '1 second'`;
    await db
      .update(teams)
      .set({ removedAt: removedAt(0) })
      .where(eq(teams.id, annsTeam.id));
    await db
      .update(teams)
      .set({ removedAt: removedAt(-1) })
      .where(eq(teams.id, bensTeam.id));
    await lockDueRaces(asClock(db, new Date()));
    expect(await fieldedIn(db, race)).toEqual([annsTeam.id]);
  });

  test("does nothing a second time, and nothing twice for two clocks", async ({ database: { db } }) => {
    const { race } = await aLockedRace(db);
    const ctx = asClock(db, new Date());
    const locked = await Promise.all([lockDueRaces(ctx), lockDueRaces(ctx), lockDueRaces(ctx)]);
    expect(locked.flat().filter((slug) => slug === race.slug)).toHaveLength(1);
    expect(await lockDueRaces(ctx)).toEqual([]);
    expect(await fieldedIn(db, race)).toHaveLength(2);
  });

  test("takes the newest line-up that was in time, and carries it to the races after", async ({ database: { db } }) => {
    const season = await aSeason(db);
    const drivers = await someDrivers(db, season, Array(20).fill(150));
    const race = await aRace(db, { season, lockIn: HOUR, drivers });
    const owner = await aUser(db);
    const team = await aTeam(db, { owner, season, lineup: { race, drivers: drivers.slice(0, 5) } });
    const other = await aTeam(db, { owner, season, lineup: { race, drivers: drivers.slice(5, 10) } });
    const [change] = await db.select().from(teamLineups).where(eq(teamLineups.teamId, other.id));
    if (!change) throw new Error("the other team has no line-up");
    await db.insert(teamLineups).values({ ...change, teamId: team.id, version: 2 });
    await lockNow(db, race);
    await lockDueRaces(asClock(db, new Date()));
    const next = await lockNow(db, await aRace(db, { season, lockIn: HOUR, drivers }));
    await lockDueRaces(asClock(db, new Date()));
    for (const { id } of [race, next]) {
      const rows = await db.select().from(fielded).where(eq(fielded.raceId, id));
      expect(rows.map(({ lineupId }) => lineupId)).toEqual([change.lineupId, change.lineupId]);
    }
  });
});
