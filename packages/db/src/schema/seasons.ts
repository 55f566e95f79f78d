import type { SessionName } from "@pitwall/domain/races";
import type { Ruleset } from "@pitwall/domain/rulesets";
import { sql } from "drizzle-orm";
import { bigint, check, index, integer, jsonb, pgTable, smallint, text, unique } from "drizzle-orm/pg-core";
import { moment } from "./columns.ts";

/** A rule set is never edited once written; a changed rule is a new version with an id of its own. */
export const ruleSets = pgTable("rule_sets", {
  id: text("id").primaryKey(),
  name: text("name").notNull(),
  version: smallint("version").notNull(),
  figures: jsonb("figures").$type<Ruleset>().notNull(),
  digest: text("digest").notNull(),
});

export const seasons = pgTable("seasons", {
  year: smallint("year").primaryKey(),
  ruleSetId: text("rule_set_id")
    .notNull()
    .references(() => ruleSets.id),
  attribution: text("attribution").notNull(),
});

export const circuits = pgTable("circuits", {
  id: text("id").primaryKey(),
  name: text("name").notNull(),
  locality: text("locality").notNull(),
  country: text("country").notNull(),
});

/** `synced_at`: since when a source that is asked every day has spoken of it, and what is shipped no longer counts. */
export const constructors = pgTable("constructors", {
  id: text("id").primaryKey(),
  name: text("name").notNull(),
  nationality: text("nationality").notNull(),
  syncedAt: moment("synced_at"),
});

/** Who writes the calendar: what is shipped, a source that is asked every day, and people. */
export type CalendarHand = "release" | "sync" | "admin";

/** What one of them said of a race last. */
export interface SaidOfRace {
  readonly round?: number | undefined;
  readonly name?: string | undefined;
  readonly circuitId?: string | undefined;
  readonly sessions?: Partial<Record<SessionName, string>>;
  readonly isCancelled?: boolean | undefined;
}

/**
 * A race weekend, known by season and slug: rounds move when the calendar does. `lock_at` and `flag_due_at` follow from the
 * session times until the race has locked, or has a result; `locked_at` is when the line-ups were fixed; `recorded_at`
 * belongs to the current revision; `looked_at` is the last look at the source that could be believed, and `source_digest`
 * stands for what it said then; `copy_made_at` and `copy_fresh_until` tell of the copy in which it said so. `version` counts the changes of the calendar.
 */
export const races = pgTable(
  "races",
  {
    id: integer("id").primaryKey().generatedAlwaysAsIdentity(),
    season: smallint("season")
      .notNull()
      .references(() => seasons.year),
    slug: text("slug").notNull(),
    round: smallint("round").notNull(),
    name: text("name").notNull(),
    circuitId: text("circuit_id")
      .notNull()
      .references(() => circuits.id),
    sessions: jsonb("sessions").$type<Partial<Record<SessionName, string>>>().notNull(),
    startsAt: moment("starts_at").notNull(),
    lockAt: moment("lock_at").notNull(),
    flagDueAt: moment("flag_due_at").notNull(),
    cancelledAt: moment("cancelled_at"),
    lockedAt: moment("locked_at"),
    revision: smallint("revision"),
    recordedAt: moment("recorded_at"),
    lookedAt: moment("looked_at"),
    buildId: integer("build_id"),
    sourceDigest: text("source_digest"),
    copyMadeAt: moment("copy_made_at"),
    copyFreshUntil: moment("copy_fresh_until"),
    said: jsonb("said").$type<Partial<Record<CalendarHand, SaidOfRace>>>().notNull().default({}),
    version: integer("version").notNull().default(1),
  },
  (t) => [
    unique("races_slug_unique").on(t.season, t.slug),
    index("races_lock").on(t.lockAt),
    check("races_lock_before_flag", sql`${t.lockAt} < ${t.flagDueAt}`),
    check("races_revision_recorded", sql`(${t.revision} is null) = (${t.recordedAt} is null)`),
  ],
);

export type CalendarField = SessionName | "added" | "round" | "name" | "circuit" | "cancelled";

/** Every change of a race's place in the calendar: never changed itself, and gone only with its race. */
export const calendarChanges = pgTable(
  "calendar_changes",
  {
    id: bigint("id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    raceId: integer("race_id")
      .notNull()
      .references(() => races.id, { onDelete: "cascade" }),
    at: moment("at").notNull().default(sql`clock_timestamp()`),
    /** `release`, `sync`, or `admin:` and the id of a user. */
    source: text("source").notNull(),
    field: text("field").$type<CalendarField>().notNull(),
    from: text("from"),
    to: text("to"),
  },
  (t) => [index("calendar_changes_race").on(t.raceId, t.id)],
);

/** What a sync changed: slugs and ids. */
export interface SeasonChanges {
  readonly races: Readonly<Record<"added" | "changed" | "cancelled" | "reinstated", readonly string[]>>;
  readonly constructors: Readonly<Record<"added" | "changed", readonly string[]>>;
  /** `priced` got the price of a driver whom nobody has set one for. */
  readonly drivers: Readonly<Record<"added" | "changed" | "priced", readonly string[]>>;
}

/** Every time a source was asked for a season: what came of it, and what it changed. Pruned after 30 days. */
export const seasonSyncs = pgTable(
  "season_syncs",
  {
    id: bigint("id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    season: smallint("season")
      .notNull()
      .references(() => seasons.year),
    at: moment("at").notNull(),
    source: text("source").notNull(),
    outcome: text("outcome", { enum: ["done", "empty", "unreadable", "failed"] }).notNull(),
    reason: text("reason"),
    changes: jsonb("changes").$type<SeasonChanges>().notNull(),
  },
  (t) => [index("season_syncs_season").on(t.season, t.id)],
);
