import type { Db } from "@pitwall/db/database";
import { constructors, driverPrices, drivers, type SeasonChanges } from "@pitwall/db/schema";
import { and, asc, eq, inArray, isNull, min, sql } from "drizzle-orm";
import type { ToldConstructor, ToldDriver } from "./answers.ts";

const now = sql`clock_timestamp()`;

/** A row that was not there before has not been deleted or updated by anybody. */
const isNew = sql<boolean>`xmax = 0`;

/** Makes known the constructors that a source lists, under the names that it gives them. */
export async function receiveConstructors(
  db: Db,
  told: readonly ToldConstructor[],
): Promise<SeasonChanges["constructors"]> {
  if (told.length === 0) return { added: [], changed: [] };
  const ids = told.map(({ id }) => id);
  await db
    .update(constructors)
    .set({ syncedAt: now })
    .where(and(inArray(constructors.id, ids), isNull(constructors.syncedAt)));
  const written = await db
    .insert(constructors)
    .values(told.map((constructor) => ({ ...constructor, syncedAt: now })))
    .onConflictDoUpdate({
      target: constructors.id,
      set: { name: sql`excluded.name`, nationality: sql`excluded.nationality` },
      setWhere: sql`(${constructors.name}, ${constructors.nationality}) is distinct from (excluded.name, excluded.nationality)`,
    })
    .returning({ id: constructors.id, isNew });
  return addedAndChanged(written);
}

/**
 * Makes known the drivers that a source lists, and refreshes whom no admin has edited. The number on a car is not its
 * business, since the one that it lists is the person's. Whoever has no price in the season gets one, so as to be picked once
 * entered; a price that is there stands.
 */
export async function receiveDrivers(
  db: Db,
  season: number,
  told: readonly ToldDriver[],
): Promise<SeasonChanges["drivers"]> {
  if (told.length === 0) return { added: [], changed: [], priced: [] };
  const ids = told.map(({ id }) => id);
  // One act upon a driver comes after another: an admin who edits or prices one is waited for.
  await db
    .select({ id: drivers.id })
    .from(drivers)
    .where(inArray(drivers.id, ids))
    .orderBy(asc(drivers.id))
    .for("no key update");
  await db
    .update(drivers)
    .set({ syncedAt: now })
    .where(and(inArray(drivers.id, ids), isNull(drivers.syncedAt)));
  const written = await db
    .insert(drivers)
    .values(told.map((driver) => ({ ...driver, syncedAt: now })))
    .onConflictDoUpdate({
      target: drivers.id,
      set: { givenName: said.givenName, familyName: said.familyName, ...known },
      setWhere: sql`${drivers.editedAt} is null and
        (${drivers.givenName}, ${drivers.familyName}, ${drivers.code}, ${drivers.nationality}, ${drivers.dateOfBirth})
        is distinct from (${said.givenName}, ${said.familyName}, ${known.code}, ${known.nationality}, ${known.dateOfBirth})`,
    })
    .returning({ id: drivers.id, isNew });
  return { ...addedAndChanged(written), priced: await priceWithoutPrice(db, season, ids) };
}

const said = { givenName: sql`excluded.given_name`, familyName: sql`excluded.family_name` };

const known = {
  code: sql`coalesce(excluded.code, ${drivers.code})`,
  nationality: sql`coalesce(excluded.nationality, ${drivers.nationality})`,
  dateOfBirth: sql`coalesce(excluded.date_of_birth, ${drivers.dateOfBirth})`,
};

/** The lowest price that is shipped with the season: nobody knows yet what a latecomer is worth, and an admin may say it. */
async function priceWithoutPrice(db: Db, season: number, ids: readonly string[]): Promise<string[]> {
  const ofSeason = eq(driverPrices.season, season);
  const [lowest] = await db
    .select({ price: min(driverPrices.price) })
    .from(driverPrices)
    .where(and(ofSeason, isNull(driverPrices.setBy)));
  const price = lowest?.price ?? null;
  if (price === null) return [];
  const priced = await db
    .selectDistinct({ id: driverPrices.driverId })
    .from(driverPrices)
    .where(and(ofSeason, inArray(driverPrices.driverId, [...ids])));
  const without = ids.filter((id) => !priced.some((one) => one.id === id));
  if (without.length > 0)
    await db.insert(driverPrices).values(without.map((driverId) => ({ season, driverId, price })));
  return without;
}

function addedAndChanged(written: readonly { readonly id: string; readonly isNew: boolean }[]) {
  const idsOf = (isNew: boolean) => written.filter((row) => row.isNew === isNew).map(({ id }) => id);
  return { added: idsOf(true), changed: idsOf(false) };
}
