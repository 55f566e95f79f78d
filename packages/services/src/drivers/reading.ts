import { drivers } from "@pitwall/db/schema";
import { DomainError } from "@pitwall/domain/domain-error";
import type { SeasonStatistics } from "@pitwall/domain/driver-statistics";
import type { Tenths } from "@pitwall/domain/tenths";
import { eq, sql } from "drizzle-orm";
import type { ServiceContext } from "../context.ts";
import { rulesOfSeason } from "../internal/race-lookup.ts";
import { type PriceSince, priceHistory } from "./prices.ts";
import { NOTHING_YET, ownershipOf, seasonStatistics } from "./statistics.ts";

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
  /** By these points; equals share one. */
  readonly rank: number;
  /** Percent of the teams that fielded the driver in the race that locked last, with one decimal; null before any has. */
  readonly ownership: number | null;
  readonly stats: SeasonStatistics;
}

export type DriverSort = "points" | "price" | "name" | "average" | "number";

export interface DriverFilter {
  readonly season: number;
  readonly search?: string | undefined;
  readonly constructorId?: string | undefined;
  readonly status?: DriverStatus | undefined;
  readonly sort?: DriverSort | undefined;
  readonly order?: "asc" | "desc" | undefined;
  readonly limit?: number | undefined;
  readonly offset?: number | undefined;
}

/**
 * Every driver entered in the season with car, price and points; the entry list of the next open race decides the car. A
 * season has some dozens, so all are read by one statement, and chosen and sorted here, where accents can be told apart.
 */
export async function listDrivers(
  ctx: ServiceContext,
  input: DriverFilter,
): Promise<{ items: DriverView[]; total: number }> {
  const { offset = 0, limit = Number.POSITIVE_INFINITY } = input;
  const found = (await driversOf(ctx, input.season)).filter((driver) => isWanted(driver, input)).sort(inOrder(input));
  return { items: found.slice(offset, offset + limit), total: found.length };
}

/** What is known of a person, and of the season where he or she drives in it. */
export interface DriverDetail extends Pick<DriverView, "id" | "code" | "name" | "nationality" | "status" | "points"> {
  readonly givenName: string;
  readonly familyName: string;
  readonly dateOfBirth: string | null;
  /** Counts what admins and sources changed of the driver. */
  readonly version: number;
  readonly season: number;
  /** Null, as the others, for whom no race of the season lists. */
  readonly number: number | null;
  readonly constructorId: string | null;
  readonly price: Tenths | null;
  readonly rank: number | null;
  readonly ownership: number | null;
  readonly stats: SeasonStatistics;
  /** Of the season, the latest first. */
  readonly prices: readonly PriceSince[];
}

export async function driverById(
  ctx: ServiceContext,
  input: { readonly id: string; readonly season: number },
): Promise<DriverDetail> {
  const [person] = await ctx.db
    .select({
      ...who,
      givenName: drivers.givenName,
      familyName: drivers.familyName,
      dateOfBirth: drivers.dateOfBirth,
      version: drivers.version,
    })
    .from(drivers)
    .where(eq(drivers.id, input.id));
  if (!person) throw new DomainError("not_found", "driver.not_found", `There is no driver "${input.id}".`);
  const prices = await priceHistory(ctx.db, input);
  const inSeason = (await driversOf(ctx, input.season)).find((one) => one.id === input.id);
  return { ...person, ...(inSeason ?? absent(prices)), season: input.season, prices };
}

function absent(prices: readonly PriceSince[]) {
  const { price = null } = prices[0] ?? {};
  const place = { number: null, constructorId: null, status: "absent" as const, rank: null, ownership: null };
  return { ...place, price, points: 0, stats: NOTHING_YET };
}

const who = {
  id: drivers.id,
  code: drivers.code,
  name: sql<string>`${drivers.givenName} || ' ' || ${drivers.familyName}`,
  nationality: drivers.nationality,
};

async function driversOf(ctx: ServiceContext, season: number): Promise<DriverView[]> {
  const rules = await rulesOfSeason(ctx.db, season);
  const cars = sql`
    select distinct on (entry.driver_id) entry.driver_id, entry.constructor_id, entry.number, entry.race_id
    from races race cross join lateral (select * from race_entries where race_id = race.id offset 0) entry
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
  const rows = await ctx.db
    .select({
      ...who,
      key: drivers.key,
      number: sql<number>`car.number`,
      constructorId: sql<string>`car.constructor_id`,
      status: sql<DriverStatus>`case when car.race_id = (${next}) then 'entered' else 'absent' end`,
      price: sql<number>`price.price`,
      points: sql<number>`coalesce(season.points, 0)`,
      rank: sql<number>`(rank() over (order by coalesce(season.points, 0) desc))::int`,
      stats: sql<SeasonStatistics | null>`season.stats`,
    })
    .from(drivers)
    .innerJoin(sql`(${cars}) car`, sql`car.driver_id = ${drivers.id}`)
    .innerJoin(sql`(${prices}) price`, sql`price.driver_id = ${drivers.id}`)
    .leftJoin(sql`(${seasonStatistics(season, rules)}) season`, eq(sql`season.driver_key`, drivers.key));
  const shares = await ownershipOf(ctx, season);
  return rows.map(({ key, stats, ...driver }) => ({
    ...driver,
    ownership: shares && (shares[key] ?? 0),
    stats: stats ?? NOTHING_YET,
  }));
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

const RISES: readonly DriverSort[] = ["name", "number"];

function inOrder({ sort = "points", order = RISES.includes(sort) ? "asc" : "desc" }: DriverFilter) {
  const direction = order === "asc" ? 1 : -1;
  return (a: DriverView, b: DriverView) => direction * compareBy(sort, a, b) || compareBy("name", a, b);
}

function compareBy(sort: DriverSort, a: DriverView, b: DriverView): number {
  switch (sort) {
    case "name":
      return a.name.localeCompare(b.name, "en") || (a.id < b.id ? -1 : 1);
    case "average":
      return (a.stats.average ?? Number.MIN_SAFE_INTEGER) - (b.stats.average ?? Number.MIN_SAFE_INTEGER);
    case "points":
    case "price":
    case "number":
      return a[sort] - b[sort];
  }
}
