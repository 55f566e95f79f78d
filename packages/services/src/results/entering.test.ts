import type { Db } from "@pitwall/db/database";
import { auditLog, broadcasts, looks, races, revisions } from "@pitwall/db/schema";
import type { Classification } from "@pitwall/domain/classifications";
import { HOUR } from "@pitwall/domain/durations";
import { aUser, type BuiltRace } from "@pitwall/testing/builders";
import { test } from "@pitwall/testing/database";
import { and, asc, desc, eq } from "drizzle-orm";
import { describe, expect } from "vitest";
import { asClock, asGuest, asUser, contextAs } from "../context.fixture.ts";
import { listNotifications } from "../notifications/inbox.ts";
import { globalStandings } from "../standings/reading.ts";
import { type EnteredResult, enterResult } from "./entering.ts";
import { classificationOf } from "./reading.ts";
import { receiveAnswer } from "./receive.ts";
import { aLockedRace, answer, at, record, result } from "./results.fixture.ts";

async function anAdmin(db: Db, moment = new Date()) {
  const user = await aUser(db, { role: "admin" });
  const actor = { kind: "admin", userId: user.id, username: user.username, sessionId: null } as const;
  return { userId: user.id, ctx: contextAs(db, actor, { now: () => moment }) };
}

/** A locked race whose start has passed by the database's clock. */
async function aStartedRace(db: Db) {
  const made = await aLockedRace(db);
  await db
    .update(races)
    .set({ startsAt: new Date(Date.now() - HOUR) })
    .where(eq(races.id, made.race.id));
  return made;
}

function entered({ season, slug }: BuiltRace, c: Classification): EnteredResult {
  return { season, slug, sessions: [{ session: "race", cars: c.race }], note: "by the official document" };
}

async function boardOf(db: Db, season: number) {
  const { items } = await globalStandings(asGuest(db), { season, limit: 50 });
  return items.map(({ rank, teamId, total }) => [rank, teamId, total]);
}

