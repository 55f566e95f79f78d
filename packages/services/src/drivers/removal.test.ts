import type { Db } from "@pitwall/db/database";
import { auditLog, driverPrices, drivers as people, raceEntries } from "@pitwall/db/schema";
import { DAY } from "@pitwall/domain/durations";
import { aRace, aSeason, aTeam, aUser, lockNow, someDrivers } from "@pitwall/testing/builders";
import { test } from "@pitwall/testing/database";
import { eq } from "drizzle-orm";
import { describe, expect } from "vitest";
import { asUser, contextAs } from "../context.fixture.ts";
import { meanwhile } from "../meanwhile.fixture.ts";
import { aLockedRace, record, result } from "../results/results.fixture.ts";
import { createTeam } from "../teams.ts";
import { removeDriver } from "./removal.ts";

const script = (db: Db) => contextAs(db, { kind: "system", name: "script" });

async function aScene(db: Db) {
  const season = await aSeason(db);
  const drivers = await someDrivers(db, season);
  const race = await aRace(db, { season, lockIn: DAY, drivers });
  const five = [0, 2, 4, 6, 8].flatMap((at) => drivers[at] ?? []);
  const [first] = five;
  if (!first) throw new Error("a grid without drivers");
  return { season, race, five, first, lineup: { driverIds: five.map(({ id }) => id), captainId: first.id } };
}

describe("removing a driver", () => {
  test("takes entries and prices along, and is written down", async ({ database: { db } }) => {
    const { first } = await aScene(db);
    await removeDriver(script(db), first);
    expect(await db.$count(people, eq(people.id, first.id))).toBe(0);
    expect(await db.$count(raceEntries, eq(raceEntries.driverId, first.id))).toBe(0);
    expect(await db.$count(driverPrices, eq(driverPrices.driverId, first.id))).toBe(0);
    expect(await db.select().from(auditLog).where(eq(auditLog.subject, first.id))).toMatchObject([
      { actor: "script", act: "remove_driver", detail: { entries: 1, prices: 1 } },
    ]);
    await expect(removeDriver(script(db), first)).rejects.toMatchObject({
      kind: "not_found",
      reason: "driver.not_found",
    });
  });

  test("is refused when a team has chosen the driver", async ({ database: { db } }) => {
    const { season, race, five, first } = await aScene(db);
    await aTeam(db, { owner: await aUser(db), season, lineup: { race, drivers: five } });
    await expect(removeDriver(script(db), first)).rejects.toMatchObject({
      kind: "conflict",
      reason: "driver.in_use",
      faults: [{ field: "driver", reason: "driver.in_lineups", count: 1 }],
    });
    expect(await db.$count(raceEntries, eq(raceEntries.driverId, first.id))).toBe(1);
  });

  test("is refused when a race that has locked lists the driver, whether it has a result or not", async ({
    database: { db },
  }) => {
    const { drivers, race } = await aLockedRace(db);
    const last = drivers.at(-1)?.id ?? "";
    await expect(removeDriver(script(db), { id: last })).rejects.toMatchObject({
      reason: "driver.in_use",
      faults: [{ reason: "driver.in_locked_races", count: 1 }],
    });
    await record(db, race, result(drivers));
    await expect(removeDriver(script(db), { id: last })).rejects.toMatchObject({
      reason: "driver.in_use",
      message: expect.stringContaining("named by classifications: 1"),
      faults: [{ reason: "driver.in_locked_races" }, { reason: "driver.in_classifications", count: 1 }],
    });
  });

  test("waits for a line-up that is being saved, and finds the driver chosen", async ({ database: { db } }) => {
    const { season, first, lineup } = await aScene(db);
    const player = asUser(db, await aUser(db));
    const removal = meanwhile(db, {
      first: (tx) => createTeam({ ...player, db: tx }, { season, name: "First", ...lineup }),
      second: () => Promise.allSettled([removeDriver(script(db), first)]),
    });
    expect(await removal).toMatchObject([{ status: "rejected", reason: { reason: "driver.in_use" } }]);
  });

  test("leaves whoever saves meanwhile without the driver", async ({ database: { db } }) => {
    const { season, first, lineup } = await aScene(db);
    const player = asUser(db, await aUser(db));
    const save = meanwhile(db, {
      first: (tx) => removeDriver(script(tx), first),
      second: () => Promise.allSettled([createTeam(player, { season, name: "Second", ...lineup })]),
    });
    expect(await save).toMatchObject([
      { status: "rejected", reason: { faults: [{ reason: "lineup.unknown_driver", driverId: first.id }] } },
    ]);
  });

  test("is refused when a race of the driver has locked while it waited", async ({ database: { db } }) => {
    const { race, first } = await aScene(db);
    const removal = meanwhile(db, {
      first: (tx) => lockNow(tx, race),
      second: () => Promise.allSettled([removeDriver(script(db), first)]),
    });
    expect(await removal).toMatchObject([{ status: "rejected", reason: { reason: "driver.in_use" } }]);
  });
});
