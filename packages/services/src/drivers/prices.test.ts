import { type Db, withTx } from "@pitwall/db/database";
import { auditLog, driverPrices, fielded, teamLineups } from "@pitwall/db/schema";
import { DAY } from "@pitwall/domain/durations";
import { aRace, aSeason, aUser, lockNow, someDrivers } from "@pitwall/testing/builders";
import { test } from "@pitwall/testing/database";
import { and, eq } from "drizzle-orm";
import { describe, expect } from "vitest";
import { asClock, asUser, contextAs } from "../context.fixture.ts";
import { meanwhile } from "../meanwhile.fixture.ts";
import { lockDueRaces } from "../races.ts";
import { createTeam, setLineup } from "../teams.ts";
import { setPrice } from "./prices.ts";
import { driverById } from "./reading.ts";

/** Five drivers who cost exactly the budget, a cheap sixth, a player, and an admin. */
async function aMarket(db: Db) {
  const season = await aSeason(db);
  const drivers = await someDrivers(db, season, [300, 50, 250, 50, 200, 50, 150, 50, 100, 50]);
  const race = await aRace(db, { season, lockIn: DAY, drivers });
  const five = [0, 2, 4, 6, 8].flatMap((at) => drivers[at]?.id ?? []);
  const player = asUser(db, await aUser(db));
  const person = await aUser(db, { role: "admin" });
  const admin = contextAs(db, { kind: "admin", userId: person.id, username: person.username, sessionId: null });
  const dear = five[0] ?? "";
  const lineup = { driverIds: five, captainId: dear };
  return { season, race, lineup, dear, player, admin, adminId: person.id };
}

describe("a price", () => {
  test("is a row of its own from the database's clock on, with who set it, and is written down", async ({
    database: { db },
  }) => {
    const { season, dear: id, admin, adminId } = await aMarket(db);
    const set = await setPrice(admin, { id, season, price: 312 });
    expect(set).toEqual({ id, season, price: 312, since: set.since });
    expect((await driverById(admin, { id, season })).prices).toEqual([
      { price: 312, since: set.since },
      { price: 300, since: expect.any(Date) },
    ]);
    const own = and(eq(driverPrices.driverId, id), eq(driverPrices.season, season));
    const setBy = (await db.select().from(driverPrices).where(own)).map((row) => row.setBy);
    expect(setBy.toSorted()).toEqual([adminId, null]);
    expect(await db.select().from(auditLog).where(eq(auditLog.subject, id))).toMatchObject([
      { actor: adminId, act: "set_price", detail: { season, price: { from: 300, to: 312 } } },
    ]);
  });

  test("that is in force already is no change", async ({ database: { db } }) => {
    const { season, dear: id, admin } = await aMarket(db);
    const { since } = await setPrice(admin, { id, season, price: 301 });
    expect(await setPrice(admin, { id, season, price: 301 })).toMatchObject({ price: 301, since });
    expect(await db.$count(auditLog, eq(auditLog.subject, id))).toBe(1);
  });

  test("set by two at once is set by one after the other", async ({ database: { db } }) => {
    const { season, dear: id, admin } = await aMarket(db);
    await meanwhile(db, {
      first: (tx) => setPrice({ ...admin, db: tx }, { id, season, price: 310 }),
      second: () => setPrice(admin, { id, season, price: 320 }),
    });
    expect((await driverById(admin, { id, season })).prices.map(({ price }) => price)).toEqual([320, 310, 300]);
    const trail = await db.select().from(auditLog).where(eq(auditLog.subject, id)).orderBy(auditLog.id);
    expect(trail.map(({ detail }) => detail.price)).toEqual([
      { from: 300, to: 310 },
      { from: 310, to: 320 },
    ]);
  });

  test("needs a driver and a season", async ({ database: { db } }) => {
    const { season, dear, admin } = await aMarket(db);
    await expect(setPrice(admin, { id: "nobody", season, price: 100 })).rejects.toMatchObject({
      kind: "not_found",
      reason: "driver.not_found",
    });
    await expect(setPrice(admin, { id: dear, season: 1950, price: 100 })).rejects.toMatchObject({
      kind: "not_found",
      reason: "season.not_found",
    });
  });
});

describe("a rise", () => {
  test("leaves a line-up at exactly the budget standing, which is fielded, and binds the next edit", async ({
    database: { db },
  }) => {
    const { season, race, lineup, dear, player, admin } = await aMarket(db);
    const later = await aRace(db, { season, lockIn: 20 * DAY });
    const team = await createTeam(player, { season, name: "On the nose", ...lineup });
    await setPrice(admin, { id: dear, season, price: 301 });
    const refusal = expect(setLineup(player, { id: team.id, version: 1, ...lineup })).rejects;
    await refusal.toMatchObject({
      kind: "broken_rule",
      faults: [{ reason: "lineup.over_budget", cost: 100.1, budget: 100, over: 0.1 }],
    });
    expect(await db.select().from(teamLineups).where(eq(teamLineups.teamId, team.id))).toMatchObject([
      { version: 1, cost: 1000 },
    ]);
    await lockNow(db, race);
    await lockDueRaces(asClock(db, new Date()));
    expect(await db.$count(fielded, and(eq(fielded.raceId, race.id), eq(fielded.teamId, team.id)))).toBe(1);
    expect(later.lockedAt).toBeNull();
  });

  test("that is not committed yet is not paid, and the cost that is stored is the one that was checked", async ({
    database: { db },
  }) => {
    const { season, lineup, dear, player, admin } = await aMarket(db);
    const team = await withTx(db, async (tx) => {
      await setPrice({ ...admin, db: tx }, { id: dear, season, price: 400 });
      return createTeam(player, { season, name: "Just in time", ...lineup });
    });
    expect(await costOf(db, team.id)).toBe(1000);
    await expect(setLineup(player, { id: team.id, version: 1, ...lineup })).rejects.toMatchObject({
      reason: "lineup.breaks_rules",
    });
  });

  test("and a fall in the midst of many saves never lets one in over the budget, nor at a price that never was", async ({
    database: { db },
  }) => {
    const { season, lineup, dear, admin } = await aMarket(db);
    const players = await Promise.all(Array.from({ length: 24 }, async () => asUser(db, await aUser(db))));
    const prices = [301, 299, 310, 290, 305, 300];
    const changes = prices.map((price) => setPrice(admin, { id: dear, season, price }));
    const saves = players.map((player) => createTeam(player, { season, name: "In a hurry", ...lineup }));
    const [outcomes] = await Promise.all([Promise.allSettled(saves), Promise.all(changes)]);
    for (const outcome of outcomes) {
      if (outcome.status === "rejected") expect(outcome.reason).toMatchObject({ reason: "lineup.breaks_rules" });
      else expect([1000, 999, 990]).toContain(await costOf(db, outcome.value.id));
    }
  });
});

async function costOf(db: Db, teamId: string): Promise<number | undefined> {
  const [row] = await db.select({ cost: teamLineups.cost }).from(teamLineups).where(eq(teamLineups.teamId, teamId));
  return row?.cost;
}