describe("a classification that an admin enters", () => {
  test("is a revision like any other, for a race that nobody could poll", async ({ database: { db } }) => {
    const { season, drivers, race, annsTeam } = await aStartedRace(db);
    const { ctx, userId } = await anAdmin(db);
    expect(await enterResult(ctx, entered(race, result(drivers)))).toEqual({
      season,
      slug: race.slug,
      outcome: "recorded",
      revision: 1,
    });
    expect((await boardOf(db, season))[0]).toEqual([1, annsTeam.id, 720]);
    expect(await classificationOf(asGuest(db), { season, slug: race.slug })).toMatchObject({
      source: `admin:${userId}`,
      isCurrent: true,
    });
    expect(await db.select().from(broadcasts).where(eq(broadcasts.raceId, race.id))).toMatchObject([
      { type: "results_in" },
    ]);
    const [audited] = await db.select().from(auditLog).where(eq(auditLog.actor, userId));
    expect(audited).toMatchObject({
      act: "enter_result",
      subject: `${season}/${race.slug}`,
      detail: { outcome: "recorded", revision: 1, note: "by the official document" },
    });
  });

  test("needs of a car only what the entry list, the order and the official points do not say", async ({
    database: { db },
  }) => {
    const { season, drivers, race } = await aStartedRace(db);
    const { ctx } = await anAdmin(db);
    const cars = drivers.map(({ id: driverId }, place) => ({ driverId, laps: 57, fastestLap: place === 0 }));
    await enterResult(ctx, { ...entered(race, { race: [] }), sessions: [{ session: "race", cars }] });
    const [session] = (await classificationOf(asGuest(db), { season, slug: race.slug })).sessions;
    expect(session?.cars).toEqual(result(drivers).race.map((car) => ({ ...car, grid: null })));
  });

  test("corrects what the source said, and tells whom it concerns as any correction does", async ({
    database: { db },
  }) => {
    const { season, drivers, race, ann, annsTeam } = await aStartedRace(db);
    await record(db, race, result(drivers));
    const { ctx } = await anAdmin(db);
    const corrected = result(drivers.slice(1), at(drivers, 0));
    expect(await enterResult(ctx, entered(race, corrected))).toMatchObject({ outcome: "corrected", revision: 2 });
    expect((await boardOf(db, season)).find(([, teamId]) => teamId === annsTeam.id)).toEqual([2, annsTeam.id, 420]);
    const { items } = await listNotifications(asUser(db, ann), { limit: 50 });
    expect(items.find(({ type }) => type === "correction")?.data).toMatchObject({
      revision: 2,
      teams: [{ teamId: annsTeam.id, rankBefore: 1, rankAfter: 2 }],
    });
    expect(await enterResult(ctx, entered(race, corrected))).toMatchObject({ outcome: "unchanged", revision: 2 });
    expect(await db.select().from(revisions).where(eq(revisions.raceId, race.id))).toHaveLength(2);
  });

  test("stands while the source says what it said before, and yields when it says something else", async ({
    database: { db },
  }) => {
    const { season, drivers, race, hours } = await aStartedRace(db);
    const a = result(drivers);
    const m = result(drivers.slice(1), at(drivers, 0));
    const b = result(drivers.slice(2), at(drivers, 0, 1));
    const hear = (c: Classification, hour: number) =>
      receiveAnswer(asClock(db, hours(hour)), { raceId: race.id, source: "test", answer: answer(c) });
    expect(await hear(a, 3)).toBe("recorded");
    const { ctx, userId } = await anAdmin(db, hours(5));
    await enterResult(ctx, entered(race, m));
    const manual = await boardOf(db, season);

    expect(await hear(a, 29)).toBe("unchanged");
    const [look] = await db.select().from(looks).where(eq(looks.raceId, race.id)).orderBy(desc(looks.id));
    expect(look).toMatchObject({ outcome: "unchanged", reason: "the source says what it said before" });
    expect(await boardOf(db, season)).toEqual(manual);
    const [checked] = await db.select().from(races).where(eq(races.id, race.id));
    expect(checked).toMatchObject({ revision: 2, recordedAt: hours(5), lookedAt: hours(29) });

    expect(await hear(m, 30)).toBe("unchanged");
    expect(await hear(a, 31)).toBe("corrected");
    await enterResult(ctx, entered(race, m));
    expect(await hear(b, 53)).toBe("corrected");
    const kept = await db.select().from(revisions).where(eq(revisions.raceId, race.id)).orderBy(asc(revisions.n));
    const hand = `admin:${userId}`;
    expect(kept.map(({ source }) => source)).toEqual(["test", hand, "test", hand, "test"]);
    const corrections = and(eq(broadcasts.raceId, race.id), eq(broadcasts.type, "correction"));
    expect(await db.select().from(broadcasts).where(corrections)).toHaveLength(4);

    const alone = await aStartedRace(db);
    await record(db, alone.race, result(alone.drivers.slice(2), at(alone.drivers, 0, 1)));
    const points = (rows: Awaited<ReturnType<typeof boardOf>>) => rows.map(([rank, , total]) => [rank, total]);
    expect(points(await boardOf(db, season))).toEqual(points(await boardOf(db, alone.season)));
  });

  test("yields to the first word of a source that had none", async ({ database: { db } }) => {
    const { drivers, race, hours } = await aStartedRace(db);
    const { ctx } = await anAdmin(db, hours(1));
    await enterResult(ctx, entered(race, result(drivers)));
    const input = { raceId: race.id, source: "test", answer: answer(result(drivers.toReversed())) };
    expect(await receiveAnswer(asClock(db, hours(3)), input)).toBe("corrected");
  });

  test("is refused with everything that is wrong with it, and leaves no trace", async ({ database: { db } }) => {
    const { drivers, race } = await aStartedRace(db);
    const { ctx, userId } = await anAdmin(db);
    const cars = result(drivers).race.map((car) => {
      if (car.position === 2) return { ...car, position: 1 };
      if (car.position === 20) return { ...car, driverId: "stranger", constructorId: "nobody" };
      return car;
    });
    const refusal = await enterResult(ctx, entered(race, { race: cars })).catch((error) => error);
    expect(refusal).toMatchObject({ kind: "broken_rule", reason: "results.invalid" });
    const reasons = refusal.faults.map(({ reason }: { reason: string }) => reason);
    expect(reasons).toEqual(
      expect.arrayContaining(["result.unknown_driver", "result.unknown_constructor", "result.duplicate_position"]),
    );
    const unentered = [{ session: "race" as const, cars: [{ driverId: "stranger", laps: 57 }] }];
    await expect(enterResult(ctx, { ...entered(race, { race: [] }), sessions: unentered })).rejects.toMatchObject({
      faults: [{ reason: "result.car_unknown" }],
    });
    expect(await db.select().from(auditLog).where(eq(auditLog.actor, userId))).toEqual([]);
    expect(await db.select().from(looks).where(eq(looks.raceId, race.id))).toEqual([]);
  });

  test("is refused before the race has started, and for one that is cancelled", async ({ database: { db } }) => {
    const { drivers, race } = await aLockedRace(db);
    const { ctx } = await anAdmin(db);
    const input = entered(race, result(drivers));
    await expect(enterResult(ctx, input)).rejects.toMatchObject({ reason: "results.too_early" });
    await db.update(races).set({ cancelledAt: new Date() }).where(eq(races.id, race.id));
    await expect(enterResult(ctx, input)).rejects.toMatchObject({ reason: "race.cancelled" });
    await expect(enterResult(ctx, { ...input, slug: "atlantis" })).rejects.toMatchObject({ reason: "race.not_found" });
  });
});
