import type { Db } from "@pitwall/db/database";
import { broadcasts, raceEntries, races } from "@pitwall/db/schema";
import { DAY, HOUR, MINUTE } from "@pitwall/domain/durations";
import { aRace, aSeason, aTeam, aUser, type BuiltRace, moveRace, someDrivers } from "@pitwall/testing/builders";
import { test } from "@pitwall/testing/database";
import { and, eq, sql } from "drizzle-orm";
import { describe, expect } from "vitest";
import { asClock, asUser } from "../context.fixture.ts";
import { countUnread, listNotifications, markAllRead } from "../notifications/inbox.ts";
import { setPreferences } from "../notifications/preferences.ts";
import { remindOfLocks } from "./reminding.ts";

async function aRaceThatLocks(db: Db, lockIn: number) {
  const season = await aSeason(db);
  const drivers = await someDrivers(db, season);
  const race = await aRace(db, { season, lockIn, drivers });
  return { season, drivers, race };
}

/** The reminders of a race's lock, by the moment that they name. */
async function remindersOf(db: Db, { id }: BuiltRace): Promise<unknown[]> {
  const rows = await db
    .select({ data: broadcasts.data })
    .from(broadcasts)
    .where(and(eq(broadcasts.raceId, id), eq(broadcasts.type, "lock_reminder")))
    .orderBy(broadcasts.id);
  return rows.map(({ data }) => data.lockAt);
}

function remind(db: Db): Promise<number> {
  return remindOfLocks(asClock(db, new Date(0)));
}

describe("a lock", () => {
  test("is reminded of a day and two hours before, each once, however many clocks speak at once", async ({
    database: { db },
  }) => {
    const { race } = await aRaceThatLocks(db, DAY + MINUTE);
    await remind(db);
    expect(await remindersOf(db, race)).toEqual([]);
    // The same lock, nearer: only the database's clock could go on instead.
    const told = (lockAt: Date, occasions: number) =>
      expect(remindersOf(db, race)).resolves.toEqual(Array(occasions).fill(lockAt.toISOString()));
    const { lockAt } = await moveRace(db, race, DAY - MINUTE);
    await Promise.all([remind(db), remind(db), remind(db)]);
    await told(lockAt, 1);
    await remind(db);
    await told(lockAt, 1);
  });

  test("that is near and was never told of is told of once, not once for each moment that was missed", async ({
    database: { db },
  }) => {
    const { race } = await aRaceThatLocks(db, HOUR);
    await remind(db);
    await remind(db);
    expect(await remindersOf(db, race)).toEqual([race.lockAt.toISOString()]);
  });

  test("is told of late as long as it has not come, and never afterwards", async ({ database: { db } }) => {
    const { race } = await aRaceThatLocks(db, 5 * HOUR);
    const { race: over } = await aRaceThatLocks(db, -MINUTE);
    await remind(db);
    expect(await remindersOf(db, race)).toHaveLength(1);
    expect(await remindersOf(db, over)).toEqual([]);
  });

  test("that moves is told of again, earlier or later, and not once more when it moves back", async ({
    database: { db },
  }) => {
    const { race } = await aRaceThatLocks(db, 20 * HOUR);
    await remind(db);
    const earlier = await moveRace(db, race, 10 * HOUR);
    await remind(db);
    const later = await moveRace(db, race, 3 * DAY);
    await remind(db);
    await db.update(races).set({ lockAt: race.lockAt, flagDueAt: race.flagDueAt }).where(eq(races.id, race.id));
    await remind(db);
    expect(await remindersOf(db, race)).toEqual([race.lockAt.toISOString(), earlier.lockAt.toISOString()]);
    await moveRace(db, later, DAY - MINUTE);
    await remind(db);
    expect(await remindersOf(db, race)).toHaveLength(3);
  });

  test("of a race that was cancelled is none", async ({ database: { db } }) => {
    const { race } = await aRaceThatLocks(db, HOUR);
    await db.update(races).set({ cancelledAt: new Date() }).where(eq(races.id, race.id));
    await remind(db);
    expect(await remindersOf(db, race)).toEqual([]);
  });
});

describe("a reminder", () => {
  test("reaches whoever has a team in the season, with how each of them stands, and nobody else", async ({
    database: { db },
  }) => {
    const { season, drivers, race } = await aRaceThatLocks(db, HOUR);
    const five = drivers.slice(0, 5);
    const [ann, ben, onlooker] = [await aUser(db), await aUser(db), await aUser(db)];
    const ready = await aTeam(db, { owner: ann, season, name: "Ready", lineup: { race, drivers: five } });
    const empty = await aTeam(db, { owner: ann, season, name: "Empty" });
    await aTeam(db, { owner: ben, season: await aSeason(db) });
    await remind(db);
    await aTeam(db, { owner: onlooker, season, name: "Too late" });

    const inbox = await listNotifications(asUser(db, ann), { limit: 50 });
    expect(inbox.items).toMatchObject([
      {
        type: "lock_reminder",
        body: expect.stringMatching(/ UTC\. .* Ready: your line-up stands\. Empty has no line-up\.$/),
        data: {
          slug: race.slug,
          teams: [
            { teamId: ready.id, hasLineup: true, absentDriverIds: [] },
            { teamId: empty.id, hasLineup: false, absentDriverIds: [] },
          ],
        },
      },
    ]);
    for (const user of [ben, onlooker])
      expect((await listNotifications(asUser(db, user), { limit: 50 })).items).toEqual([]);
    expect(await markAllRead(asUser(db, ann))).toEqual({ marked: 1 });
    expect(await countUnread(asUser(db, ann))).toEqual({ unread: 0 });
  });

  test("names whoever is in the line-up and does not drive", async ({ database: { db } }) => {
    const { season, drivers, race } = await aRaceThatLocks(db, HOUR);
    const ann = await aUser(db);
    await aTeam(db, { owner: ann, season, name: "Hopeful", lineup: { race, drivers: drivers.slice(0, 5) } });
    const [injured] = drivers;
    await db
      .delete(raceEntries)
      .where(and(eq(raceEntries.raceId, race.id), eq(raceEntries.driverId, injured?.id ?? "")));
    await remind(db);
    const { items } = await listNotifications(asUser(db, ann), { limit: 1 });
    expect(items[0]?.body).toContain("Hopeful: your line-up stands, but Driver No 1 does not drive.");
    expect(items[0]?.data).toMatchObject({ teams: [{ absentDriverIds: [injured?.id] }] });
  });

  test("is none to whoever has switched it off, and one row for all others", async ({ database: { db } }) => {
    const { season, race } = await aRaceThatLocks(db, HOUR);
    const quiet = await aUser(db);
    for (const owner of [quiet, await aUser(db), await aUser(db)]) await aTeam(db, { owner, season });
    await setPreferences(asUser(db, quiet), { items: [{ type: "lock_reminder", inApp: false, email: false }] });
    await remind(db);
    expect((await listNotifications(asUser(db, quiet), { limit: 50 })).items).toEqual([]);
    const { rows } = await db.execute<{ n: number }>(sql`select count(*)::int as n from notifications`);
    expect(rows).toEqual([{ n: 0 }]);
    expect(await remindersOf(db, race)).toHaveLength(1);
  });
});
