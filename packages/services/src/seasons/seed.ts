import type { Db } from "@pitwall/db/database";
import { withTx } from "@pitwall/db/database";
import type { SeasonFacts } from "@pitwall/db/facts";
import { circuits, constructors, driverPrices, drivers, raceEntries, races, seasons } from "@pitwall/db/schema";
import { ruleset } from "@pitwall/domain/rulesets";
import { and, asc, eq, inArray, isNotNull, isNull, sql } from "drizzle-orm";
import type { ServiceContext } from "../context.ts";
import { storeRules } from "../internal/stored-rules.ts";
import { applyCalendar, type CalendarRace } from "./calendar.ts";

/**
 * Lays down what is shipped of a season: calendar, entries, prices. Running it again brings in what a newer release knows
 * and leaves alone what an admin edited, what a source that is asked every day speaks of, when a race locked, and every
 * price. Results are not its business.
 */
export function seedSeason(ctx: ServiceContext, facts: SeasonFacts): Promise<void> {
  return withTx(ctx.db, async (db) => {
    // Several instances may start at once on one empty database.
    await db.execute(sql`select pg_advisory_xact_lock(hashtext('seed season'), ${facts.season}::int)`);
    await seedRules(db, facts);
    await seedPeople(db, facts);
    await seedCalendar({ ...ctx, db }, facts);
    await seedEntries(db, facts);
    await seedPrices(db, facts);
  });
}

async function seedRules(db: Db, facts: SeasonFacts): Promise<void> {
  const rules = ruleset(facts.ruleset);
  if (!rules) throw new Error(`the season ${facts.season} names the unknown rule set ${facts.ruleset}`);
  await storeRules(db, rules);
  await db
    .insert(seasons)
    .values({ year: facts.season, ruleSetId: rules.id, attribution: facts.attribution })
    .onConflictDoNothing();
}

async function seedPeople(db: Db, facts: SeasonFacts): Promise<void> {
  await db
    .insert(circuits)
    .values(Object.entries(facts.circuits).map(([id, circuit]) => ({ id, ...circuit })))
    .onConflictDoUpdate({
      target: circuits.id,
      set: { name: sql`excluded.name`, locality: sql`excluded.locality`, country: sql`excluded.country` },
    });
  await db
    .insert(constructors)
    .values(Object.entries(facts.constructors).map(([id, constructor]) => ({ id, ...constructor })))
    .onConflictDoUpdate({
      target: constructors.id,
      set: { name: sql`excluded.name`, nationality: sql`excluded.nationality` },
      setWhere: isNull(constructors.syncedAt),
    });
  await db
    .insert(drivers)
    .values(
      Object.entries(facts.drivers).map(([id, { code, givenName, familyName, nationality, dateOfBirth }]) => ({
        id,
        code,
        givenName,
        familyName,
        nationality,
        dateOfBirth,
      })),
    )
    .onConflictDoUpdate({
      target: drivers.id,
      set: {
        code: sql`excluded.code`,
        givenName: sql`excluded.given_name`,
        familyName: sql`excluded.family_name`,
        nationality: sql`excluded.nationality`,
        dateOfBirth: sql`excluded.date_of_birth`,
      },
      setWhere: sql`${drivers.editedAt} is null and ${drivers.syncedAt} is null`,
    });
}

async function seedCalendar(
  ctx: ServiceContext,
  { season, circuits: known, races: shipped }: SeasonFacts,
): Promise<void> {
  const told = shipped.map(({ slug, round, name, circuitId, sessions }): CalendarRace => {
    const circuit = known[circuitId];
    if (!circuit) throw new Error(`the season ${season} does not say where ${circuitId} is`);
    return { slug, round, name, circuit: { id: circuitId, ...circuit }, sessions };
  });
  await applyCalendar(ctx, { season, races: told, source: "release", isComplete: true });
}

async function seedEntries(db: Db, facts: SeasonFacts): Promise<void> {
  const stored = await db
    .select({ id: races.id, slug: races.slug })
    .from(races)
    .where(
      and(
        eq(races.season, facts.season),
        isNull(races.revision),
        inArray(
          races.slug,
          facts.races.map((race) => race.slug),
        ),
      ),
    )
    .orderBy(asc(races.id))
    // An admin who moves a driver meanwhile waits, and has the last word.
    .for("no key update");
  const open = new Map(stored.map((race) => [race.slug, race.id]));
  const isAdmins = await adminsEntries(db, [...open.values()]);
  const rows = facts.races.flatMap((race) => {
    const raceId = open.get(race.slug);
    return raceId === undefined ? [] : race.entries.map((entry) => ({ raceId, ...entry }));
  });
  const ours = rows.filter((row) => !isAdmins(row));
  if (ours.length === 0) return;
  await db
    .insert(raceEntries)
    .values(ours)
    .onConflictDoUpdate({
      target: [raceEntries.raceId, raceEntries.driverId],
      set: { constructorId: sql`excluded.constructor_id`, number: sql`excluded.number` },
    });
}

/** Whom an admin edited comes in with a race's first entry list; from then on the admin says what that driver drives in it. */
async function adminsEntries(
  db: Db,
  raceIds: number[],
): Promise<(entry: { readonly raceId: number; readonly driverId: string }) => boolean> {
  const people = await db.select({ id: drivers.id }).from(drivers).where(isNotNull(drivers.editedAt));
  const lists = await db
    .selectDistinct({ raceId: raceEntries.raceId })
    .from(raceEntries)
    .where(inArray(raceEntries.raceId, raceIds));
  const edited = new Set(people.map(({ id }) => id));
  const listed = new Set(lists.map(({ raceId }) => raceId));
  return ({ raceId, driverId }) => edited.has(driverId) && listed.has(raceId);
}

/** Only drivers without any price in the season get the shipped one. */
async function seedPrices(db: Db, facts: SeasonFacts): Promise<void> {
  const priced = await db
    .selectDistinct({ driverId: driverPrices.driverId })
    .from(driverPrices)
    .where(eq(driverPrices.season, facts.season));
  const known = new Set(priced.map((row) => row.driverId));
  const rows = Object.entries(facts.drivers)
    .filter(([driverId]) => !known.has(driverId))
    .map(([driverId, { price }]) => ({ season: facts.season, driverId, price }));
  if (rows.length > 0) await db.insert(driverPrices).values(rows);
}
