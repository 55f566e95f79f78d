import type { Db } from "@pitwall/db/database";
import { driverPrices, drivers, raceEntries } from "@pitwall/db/schema";
import type { Pick } from "@pitwall/domain/lineups";
import { eq, type SQL, sql } from "drizzle-orm";
import type { RaceRow } from "./race-lookup.ts";

export interface Offer extends Pick {
  readonly key: number;
  readonly number: number;
}

/** Who can be picked for a race and at what price: its entry list at the prices in force now. */
export function marketOf(db: Db, season: number, raceId: number): Promise<Map<string, Offer>> {
  const areInForce = sql`${driverPrices.season} = ${season} and ${driverPrices.since} <= clock_timestamp()`;
  return offersOf(db, raceId, pricesOf(db, areInForce, sql`${driverPrices.since} desc`));
}

/**
 * Who could be picked for a race, at the prices in force when it locked. A driver who had none by then, as in a season whose
 * past was laid down afterwards, costs the first one known.
 */
export function marketAtLock(db: Db, { id, season, lockAt }: RaceRow): Promise<Map<string, Offer>> {
  const wasInForce = sql`${driverPrices.since} <= ${lockAt.toISOString()}::timestamptz`;
  const order = sql`${wasInForce} desc, case when ${wasInForce} then ${driverPrices.since} end desc, ${driverPrices.since}`;
  return offersOf(db, id, pricesOf(db, sql`${driverPrices.season} = ${season}`, order));
}

/** One price for each driver, the first of those chosen. */
function pricesOf(db: Db, chosen: SQL, order: SQL) {
  return db
    .selectDistinctOn([driverPrices.driverId], { driverId: driverPrices.driverId, price: driverPrices.price })
    .from(driverPrices)
    .where(chosen)
    .orderBy(driverPrices.driverId, order)
    .as("prices");
}

async function offersOf(db: Db, raceId: number, prices: ReturnType<typeof pricesOf>): Promise<Map<string, Offer>> {
  const offers = await db
    .select({
      driverId: raceEntries.driverId,
      constructorId: raceEntries.constructorId,
      number: raceEntries.number,
      key: drivers.key,
      price: prices.price,
    })
    .from(raceEntries)
    .innerJoin(drivers, eq(drivers.id, raceEntries.driverId))
    .innerJoin(prices, eq(prices.driverId, raceEntries.driverId))
    .where(eq(raceEntries.raceId, raceId));
  return new Map(offers.map((offer) => [offer.driverId, offer]));
}
