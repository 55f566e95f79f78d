import type { Db } from "@pitwall/db/database";
import { raceEntries } from "@pitwall/db/schema";
import { DAY, HOUR } from "@pitwall/domain/durations";
import { aRace, type BuiltDriver, type BuiltRace, lockNow } from "@pitwall/testing/builders";
import { test } from "@pitwall/testing/database";
import { and, eq } from "drizzle-orm";
import { expect } from "vitest";
import { contextAs } from "../context.fixture.ts";
import { updateDriver } from "../drivers/editing.ts";
import { aLockedRace, at, record, result } from "./results.fixture.ts";

async function carIn(db: Db, race: BuiltRace, driver: BuiltDriver) {
  const [car] = await db
    .select({ constructorId: raceEntries.constructorId, number: raceEntries.number })
    .from(raceEntries)
    .where(and(eq(raceEntries.raceId, race.id), eq(raceEntries.driverId, driver.id)));
  return car;
}

const carOf = ({ constructorId, number }: BuiltDriver) => ({ constructorId, number });

/** Twenty cars, of which two have swapped their drivers; the last driver was on nobody's list. */
async function aSurprise(db: Db) {
  const { season, race, drivers } = await aLockedRace(db);
  const [first, third, ...others] = at(drivers, 0, 2, 1, ...Array.from({ length: 17 }, (_, n) => n + 3));
  const rookie = drivers.at(-1);
  if (!first || !third || !rookie) throw new Error("a grid has twenty cars");
  await db.delete(raceEntries).where(and(eq(raceEntries.raceId, race.id), eq(raceEntries.driverId, rookie.id)));
  const swapped = [
    { ...third, ...carOf(first) },
    { ...first, ...carOf(third) },
  ];
  const listed = drivers.slice(0, -1);
  const coming = (lockIn: number, cars: readonly BuiltDriver[] = listed) =>
    aRace(db, { season, lockIn, drivers: cars });
  return { first, third, rookie, coming, happens: () => record(db, race, result([...swapped, ...others])) };
}

test("a swap and a late replacement are expected of the open races that expected otherwise, and nobody leaves a list", async ({
  database: { db },
}) => {
  const { first, third, rookie, coming, happens } = await aSurprise(db);
  const next = await coming(8 * DAY);
  const last = await coming(20 * DAY);
  await happens();
  for (const race of [next, last]) {
    expect(await carIn(db, race, first)).toEqual(carOf(third));
    expect(await carIn(db, race, third)).toEqual(carOf(first));
    expect(await carIn(db, race, rookie)).toEqual(carOf(rookie));
    const listed = await db.select().from(raceEntries).where(eq(raceEntries.raceId, race.id));
    expect(listed).toHaveLength(20);
  }
});

test("a list that knew of another car, a race that has locked, and whom an admin edited stay as they are", async ({
  database: { db },
}) => {
  const { first, third, rookie, coming, happens } = await aSurprise(db);
  const known = { ...first, constructorId: rookie.constructorId, number: 77 };
  const next = await coming(8 * DAY, [known, third]);
  await updateDriver(contextAs(db, { kind: "system", name: "script" }), { id: third.id, familyName: "Edited" });
  const locked = await lockNow(db, await coming(HOUR));
  await happens();
  expect(await carIn(db, next, first)).toEqual(carOf(known));
  expect(await carIn(db, next, third)).toEqual(carOf(third));
  expect(await carIn(db, next, rookie)).toEqual(carOf(rookie));
  expect(await carIn(db, locked, first)).toEqual(carOf(first));
  expect(await carIn(db, locked, rookie)).toBeUndefined();
});
