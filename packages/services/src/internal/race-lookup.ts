import type { Db } from "@pitwall/db/database";
import { races, seasons } from "@pitwall/db/schema";
import { DomainError } from "@pitwall/domain/domain-error";
import { type Ruleset, ruleset } from "@pitwall/domain/rulesets";
import { and, asc, eq, isNull, sql } from "drizzle-orm";

export type RaceRow = typeof races.$inferSelect;

export interface RaceName {
  readonly season: number;
  readonly slug: string;
}

export async function raceNamed(db: Db, name: RaceName): Promise<RaceRow> {
  const [race] = await db
    .select()
    .from(races)
    .where(and(eq(races.season, name.season), eq(races.slug, name.slug)));
  if (race) return race;
  throw new DomainError("not_found", "race.not_found", `There is no race "${name.slug}" in the season ${name.season}.`);
}

/** The race that the next saved line-up is for: the first that the database's clock has not locked. */
export async function nextOpenRace(db: Db, season: number): Promise<RaceRow | null> {
  const [race] = await openRaces(db, season).limit(1);
  return race ?? null;
}

/**
 * The same, held until the transaction ends: whoever moves the race or changes its entry list waits, and what they changed
 * before is seen by every statement after this one.
 */
export async function holdNextOpenRace(db: Db, season: number): Promise<RaceRow | null> {
  const [race] = await openRaces(db, season).limit(1).for("share");
  return race ?? null;
}

function openRaces(db: Db, season: number) {
  return db
    .select()
    .from(races)
    .where(
      and(
        eq(races.season, season),
        isNull(races.cancelledAt),
        isNull(races.lockedAt),
        sql`${races.lockAt} > clock_timestamp()`,
      ),
    )
    .orderBy(asc(races.lockAt));
}

export async function rulesOfSeason(db: Db, season: number): Promise<Ruleset> {
  const [row] = await db.select({ id: seasons.ruleSetId }).from(seasons).where(eq(seasons.year, season));
  if (!row) throw new DomainError("not_found", "season.not_found", `There is no season ${season} here.`);
  const rules = ruleset(row.id);
  if (!rules) throw new Error(`the season ${season} names the rule set ${row.id}, which this version does not know`);
  return rules;
}
