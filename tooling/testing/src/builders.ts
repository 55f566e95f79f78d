import { createHash } from "node:crypto";
import type { Db } from "@pitwall/db/database";
import {
  circuits,
  constructors,
  driverPrices,
  drivers,
  lineups,
  raceEntries,
  races,
  ruleSets,
  seasons,
  teamLineups,
  teams,
  users,
} from "@pitwall/db/schema";
import { DAY, HOUR } from "@pitwall/domain/durations";
import { flagDueAt, lockAt, raceSlug, type SessionTimes } from "@pitwall/domain/races";
import { type Ruleset, standard } from "@pitwall/domain/rulesets";
import { SCHEDULE } from "@pitwall/domain/schedule";
import { and, eq, sql } from "drizzle-orm";

/** Whatever must be unique takes the next number, so that tests of one file may share its database. */
let serial = 0;
/** A year has four digits, so seasons are counted by themselves. */
let lastYear = 2100;

/** A season, under the standard rules unless the test names others. Without a year no other test of the file plays it. */
export async function aSeason(db: Db, year?: number, rules: Ruleset = standard): Promise<number> {
  if (year === undefined) lastYear += 1;
  const season = year ?? lastYear;
  const { id, name, version } = rules;
  await db
    .insert(ruleSets)
    .values({
      id,
      name,
      version,
      figures: rules,
      digest: createHash("sha256").update(JSON.stringify(rules)).digest("hex"),
    })
    .onConflictDoNothing();
  await db
    .insert(seasons)
    .values({ year: season, ruleSetId: id, attribution: "made for a test" })
    .onConflictDoNothing();
  return season;
}

export type BuiltUser = typeof users.$inferSelect;

/** A user who cannot sign in, unless the test gives a password hash. */
export async function aUser(db: Db, wanted: Partial<typeof users.$inferInsert> = {}): Promise<BuiltUser> {
  serial += 1;
  const username = wanted.username ?? `driver_fan_${serial}`;
  const [user] = await db
    .insert(users)
    .values({ username, email: `${username.toLowerCase()}@example.org`, passwordHash: "none", ...wanted })
    .returning();
  return built(user);
}

export interface BuiltDriver {
  readonly id: string;
  readonly key: number;
  readonly constructorId: string;
  readonly number: number;
  readonly price: number;
}

/** Drivers with prices (tenths of a million) in a season, two to a constructor in the order of the prices. */
export async function someDrivers(
  db: Db,
  season: number,
  prices: readonly number[] = Array(10).fill(150),
): Promise<BuiltDriver[]> {
  serial += 1;
  const grid = serial;
  const made = prices.map((price, at) => ({
    id: `driver_${grid}_${at + 1}`,
    constructorId: `constructor_${grid}_${Math.floor(at / 2) + 1}`,
    number: at + 1,
    price,
  }));
  await db
    .insert(constructors)
    .values(made.map(({ constructorId: id }) => ({ id, name: id, nationality: "British" })))
    .onConflictDoNothing();
  const rows = await db
    .insert(drivers)
    .values(made.map(({ id, number }) => ({ id, givenName: "Driver", familyName: `No ${number}` })))
    .returning({ id: drivers.id, key: drivers.key });
  await db.insert(driverPrices).values(made.map(({ id, price }) => ({ season, driverId: id, price })));
  const keys = new Map(rows.map(({ id, key }) => [id, key]));
  return made.map((driver) => ({ ...driver, key: built(keys.get(driver.id)) }));
}

export type BuiltRace = typeof races.$inferSelect;

interface WantedRace {
  readonly season: number;
  /** Until qualifying, which locks the race, in milliseconds from now; the race starts a day later. */
  readonly lockIn: number;
  /** With a sprint in the hour before qualifying, which then locks the race. */
  readonly sprint?: boolean;
  /** Who is entered. */
  readonly drivers?: readonly BuiltDriver[];
  readonly name?: string;
  readonly round?: number;
}

