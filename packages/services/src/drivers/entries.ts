import type { Db } from "@pitwall/db/database";
import { constructors, drivers, raceEntries, races } from "@pitwall/db/schema";
import { DomainError } from "@pitwall/domain/domain-error";
import type { Tenths } from "@pitwall/domain/tenths";
import { and, asc, eq, inArray, isNull, ne, sql } from "drizzle-orm";
import type { ServiceContext } from "../context.ts";
import { type RaceName, raceNamed, rulesOfSeason } from "../internal/race-lookup.ts";

export interface Car {
  readonly constructorId: string;
  readonly number: number;
}

export interface SeasonEntry extends Car {
  readonly season: number;
}

export interface EntryView extends Car {
  readonly driverId: string;
  readonly name: string;
  /** What the driver costs, or cost when the race locked; null for whom no price was set. */
  readonly price: Tenths | null;
}

/** The entry list of a race, by number. */
export async function entriesOf(
  ctx: ServiceContext,
  input: RaceName,
): Promise<{ season: number; slug: string; items: EntryView[] }> {
  const race = await raceNamed(ctx.db, input);
  const items = await ctx.db
    .select({
      driverId: raceEntries.driverId,
      name: sql<string>`${drivers.givenName} || ' ' || ${drivers.familyName}`,
      constructorId: raceEntries.constructorId,
      number: raceEntries.number,
      price: sql<number | null>`(
        select price from driver_prices paid
        where paid.season = ${race.season} and paid.driver_id = ${raceEntries.driverId}
          and paid.since <= least(clock_timestamp(), (select lock_at from races where id = ${race.id}))
        order by paid.since desc limit 1)`,
    })
    .from(raceEntries)
    .innerJoin(drivers, eq(drivers.id, raceEntries.driverId))
    .where(eq(raceEntries.raceId, race.id))
    .orderBy(asc(raceEntries.number), asc(raceEntries.driverId));
  return { season: race.season, slug: race.slug, items };
}

/**
 * Holds every race of the season that has not locked, cancelled ones as well, since they may return. Whoever is saving a
 * line-up is waited for, and whoever saves one waits. Call it before a driver is held, so that nobody waits in a circle.
 */
export async function holdOpenRaces(db: Db, season: number): Promise<number[]> {
  await rulesOfSeason(db, season);
  const isOpen = and(isNull(races.lockedAt), sql`${races.lockAt} > clock_timestamp()`);
  const held = await db
    .select({ id: races.id })
    .from(races)
    .where(and(eq(races.season, season), isOpen))
    .orderBy(asc(races.id))
    .for("no key update");
  // Asked again by a clock that is read after the wait: a deadline may have passed in it.
  const open = await db
    .select({ id: races.id })
    .from(races)
    .where(and(inArray(races.id, idsOf(held)), isOpen))
    .orderBy(asc(races.lockAt));
  if (open.length > 0) return idsOf(open);
  const message = `The season ${season} has no race left that has not locked.`;
  throw new DomainError("broken_rule", "season.no_open_race", message);
}

export interface EntryChange {
  readonly season: number;
  /** In the first of the races. */
  readonly from: Car | null;
  readonly to: Car | null;
  /** How many of them it changed. */
  readonly races: number;
}

/** Puts a driver into a car in each of these races, which the caller holds. Null when nothing had to change. */
export async function enterDriver(
  db: Db,
  driverId: string,
  { season, ...to }: SeasonEntry,
  raceIds: readonly number[],
): Promise<EntryChange | null> {
  await refuseUnknownConstructor(db, to.constructorId);
  await refuseTakenNumber(db, driverId, to.number, raceIds);
  const from = await carIn(db, driverId, raceIds);
  const changed = await db
    .insert(raceEntries)
    .values(raceIds.map((raceId) => ({ raceId, driverId, ...to })))
    .onConflictDoUpdate({
      target: [raceEntries.raceId, raceEntries.driverId],
      set: { constructorId: sql`excluded.constructor_id`, number: sql`excluded.number` },
      setWhere: sql`(${raceEntries.constructorId}, ${raceEntries.number}) is distinct from (excluded.constructor_id, excluded.number)`,
    })
    .returning({ id: raceEntries.raceId });
  return changed.length === 0 ? null : { season, from, to, races: changed.length };
}

/** Takes a driver off the entry lists of these races, which the caller holds. A line-up that has the driver stands. */
export async function withdrawDriver(
  db: Db,
  driverId: string,
  season: number,
  raceIds: readonly number[],
): Promise<EntryChange | null> {
  const from = await carIn(db, driverId, raceIds);
  const gone = await db
    .delete(raceEntries)
    .where(and(eq(raceEntries.driverId, driverId), inArray(raceEntries.raceId, [...raceIds])))
    .returning({ id: raceEntries.raceId });
  return gone.length === 0 ? null : { season, from, to: null, races: gone.length };
}

async function refuseUnknownConstructor(db: Db, id: string): Promise<void> {
  const found = await db.select({ id: constructors.id }).from(constructors).where(eq(constructors.id, id));
  if (found.length === 0)
    throw new DomainError("not_found", "constructor.not_found", `There is no constructor "${id}".`);
}

/** The caller holds the races, so nobody else takes the number meanwhile. */
async function refuseTakenNumber(db: Db, driverId: string, number: number, raceIds: readonly number[]): Promise<void> {
  const [taken] = await db
    .select({ driverId: raceEntries.driverId, race: races.name })
    .from(raceEntries)
    .innerJoin(races, eq(races.id, raceEntries.raceId))
    .where(
      and(
        inArray(raceEntries.raceId, [...raceIds]),
        eq(raceEntries.number, number),
        ne(raceEntries.driverId, driverId),
      ),
    )
    .orderBy(asc(races.lockAt))
    .limit(1);
  if (!taken) return;
  const message = `${taken.driverId} has the number ${number} in the ${taken.race}. Choose another, or change that one first.`;
  throw new DomainError("conflict", "driver.number_taken", message);
}

async function carIn(db: Db, driverId: string, [raceId]: readonly number[]): Promise<Car | null> {
  if (raceId === undefined) return null;
  const [car] = await db
    .select({ constructorId: raceEntries.constructorId, number: raceEntries.number })
    .from(raceEntries)
    .where(and(eq(raceEntries.raceId, raceId), eq(raceEntries.driverId, driverId)));
  return car ?? null;
}

function idsOf(rows: readonly { readonly id: number }[]): number[] {
  return rows.map(({ id }) => id);
}
