import type { Db } from "@pitwall/db/database";
import { drivers, raceEntries, races } from "@pitwall/db/schema";
import type { ClassifiedCar } from "@pitwall/domain/classifications";
import { and, asc, eq, inArray, isNotNull, isNull, ne, sql } from "drizzle-orm";
import type { RaceRow } from "./race-lookup.ts";

type Entry = typeof raceEntries.$inferSelect;

export function entriesOf(db: Db, raceId: number): Promise<Entry[]> {
  return db.select().from(raceEntries).where(eq(raceEntries.raceId, raceId));
}

/** The document knows best who drove which car: a late replacement was not on the entry list. */
export async function correctEntries(db: Db, raceId: number, cars: readonly ClassifiedCar[]): Promise<void> {
  if (cars.length === 0) return;
  await db
    .insert(raceEntries)
    .values(cars.map(({ driverId, constructorId, number }) => ({ raceId, driverId, constructorId, number })))
    .onConflictDoUpdate({
      target: [raceEntries.raceId, raceEntries.driverId],
      set: { constructorId: sql`excluded.constructor_id`, number: sql`excluded.number` },
    });
}

/**
 * Where a race was driven otherwise than expected, as by a late replacement or two who swapped, the races to come that expect
 * the same are expected to be so too, since nobody knows better yet. Whom an admin edited stays there, and nobody is taken off
 * a list: one who was ill comes back.
 */
export async function expectAlike(
  db: Db,
  race: RaceRow,
  { expected, cars }: { readonly expected: readonly Entry[]; readonly cars: readonly ClassifiedCar[] },
): Promise<void> {
  const carOf = new Map(expected.map((entry) => [entry.driverId, entry]));
  const surprises = cars.filter((car) => !isSameCar(car, carOf.get(car.driverId)));
  if (surprises.length === 0) return;
  const edited = await editedAmong(db, surprises);
  for (const raceId of await holdRacesAfter(db, race)) {
    const listed = new Map((await entriesOf(db, raceId)).map((entry) => [entry.driverId, entry]));
    const alike = surprises.filter(
      ({ driverId }) => !edited.has(driverId) && isSameCar(listed.get(driverId), carOf.get(driverId)),
    );
    await correctEntries(db, raceId, alike);
  }
}

type Car = Pick<Entry, "constructorId" | "number">;

/** No car is the same as none. */
function isSameCar(a: Car | undefined, b: Car | undefined): boolean {
  return a?.constructorId === b?.constructorId && a?.number === b?.number;
}

async function editedAmong(db: Db, cars: readonly { readonly driverId: string }[]): Promise<Set<string>> {
  const ids = cars.map(({ driverId }) => driverId);
  const edited = await db
    .select({ id: drivers.id })
    .from(drivers)
    .where(and(inArray(drivers.id, ids), isNotNull(drivers.editedAt)));
  return new Set(edited.map(({ id }) => id));
}

/** Those that are open. Whoever is saving a line-up is waited for, and whoever saves one waits. */
async function holdRacesAfter(db: Db, { id, season, startsAt }: RaceRow): Promise<number[]> {
  const isOpen = and(isNull(races.lockedAt), sql`${races.lockAt} > clock_timestamp()`);
  const isLater = sql`${races.startsAt} > ${startsAt.toISOString()}::timestamptz`;
  const held = await db
    .select({ id: races.id })
    .from(races)
    .where(and(eq(races.season, season), ne(races.id, id), isOpen, isLater))
    .orderBy(asc(races.id))
    .for("no key update");
  const ids = held.map((race) => race.id);
  // Asked again by a clock that is read after the wait: a deadline may have passed in it.
  const open = await db
    .select({ id: races.id })
    .from(races)
    .where(and(inArray(races.id, ids), isOpen));
  return open.map((race) => race.id);
}
