import type { Db } from "@pitwall/db/database";
import { races, seasons } from "@pitwall/db/schema";
import { DomainError } from "@pitwall/domain/domain-error";
import { type Ruleset, ruleset } from "@pitwall/domain/rulesets";
import { and, asc, eq, isNull, type Placeholder, sql } from "drizzle-orm";
import { type Places, prepared } from "./prepared.ts";

export type RaceRow = typeof races.$inferSelect;

export interface RaceName {
  readonly season: number;
  readonly slug: string;
}

export async function raceNamed(db: Db, name: RaceName): Promise<RaceRow> {
  const { season, slug } = name;
  const [race] = await raceBySlug(db, { season, slug });
  if (race) return race;
  throw new DomainError("not_found", "race.not_found", `There is no race "${slug}" in the season ${season}.`);
}

const raceBySlug = prepared("race_named", (db, { season, slug }: Places<{ season: number; slug: string }>) =>
  db
    .select()
    .from(races)
    .where(and(eq(races.season, season), eq(races.slug, slug))),
);

/** The race that the next saved line-up is for: the first that the database's clock has not locked. */
export async function nextOpenRace(db: Db, season: number): Promise<RaceRow | null> {
  const [race] = await firstOpen(db, { season });
  return race ?? null;
}

const firstOpen = prepared("next_open_race", (db, { season }: Places<{ season: number }>) => firstOpenRace(db, season));

/**
 * The same, held until the transaction ends: whoever moves the race or changes its entry list waits, and what they changed
 * before is seen by every statement after this one.
 */
export async function holdNextOpenRace(db: Db, season: number): Promise<RaceRow | null> {
  const [race] = await heldOpen(db, { season });
  return race ?? null;
}

const heldOpen = prepared("next_open_race_held", (db, { season }: Places<{ season: number }>) =>
  firstOpenRace(db, season).for("share"),
);

/** The same as a question, to be asked beside others. */
export function firstOpenRace(db: Db, season: Placeholder) {
  return db
    .select()
    .from(races)
    .where(and(eq(races.season, season), isOpen))
    .orderBy(asc(races.lockAt))
    .limit(1);
}

const isOpen = and(isNull(races.cancelledAt), isNull(races.lockedAt), sql`${races.lockAt} > clock_timestamp()`);

export async function rulesOfSeason(db: Db, season: number): Promise<Ruleset> {
  const [row] = await ruleSetOf(db, { season });
  return rulesCalled(row?.id, season);
}

const ruleSetOf = prepared("rule_set_of_season", (db, { season }: Places<{ season: number }>) =>
  db.select({ id: seasons.ruleSetId }).from(seasons).where(eq(seasons.year, season)),
);

/** The rules that a season names; there is no such season where it names none. */
export function rulesCalled(id: string | undefined, season: number): Ruleset {
  if (id === undefined) throw new DomainError("not_found", "season.not_found", `There is no season ${season} here.`);
  const rules = ruleset(id);
  if (rules) return rules;
  throw new Error(`the season ${season} names the rule set ${id}, which this version does not know`);
}
