import { constructors, drivers } from "@pitwall/db/schema";
import { DomainError } from "@pitwall/domain/domain-error";
import type { Tenths } from "@pitwall/domain/tenths";
import { asc, eq, sql } from "drizzle-orm";
import type { ServiceContext } from "./context.ts";
import { rulesOfSeason } from "./internal/race-lookup.ts";

export type DriverStatus = "entered" | "absent";

export interface DriverView {
  readonly id: string;
  readonly code: string | null;
  readonly name: string;
  readonly nationality: string | null;
  /** Of the season's newest race that the driver is entered in. */
  readonly number: number;
  readonly constructorId: string;
  /** Whether the driver can be picked now: entered in the next open race, or in the last one when none is open. */
  readonly status: DriverStatus;
  readonly price: Tenths;
  /** Scored in the season so far. */
  readonly points: Tenths;
}

export interface DriverFilter {
  readonly season: number;
  readonly search?: string | undefined;
  readonly constructorId?: string | undefined;
  readonly status?: DriverStatus | undefined;
  readonly sort?: "points" | "price" | "name" | undefined;
  readonly order?: "asc" | "desc" | undefined;
}

/** Every driver entered in the season with car, price and points; the entry list of the next open race decides the car. */
export async function listDrivers(
  ctx: ServiceContext,
  input: DriverFilter,
): Promise<{ items: DriverView[]; total: number }> {
  await rulesOfSeason(ctx.db, input.season);
  const items = (await driversOf(ctx, input.season)).filter((driver) => isWanted(driver, input));
  const sort = input.sort ?? "points";
  const direction = (input.order ?? (sort === "name" ? "asc" : "desc")) === "asc" ? 1 : -1;
  items.sort(
    (a, b) =>
      direction * (sort === "name" ? a.name.localeCompare(b.name) : a[sort] - b[sort]) || a.name.localeCompare(b.name),
  );
  return { items, total: items.length };
}

export async function driverById(
  ctx: ServiceContext,
  input: { readonly id: string; readonly season: number },
): Promise<DriverView> {
  const driver = (await driversOf(ctx, input.season)).find((one) => one.id === input.id);
  if (driver) return driver;
  throw new DomainError(
    "not_found",
    "driver.not_found",
    `No driver "${input.id}" is entered in the season ${input.season}.`,
  );
}

export interface ConstructorView {
  readonly id: string;
  readonly name: string;
  readonly nationality: string;
}

export async function listConstructors(
  ctx: ServiceContext,
  input: { readonly season: number },
): Promise<{ items: ConstructorView[] }> {
  const items = await ctx.db
    .select({ id: constructors.id, name: constructors.name, nationality: constructors.nationality })
    .from(constructors)
    .where(
      sql`${constructors.id} in (select entry.constructor_id from race_entries entry join races race on race.id = entry.race_id where race.season = ${input.season})`,
    )
    .orderBy(asc(constructors.name));
  return { items };
}

async function driversOf(ctx: ServiceContext, season: number): Promise<DriverView[]> {
  const cars = sql`
    select distinct on (entry.driver_id) entry.driver_id, entry.constructor_id, entry.number, entry.race_id
    from race_entries entry join races race on race.id = entry.race_id
    where race.season = ${season} and race.cancelled_at is null
    order by entry.driver_id, (race.lock_at > clock_timestamp()) desc,
      case when race.lock_at > clock_timestamp() then race.lock_at end asc, race.lock_at desc`;
  const next = sql`
    select race.id from races race where race.season = ${season} and race.cancelled_at is null
    order by (race.lock_at > clock_timestamp()) desc, case when race.lock_at > clock_timestamp() then race.lock_at end asc, race.lock_at desc
    limit 1`;
  const prices = sql`
    select distinct on (driver_id) driver_id, price from driver_prices
    where season = ${season} and since <= clock_timestamp() order by driver_id, since desc`;
  const points = sql`
    select score.driver_key, sum(score.points)::int as points
    from races race
    join scoring_runs run on run.race_id = race.id and run.revision = race.revision
    join driver_scores score on score.run_id = run.id
    where race.season = ${season} and race.cancelled_at is null group by score.driver_key`;
  return ctx.db
    .select({
      id: drivers.id,
      code: drivers.code,
      name: sql<string>`${drivers.givenName} || ' ' || ${drivers.familyName}`,
      nationality: drivers.nationality,
      number: sql<number>`car.number`,
      constructorId: sql<string>`car.constructor_id`,
      status: sql<DriverStatus>`case when car.race_id = (${next}) then 'entered' else 'absent' end`,
      price: sql<number>`price.price`,
      points: sql<number>`coalesce(scored.points, 0)`,
    })
    .from(drivers)
    .innerJoin(sql`(${cars}) car`, sql`car.driver_id = ${drivers.id}`)
    .innerJoin(sql`(${prices}) price`, sql`price.driver_id = ${drivers.id}`)
    .leftJoin(sql`(${points}) scored`, eq(sql`scored.driver_key`, drivers.key));
}

function isWanted(driver: DriverView, filter: DriverFilter): boolean {
  const needle = filter.search === undefined ? undefined : plain(filter.search);
  if (filter.constructorId !== undefined && driver.constructorId !== filter.constructorId) return false;
  if (filter.status !== undefined && driver.status !== filter.status) return false;
  return needle === undefined || plain(driver.name).includes(needle) || plain(driver.code ?? "") === needle;
}

/** Few people type the accents of Hülkenberg and Pérez. */
function plain(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/\p{Mark}/gu, "")
    .toLocaleLowerCase("en");
}
