import type { Db } from "@pitwall/db/database";
import { withTx } from "@pitwall/db/database";
import { driverPrices, drivers } from "@pitwall/db/schema";
import { DomainError } from "@pitwall/domain/domain-error";
import type { Tenths } from "@pitwall/domain/tenths";
import { and, desc, eq, sql } from "drizzle-orm";
import type { ServiceContext } from "../context.ts";
import { audit } from "../internal/audit.ts";
import { rulesOfSeason } from "../internal/race-lookup.ts";
import { readerId } from "../internal/speaker.ts";
import { refuseStale } from "../internal/versions.ts";

export interface PriceSince {
  readonly price: Tenths;
  readonly since: Date;
}

export interface SeasonPrice {
  readonly id: string;
  readonly season: number;
  readonly price: Tenths;
}

/**
 * Sets a driver's price from this moment of the database's clock on. What was saved stands, whatever it would cost now;
 * whoever saves next pays the new price. The price that is in force already is no change.
 */
export async function setPrice(
  ctx: ServiceContext,
  { version, ...input }: SeasonPrice & MeantDriver,
): Promise<SeasonPrice & PriceSince> {
  const set = await withTx(ctx.db, async (db) => {
    await rulesOfSeason(db, input.season);
    await holdDriver(db, { id: input.id, version });
    const [before] = await priceHistory(db, input);
    if (before?.price === input.price) return before;
    const after = await priceFromNowOn({ ...ctx, db }, input);
    await db
      .update(drivers)
      .set({ version: sql`${drivers.version} + 1` })
      .where(eq(drivers.id, input.id));
    const detail = { season: input.season, price: { from: before?.price ?? null, to: after.price } };
    await audit({ ...ctx, db }, { act: "set_price", subject: input.id, detail });
    return after;
  });
  ctx.log.info("a price was set", { actorId: readerId(ctx.actor), driverId: input.id, ...set });
  return { ...input, ...set };
}

export interface MeantDriver {
  readonly id: string;
  /** That of the driver as it was read; left out, it is done whatever has happened since. */
  readonly version?: number | undefined;
}

/** One act upon a driver comes after another. A weaker lock than a key's: rows that name the driver may come in meanwhile. */
export async function holdDriver(
  db: Db,
  { id, version }: MeantDriver,
  strength: "no key update" | "update" = "no key update",
): Promise<typeof drivers.$inferSelect> {
  const [held] = await db.select().from(drivers).where(eq(drivers.id, id)).for(strength);
  if (!held) throw new DomainError("not_found", "driver.not_found", `There is no driver "${id}".`);
  refuseStale("driver", version, held);
  return held;
}

export async function priceFromNowOn(
  { db, actor }: Pick<ServiceContext, "db" | "actor">,
  { id: driverId, season, price }: SeasonPrice,
): Promise<PriceSince> {
  const [row] = await db
    .insert(driverPrices)
    .values({ season, driverId, price, setBy: readerId(actor) })
    .returning({ price: driverPrices.price, since: driverPrices.since });
  if (!row) throw new Error("a new price came back without its row");
  return row;
}

/** The prices that a driver has had in a season, the one in force first. */
export function priceHistory(
  db: Db,
  { id, season }: { readonly id: string; readonly season: number },
): Promise<PriceSince[]> {
  return db
    .select({ price: driverPrices.price, since: driverPrices.since })
    .from(driverPrices)
    .where(
      and(
        eq(driverPrices.season, season),
        eq(driverPrices.driverId, id),
        sql`${driverPrices.since} <= clock_timestamp()`,
      ),
    )
    .orderBy(desc(driverPrices.since));
}
