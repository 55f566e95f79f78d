import type { Db } from "@pitwall/db/database";
import { withTx } from "@pitwall/db/database";
import { drivers } from "@pitwall/db/schema";
import { DomainError } from "@pitwall/domain/domain-error";
import type { Tenths } from "@pitwall/domain/tenths";
import { eq, sql } from "drizzle-orm";
import type { ServiceContext } from "../context.ts";
import { audit } from "../internal/audit.ts";
import { readerId } from "../internal/speaker.ts";
import { type EntryChange, enterDriver, holdOpenRaces, type SeasonEntry, withdrawDriver } from "./entries.ts";
import { holdDriver, type MeantDriver, priceFromNowOn, priceHistory } from "./prices.ts";

export interface Person {
  readonly givenName: string;
  readonly familyName: string;
  readonly code?: string | null | undefined;
  readonly nationality?: string | null | undefined;
  readonly dateOfBirth?: string | null | undefined;
}

export interface NewDriver extends Person {
  readonly id: string;
  readonly entry?: (SeasonEntry & { readonly price: Tenths }) | undefined;
}

const editedNow = sql`clock_timestamp()`;

/** Makes a driver known, entered in every race of the season that has not locked if an entry is given. */
export async function createDriver(ctx: ServiceContext, { entry, ...person }: NewDriver): Promise<void> {
  await withTx(ctx.db, async (db) => {
    const raceIds = entry ? await holdOpenRaces(db, entry.season) : [];
    const made = await db
      .insert(drivers)
      .values({ ...person, editedAt: editedNow })
      .onConflictDoNothing({ target: drivers.id })
      .returning({ id: drivers.id });
    if (made.length === 0)
      throw new DomainError("conflict", "driver.taken", `There is a driver "${person.id}" already. Update that one.`);
    if (entry) {
      const { price, ...car } = entry;
      await enterDriver(db, person.id, car, raceIds);
      await priceFromNowOn({ ...ctx, db }, { id: person.id, season: entry.season, price });
    }
    const detail = entry ? { entry: { ...entry, races: raceIds.length } } : {};
    await audit({ ...ctx, db }, { act: "create_driver", subject: person.id, detail });
  });
  ctx.log.info("a driver was created", { actorId: readerId(ctx.actor), driverId: person.id });
}

type PersonChange = { readonly [Field in keyof Person]?: Person[Field] | undefined };

export interface DriverChange extends PersonChange, MeantDriver {
  /** Into this car, from the next race that has not locked on. */
  readonly entry?: SeasonEntry | undefined;
  /** Off the entry lists of this season's races that have not locked. */
  readonly withdrawFrom?: number | undefined;
}

/**
 * Changes who a driver is said to be, and what he or she drives from the next race on that has not locked. Line-ups that
 * stand stay as they are; those being saved are waited for, and those saved afterwards are judged by the new entry. Only
 * what really changes is written, and neither a seed nor a source changes it again.
 */
export async function updateDriver(ctx: ServiceContext, input: DriverChange): Promise<void> {
  const { id, version, entry, withdrawFrom, ...said } = input;
  const changes = await withTx(ctx.db, async (db) => {
    const season = entry?.season ?? withdrawFrom;
    const raceIds = season === undefined ? [] : await holdOpenRaces(db, season);
    const before = await holdDriver(db, { id, version });
    const personal = personalChanges(before, said);
    const moved = await moveDriver(db, input, raceIds);
    const changes = { ...personal, ...(moved && { entry: moved }) };
    if (Object.keys(changes).length === 0) return changes;
    await db
      .update(drivers)
      .set({ ...said, editedAt: editedNow })
      .where(eq(drivers.id, id));
    await audit({ ...ctx, db }, { act: "change_driver", subject: id, detail: changes });
    return changes;
  });
  ctx.log.info("a driver was changed", { actorId: readerId(ctx.actor), driverId: id, changes });
}

const PERSONAL = ["givenName", "familyName", "code", "nationality", "dateOfBirth"] as const;

type Changes = Record<string, { readonly from: unknown; readonly to: unknown } | EntryChange>;

function personalChanges(before: Person, said: PersonChange): Changes {
  const changed = PERSONAL.filter((field) => said[field] !== undefined && said[field] !== before[field]);
  return Object.fromEntries(changed.map((field) => [field, { from: before[field], to: said[field] }]));
}

async function moveDriver(
  db: Db,
  { id, entry, withdrawFrom }: DriverChange,
  raceIds: readonly number[],
): Promise<EntryChange | null> {
  if (withdrawFrom !== undefined) return withdrawDriver(db, id, withdrawFrom, raceIds);
  if (!entry) return null;
  await refuseWithoutPrice(db, id, entry.season);
  return enterDriver(db, id, entry, raceIds);
}

/** Whoever has no price cannot be chosen, so an entry alone would do nothing. */
async function refuseWithoutPrice(db: Db, id: string, season: number): Promise<void> {
  if ((await priceHistory(db, { id, season })).length > 0) return;
  const message = `${id} has no price in the season ${season}. Set one first.`;
  throw new DomainError("broken_rule", "driver.no_price", message);
}
