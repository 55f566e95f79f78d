import type { Db } from "@pitwall/db/database";
import { driverPrices, drivers, raceEntries } from "@pitwall/db/schema";
import type { Pick } from "@pitwall/domain/lineups";
import { and, desc, eq, sql } from "drizzle-orm";

export interface Offer extends Pick {
  readonly key: number;
  readonly number: number;
}

/** Who can be picked for a race and at what price: its entry list at the prices in force now. */
export async function marketOf(db: Db, season: number, raceId: number): Promise<Map<string, Offer>> {
  const prices = db
    .selectDistinctOn([driverPrices.driverId], { driverId: driverPrices.driverId, price: driverPrices.price })
    .from(driverPrices)
    .where(and(eq(driverPrices.season, season), sql`${driverPrices.since} <= clock_timestamp()`))
    .orderBy(driverPrices.driverId, desc(driverPrices.since))
    .as("prices");
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
