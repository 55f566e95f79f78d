import { setTimeout as sleep } from "node:timers/promises";
import { auditLog, fielded, notifications, races, teamLineups } from "@pitwall/db/schema";
import { DAY, HOUR } from "@pitwall/domain/durations";
import { aRace, aSeason, aTeam, aUser, lockNow, someDrivers } from "@pitwall/testing/builders";
import { test } from "@pitwall/testing/database";
import { eq } from "drizzle-orm";
import { describe, expect } from "vitest";
import { asClock, asGuest, contextAs } from "../context.fixture.ts";
import { lockDueRaces, nextRace, raceBySlug } from "../races.ts";
import { aLockedRace } from "../results/results.fixture.ts";
import { checkLineup, createTeam, setLineup } from "../teams.ts";
import { anAdmin, rowOf, weekend } from "./editing.fixture.ts";
import { createRace, removeRace, updateRace } from "./editing.ts";

describe("a race that an admin adds", () => {
  test("is in the calendar under the slug of its name, and can be played at once", async ({ database: { db } }) => {
    const season = await aSeason(db);
    const drivers = await someDrivers(db, season);
    await aRace(db, { season, lockIn: 9 * DAY, drivers });
    const ctx = await anAdmin(db);
    const circuit = { id: "kyalami", name: "Kyalami", locality: "Midrand", country: "South Africa" };
    const sessions = weekend(2 * DAY);
    const made = await createRace(ctx, { season, name: "South African Grand Prix", round: 2, circuit, sessions });
    expect(made).toEqual({ season, slug: "south-african-grand-prix" });
    expect(await nextRace(asGuest(db), { season })).toMatchObject({
      ...made,
      circuit,
      lockAt: sessions.qualifying,
      changes: [{ field: "added", source: expect.stringMatching(/^admin:/), to: "South African Grand Prix" }],
    });
    const five = { driverIds: [0, 2, 4, 6, 8].map((at) => drivers[at]?.id ?? ""), captainId: drivers[0]?.id ?? "" };
    expect(await checkLineup(asGuest(db), { season, ...five })).toMatchObject({ race: made, faults: [] });
    expect(await db.select().from(auditLog).where(eq(auditLog.act, "create_race"))).toMatchObject([
      { subject: `${season}/south-african-grand-prix` },
    ]);
  });

  test("is refused under a slug that is taken, at a circuit nobody knows, in no season, and at impossible times", async ({
    database: { db },
  }) => {
    const season = await aSeason(db);
    const { slug } = await aRace(db, { season, lockIn: DAY });
    const ctx = await anAdmin(db);
    const wanted = { season, name: "A Grand Prix", round: 1, circuit: { id: "test_track" }, sessions: weekend(DAY) };
    await expect(createRace(ctx, { ...wanted, slug })).rejects.toMatchObject({ reason: "race.taken" });
    await expect(createRace(ctx, { ...wanted, circuit: { id: "moon" } })).rejects.toMatchObject({
      reason: "race.circuit_unknown",
    });
    await expect(createRace(ctx, { ...wanted, season: 1950 })).rejects.toMatchObject({ reason: "season.not_found" });
    await expect(createRace(ctx, { ...wanted, name: "大賽" })).rejects.toMatchObject({ reason: "race.slug_missing" });
    const race = new Date();
    await expect(createRace(ctx, { ...wanted, sessions: { qualifying: race, race } })).rejects.toMatchObject({
      reason: "race.times_impossible",
      faults: [{ field: "sessions.qualifying" }],
    });
    expect(await db.select().from(races).where(eq(races.season, season))).toHaveLength(1);
  });
});

