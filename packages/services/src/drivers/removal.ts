import type { Db } from "@pitwall/db/database";
import { withTx } from "@pitwall/db/database";
import { driverPrices, drivers, raceEntries, races } from "@pitwall/db/schema";
import { DomainError, type FieldFault } from "@pitwall/domain/domain-error";
import { and, asc, eq, inArray, isNull, sql } from "drizzle-orm";
import type { ServiceContext } from "../context.ts";
import { audit } from "../internal/audit.ts";
import { refusing } from "../internal/breaches.ts";
import { readerId } from "../internal/speaker.ts";
import { holdDriver, type MeantDriver } from "./prices.ts";

const FOREIGN_KEY_VIOLATION = "23503";

/** Removes a driver whom nothing speaks of but entries of races to come and prices, which go as well. */
export async function removeDriver(ctx: ServiceContext, { id, version }: MeantDriver): Promise<void> {
  await refusing(
    () =>
      withTx(ctx.db, async (db) => {
        await holdRacesToCome(db, id);
        const { key } = await holdDriver(db, { id, version }, "update");
        refuseInUse(id, await usesOf(db, id, key));
        const entries = await db.delete(raceEntries).where(eq(raceEntries.driverId, id)).returning();
        const prices = await db.delete(driverPrices).where(eq(driverPrices.driverId, id)).returning();
        await db.delete(drivers).where(eq(drivers.id, id));
        const detail = { entries: entries.length, prices: prices.length };
        await audit({ ...ctx, db }, { act: "remove_driver", subject: id, detail });
      }),
    // A result or an entry that came in between.
    { [FOREIGN_KEY_VIOLATION]: () => inUse(id, []) },
  );
  ctx.log.info("a driver was removed", { actorId: readerId(ctx.actor), driverId: id });
}

/** Line-ups name drivers without a foreign key, so whoever is saving one is waited for. Races come before the driver. */
async function holdRacesToCome(db: Db, id: string): Promise<void> {
  const listed = db.select({ id: raceEntries.raceId }).from(raceEntries).where(eq(raceEntries.driverId, id));
  await db
    .select({ id: races.id })
    .from(races)
    .where(and(inArray(races.id, listed), isNull(races.lockedAt)))
    .orderBy(asc(races.id))
    .for("no key update");
}

type Uses = Record<"lockedRaces" | "classifications" | "lineups", number>;

async function usesOf(db: Db, id: string, key: number): Promise<Uses> {
  const { rows } = await db.execute<Uses>(sql`
    select
      (select count(*)::int from race_entries entry join races race on race.id = entry.race_id
        where entry.driver_id = ${id} and (race.locked_at is not null or race.lock_at <= clock_timestamp())) as "lockedRaces",
      (select count(distinct (race_id, revision))::int from classifications where driver_id = ${id}) as "classifications",
      (select count(*)::int from lineups where ${key}::smallint = any(drivers)) as "lineups"`);
  const [uses] = rows;
  if (!uses) throw new Error("counts came back without a row");
  return uses;
}

const USES = [
  ["lockedRaces", "driver.in_locked_races", "entered in locked races"],
  ["classifications", "driver.in_classifications", "named by classifications"],
  ["lineups", "driver.in_lineups", "chosen in line-ups"],
] as const satisfies readonly (readonly [keyof Uses, FieldFault["reason"], string])[];

function refuseInUse(id: string, uses: Uses): void {
  const faults = USES.filter(([use]) => uses[use] > 0).map(([use, reason, words]) => ({
    field: "driver",
    reason,
    message: `${id} is ${words}: ${uses[use]}.`,
    count: uses[use],
  }));
  if (faults.length > 0) throw inUse(id, faults);
}

function inUse(id: string, faults: readonly FieldFault[]): DomainError {
  const why = faults.map(({ message }) => message).join(" ");
  const message = `What was played keeps its drivers. ${why} Withdraw ${id} from the season instead.`.replace(
    "  ",
    " ",
  );
  return new DomainError("conflict", "driver.in_use", message, { faults });
}