/** A race weekend. No line-up can be saved for one that has locked: build it ahead, then `moveRace`. */
export async function aRace(db: Db, wanted: WantedRace): Promise<BuiltRace> {
  serial += 1;
  const name = wanted.name ?? `Test ${serial} Grand Prix`;
  await db
    .insert(circuits)
    .values({ id: "test_track", name: "Test Track", locality: "Here", country: "UK" })
    .onConflictDoNothing();
  const [race] = await db
    .insert(races)
    .values({
      season: wanted.season,
      slug: raceSlug(name),
      round: wanted.round ?? serial,
      name,
      circuitId: "test_track",
      ...timesOf(weekend(wanted)),
    })
    .returning();
  const { id: raceId } = built(race);
  const entries = (wanted.drivers ?? []).map(({ id: driverId, constructorId, number }) => ({
    raceId,
    driverId,
    constructorId,
    number,
  }));
  if (entries.length > 0) await db.insert(raceEntries).values(entries);
  return built(race);
}

/** Moves a whole weekend, so that it locks so many milliseconds from now; a negative number lies in the past. */
export async function moveRace(db: Db, race: BuiltRace, lockIn: number): Promise<BuiltRace> {
  const sprint = race.sessions.sprint !== undefined;
  const [moved] = await db
    .update(races)
    .set(timesOf(weekend({ lockIn, sprint })))
    .where(eq(races.id, race.id))
    .returning();
  return built(moved);
}

/** Locks a race at this moment of the database's clock: what was saved before is in time, and the race starts a day later. */
export async function lockNow(db: Db, race: BuiltRace): Promise<BuiltRace> {
  await moveRace(db, race, 1000);
  const [locked] = await db
    .update(races)
    .set({ lockAt: sql`clock_timestamp()` })
    .where(eq(races.id, race.id))
    .returning();
  return built(locked);
}

function weekend({ lockIn, sprint }: Pick<WantedRace, "lockIn" | "sprint">): SessionTimes {
  const lock = Date.now() + lockIn;
  const qualifying = new Date(sprint ? lock + HOUR : lock);
  return { ...(sprint && { sprint: new Date(lock) }), qualifying, race: new Date(lock + DAY) };
}

function timesOf(sessions: SessionTimes) {
  const texts = Object.fromEntries(Object.entries(sessions).map(([session, at]) => [session, at.toISOString()]));
  return {
    sessions: texts,
    startsAt: sessions.race,
    lockAt: lockAt(sessions),
    flagDueAt: flagDueAt(sessions, SCHEDULE),
  };
}

export type BuiltTeam = typeof teams.$inferSelect;

interface WantedTeam {
  readonly owner: Pick<BuiltUser, "id">;
  readonly season: number;
  readonly name?: string;
  /** Five drivers and the race they are saved for; the first is captain unless another is named. */
  readonly lineup?: {
    readonly race: Pick<BuiltRace, "id">;
    readonly drivers: readonly BuiltDriver[];
    readonly captain?: BuiltDriver;
  };
}

/** A team in the owner's next free slot, with a line-up if one is wanted. */
export async function aTeam(db: Db, wanted: WantedTeam): Promise<BuiltTeam> {
  serial += 1;
  const { owner, season, lineup } = wanted;
  const [team] = await db
    .insert(teams)
    .values({
      ownerId: owner.id,
      season,
      name: wanted.name ?? `Team ${serial}`,
      slot: sql`(select count(*) + 1 from teams t where t.owner_id = ${owner.id} and t.season = ${season} and t.removed_at is null)`,
    })
    .returning();
  if (lineup) await saveLineup(db, built(team), lineup);
  return built(team);
}

async function saveLineup(
  db: Db,
  team: BuiltTeam,
  { race, drivers: five, captain = five[0] }: NonNullable<WantedTeam["lineup"]>,
): Promise<void> {
  const value = {
    season: team.season,
    drivers: five.map(({ key }) => key).sort((a, b) => a - b),
    captain: built(captain).key,
  };
  await db.insert(lineups).values(value).onConflictDoNothing();
  const [lineup] = await db
    .select({ id: lineups.id })
    .from(lineups)
    .where(
      and(eq(lineups.season, value.season), eq(lineups.drivers, value.drivers), eq(lineups.captain, value.captain)),
    );
  const cost = five.reduce((sum, { price }) => sum + price, 0);
  await db
    .insert(teamLineups)
    .values({ teamId: team.id, version: 1, raceId: race.id, lineupId: built(lineup).id, cost });
}

function built<T>(row: T | undefined): T {
  if (row === undefined) throw new Error("a builder's row did not come back");
  return row;
}