describe("a race that an admin changes", () => {
  test("keeps its slug, and shows each change with who made it", async ({ database: { db } }) => {
    const season = await aSeason(db);
    const race = await aRace(db, { season, lockIn: DAY, round: 4 });
    const ctx = await anAdmin(db);
    const later = new Date(race.lockAt.getTime() + HOUR);
    await updateRace(ctx, { season, slug: race.slug, name: "Renamed", round: 3, sessions: { qualifying: later } });
    const seen = await raceBySlug(asGuest(db), { season, slug: race.slug });
    expect(seen).toMatchObject({ name: "Renamed", round: 3, lockAt: later, startsAt: race.startsAt, version: 2 });
    expect(seen.changes.map(({ field, from, to }) => [field, from, to])).toEqual([
      ["round", "4", "3"],
      ["name", race.name, "Renamed"],
      ["qualifying", race.lockAt.toISOString(), later.toISOString()],
    ]);
    await updateRace(ctx, { season, slug: race.slug, name: "Renamed", sessions: { qualifying: null } });
    expect(await raceBySlug(asGuest(db), { season, slug: race.slug })).toMatchObject({ lockAt: race.startsAt });
  });

  test("is refused by a version that is stale, so that of two admins one reads again", async ({ database: { db } }) => {
    const season = await aSeason(db);
    const race = await aRace(db, { season, lockIn: DAY });
    const ctx = await anAdmin(db);
    const edits = ["One", "Two"].map((name) => updateRace(ctx, { season, slug: race.slug, version: 1, name }));
    const outcomes = await Promise.allSettled(edits);
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    expect(outcomes.find(({ status }) => status === "rejected")).toMatchObject({
      reason: { kind: "conflict", reason: "race.version_stale" },
    });
  });

  test("locks at once when its lock turns out to have passed, and whoever saved after it is told", async ({
    database: { db },
  }) => {
    const season = await aSeason(db);
    const drivers = await someDrivers(db, season, Array(20).fill(150));
    const race = await aRace(db, { season, lockIn: DAY, drivers });
    const [early, late] = [await aUser(db), await aUser(db)];
    const inTime = await aTeam(db, { owner: early, season, lineup: { race, drivers: drivers.slice(0, 5) } });
    // The database counts in microseconds.
    const trueStart = new Date(Date.now() + 1);
    await sleep(2);
    const tooLate = await aTeam(db, { owner: late, season, lineup: { race, drivers: drivers.slice(5, 10) } });
    await updateRace(await anAdmin(db), { season, slug: race.slug, sessions: { qualifying: trueStart } });
    const rows = await db.select().from(fielded).where(eq(fielded.raceId, race.id));
    expect(rows.map(({ teamId }) => teamId)).toEqual([inTime.id]);
    expect((await rowOf(db, race)).lockedAt).not.toBeNull();
    const told = await db.select().from(notifications).where(eq(notifications.raceId, race.id));
    expect(told).toMatchObject([{ userId: late.id, type: "system" }]);
    const next = await lockNow(db, await aRace(db, { season, lockIn: HOUR, drivers }));
    await lockDueRaces(asClock(db, new Date()));
    const after = await db.select().from(fielded).where(eq(fielded.raceId, next.id));
    expect(after.map(({ teamId }) => teamId).toSorted()).toEqual([inTime.id, tooLate.id].toSorted());
  });

  test("keeps its lock and what was fielded once it has locked, whenever the race is run in the end", async ({
    database: { db },
  }) => {
    const { season, race } = await aLockedRace(db);
    await lockDueRaces(asClock(db, new Date()));
    const before = await db.select().from(fielded).where(eq(fielded.raceId, race.id));
    const { lockAt } = await rowOf(db, race);
    const sessions = weekend(9 * DAY);
    const ctx = await anAdmin(db);
    await updateRace(ctx, { season, slug: race.slug, sessions });
    expect(await rowOf(db, race)).toMatchObject({ lockAt, startsAt: sessions.race });
    expect(await db.select().from(fielded).where(eq(fielded.raceId, race.id))).toEqual(before);
    const tooEarly = { qualifying: null, race: new Date(lockAt.getTime() - DAY) };
    await expect(updateRace(ctx, { season, slug: race.slug, sessions: tooEarly })).rejects.toMatchObject({
      reason: "race.over_before_its_lock",
    });
    await expect(db.update(races).set({ lockAt: new Date() }).where(eq(races.id, race.id))).rejects.toThrow();
  });

  test("judges a hundred line-ups in flight by the lock at their commit", async ({ database: { db } }) => {
    const season = await aSeason(db);
    const drivers = await someDrivers(db, season, Array(20).fill(150));
    const race = await aRace(db, { season, lockIn: DAY, drivers });
    const owner = await aUser(db);
    const ctx = contextAs(db, { kind: "user", userId: owner.id, username: owner.username, sessionId: null });
    const picks = (from: number) => ({
      driverIds: [0, 2, 4, 6, 8].map((at) => drivers[at + from]?.id ?? ""),
      captainId: drivers[from]?.id ?? "",
    });
    const entered: { readonly id: string }[] = [];
    for (const name of ["One", "Two", "Three", "Four", "Five"])
      entered.push(await createTeam(ctx, { season, name, ...picks(0) }));
    const admin = await anAdmin(db);
    const save = (at: number) => {
      const [id, version] = [entered[at % 5]?.id ?? "", Math.floor(at / 5) + 1];
      return setLineup(ctx, { id, version, ...picks(version % 10) });
    };
    const first = Array.from({ length: 8 }, (_, at) => save(at));
    const moved = updateRace(admin, { season, slug: race.slug, sessions: { qualifying: new Date() } });
    const others = Array.from({ length: 92 }, (_, at) => save(at + 8));
    await Promise.allSettled([...first, ...others, moved]);
    await moved;
    const { lockAt, lockedAt } = await rowOf(db, race);
    expect(lockedAt).not.toBeNull();
    const saved = await db.select().from(teamLineups).where(eq(teamLineups.raceId, race.id));
    expect(saved.filter(({ savedAt }) => savedAt >= (lockedAt ?? lockAt))).toEqual([]);
    const stands = await db.select().from(fielded).where(eq(fielded.raceId, race.id));
    for (const { teamId, lineupId } of stands) {
      const inTime = saved.filter((one) => one.teamId === teamId && one.savedAt < lockAt);
      expect(inTime.toSorted((a, b) => b.version - a.version)[0]?.lineupId).toBe(lineupId);
    }
  });

  test("is not found under a slug that the season does not have", async ({ database: { db } }) => {
    const season = await aSeason(db);
    const ctx = await anAdmin(db);
    for (const act of [updateRace, removeRace])
      await expect(act(ctx, { season, slug: "atlantis-grand-prix" })).rejects.toMatchObject({
        reason: "race.not_found",
      });
  });
});

describe("a race that an admin removes", () => {
  test("is gone when nobody has played it", async ({ database: { db } }) => {
    const season = await aSeason(db);
    const race = await aRace(db, { season, lockIn: DAY, drivers: await someDrivers(db, season) });
    await removeRace(await anAdmin(db), { season, slug: race.slug });
    expect(await db.select().from(races).where(eq(races.id, race.id))).toEqual([]);
  });

  test("stays when a line-up was saved for it, or it has locked", async ({ database: { db } }) => {
    const { season, race } = await aLockedRace(db);
    const { slug } = race;
    await expect(removeRace(await anAdmin(db), { season, slug })).rejects.toMatchObject({
      kind: "conflict",
      reason: "race.in_use",
      message: expect.stringContaining("2 line-ups were saved for it, it has locked"),
    });
  });
});
