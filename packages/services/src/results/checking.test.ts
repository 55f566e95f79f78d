import type { Db } from "@pitwall/db/database";
import { auditLog, races, workers } from "@pitwall/db/schema";
import { HOUR } from "@pitwall/domain/durations";
import { aRace, aUser } from "@pitwall/testing/builders";
import { test } from "@pitwall/testing/database";
import { eq, sql } from "drizzle-orm";
import { describe, expect } from "vitest";
import { contextAs } from "../context.fixture.ts";
import { checkRace } from "./checking.ts";
import { aLockedRace, record, result } from "./results.fixture.ts";
import { lookTarget } from "./watch.ts";

async function anAdmin(db: Db, at: Date) {
  const { id, username } = await aUser(db, { role: "admin" });
  return contextAs(db, { kind: "admin", userId: id, username, sessionId: null }, { now: () => at });
}

async function queued(db: Db) {
  const { rows } = await db.execute<{ payload: { raceId: number; anyway?: true }; isLater: boolean }>(
    sql`select payload, run_at > clock_timestamp() as "isLater" from graphile_worker._private_jobs order by id desc`,
  );
  return rows;
}

describe("a look that an admin wants", () => {
  test("is queued though none is due, written down, and not doubled", async ({ database: { db } }) => {
    const { season, race, drivers, hours } = await aLockedRace(db);
    await record(db, race, result(drivers));
    const ctx = await anAdmin(db, hours(5));
    const { slug, id: raceId } = race;
    expect(await lookTarget(ctx, { raceId })).toBeNull();
    const waits = "Nobody is at work: the look waits for a worker to start.";
    expect(await checkRace(ctx, { season, slug })).toEqual({ season, slug, lookAt: hours(5), waitsBecause: waits });
    await db.insert(workers).values({ id: crypto.randomUUID(), pool: "pool-1", host: "pit-lane", pid: 7 });
    expect(await checkRace(ctx, { season, slug })).toMatchObject({ lookAt: hours(5), waitsBecause: null });
    expect(await queued(db)).toEqual([{ payload: { raceId, anyway: true }, isLater: false }]);
    expect(await lookTarget(ctx, { raceId, anyway: true })).toMatchObject({ raceId });
    const acts = await db.select().from(auditLog).where(eq(auditLog.act, "check_race"));
    expect(acts.map(({ subject }) => subject)).toEqual([`${season}/${slug}`, `${season}/${slug}`]);
  });

  test("waits as long as the source would say what it said last", async ({ database: { db } }) => {
    const { season, race, hours } = await aLockedRace(db);
    await db
      .update(races)
      .set({ copyFreshUntil: hours(4) })
      .where(eq(races.id, race.id));
    const ctx = await anAdmin(db, hours(3.5));
    expect(await checkRace(ctx, { season, slug: race.slug })).toMatchObject({ lookAt: hours(4) });
    expect((await queued(db))[0]).toMatchObject({ payload: { raceId: race.id }, isLater: true });
  });

  test("is refused of a race that has not begun, is cancelled, or is not there", async ({ database: { db } }) => {
    const { season, race, hours } = await aLockedRace(db);
    const ctx = await anAdmin(db, hours(3));
    const ahead = await aRace(db, { season, lockIn: 400 * HOUR });
    await expect(checkRace(ctx, { season, slug: ahead.slug })).rejects.toMatchObject({ reason: "results.too_early" });
    await db.update(races).set({ cancelledAt: new Date() }).where(eq(races.id, race.id));
    await expect(checkRace(ctx, { season, slug: race.slug })).rejects.toMatchObject({ reason: "race.cancelled" });
    await expect(checkRace(ctx, { season, slug: "nowhere" })).rejects.toMatchObject({ reason: "race.not_found" });
  });
});
