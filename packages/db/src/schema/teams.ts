import { sql } from "drizzle-orm";
import {
  check,
  index,
  integer,
  pgTable,
  primaryKey,
  smallint,
  text,
  unique,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { agedId, moment } from "./columns.ts";
import { races, seasons } from "./seasons.ts";
import { users } from "./users.ts";

/**
 * A user's fantasy team in a season. `slot` holds the limit of five even when two requests race for the last one; `version`
 * counts the changes of the name and of the line-up.
 */
export const teams = pgTable(
  "teams",
  {
    id: agedId(),
    ownerId: uuid("owner_id")
      .notNull()
      .references(() => users.id),
    season: smallint("season")
      .notNull()
      .references(() => seasons.year),
    slot: smallint("slot").notNull(),
    name: text("name").notNull(),
    version: integer("version").notNull().default(1),
    createdAt: moment("created_at").notNull().default(sql`clock_timestamp()`),
    removedAt: moment("removed_at"),
  },
  (t) => [
    uniqueIndex("teams_slot_unique").on(t.ownerId, t.season, t.slot).where(sql`${t.removedAt} is null`),
    unique("teams_owner_season").on(t.id, t.ownerId, t.season),
    index("teams_season").on(t.season),
    // Those that were removed as well, which the slots leave out.
    index("teams_owner").on(t.ownerId, t.season),
    check("teams_slot_limit", sql`${t.slot} between 1 and 5`),
  ],
);

/** Five drivers (by key, ascending) and a captain, stored once however many teams choose them. */
export const lineups = pgTable(
  "lineups",
  {
    id: integer("id").primaryKey().generatedAlwaysAsIdentity(),
    season: smallint("season")
      .notNull()
      .references(() => seasons.year),
    drivers: smallint("drivers").array().notNull(),
    captain: smallint("captain").notNull(),
  },
  (t) => [
    unique("lineups_unique").on(t.season, t.drivers, t.captain),
    check("lineups_five", sql`array_length(${t.drivers}, 1) = 5`),
    check(
      "lineups_distinct",
      sql`${t.drivers}[1] < ${t.drivers}[2] and ${t.drivers}[2] < ${t.drivers}[3] and ${t.drivers}[3] < ${t.drivers}[4] and ${t.drivers}[4] < ${t.drivers}[5]`,
    ),
    check("lineups_captain_inside", sql`${t.captain} = any(${t.drivers})`),
  ],
);

/**
 * Every line-up a team ever saved, newest version last; never changed. `race_id` is the race it was checked for. A trigger
 * stamps `saved_at` under the race's row lock and refuses a late row, whoever writes it.
 */
export const teamLineups = pgTable(
  "team_lineups",
  {
    teamId: uuid("team_id")
      .notNull()
      .references(() => teams.id),
    version: integer("version").notNull(),
    raceId: integer("race_id")
      .notNull()
      .references(() => races.id),
    lineupId: integer("lineup_id")
      .notNull()
      .references(() => lineups.id),
    cost: integer("cost").notNull(),
    savedAt: moment("saved_at").notNull().default(sql`clock_timestamp()`),
  },
  (t) => [primaryKey({ columns: [t.teamId, t.version] }), index("team_lineups_race").on(t.raceId)],
);

/** What each team fielded in a race: one partition for each race, written once at the lock. */
export const fielded = pgTable(
  "fielded",
  {
    raceId: integer("race_id").notNull(),
    teamId: uuid("team_id").notNull(),
    lineupId: integer("lineup_id").notNull(),
  },
  (t) => [primaryKey({ columns: [t.raceId, t.teamId] })],
);
