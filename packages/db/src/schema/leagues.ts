import { sql } from "drizzle-orm";
import {
  boolean,
  check,
  foreignKey,
  index,
  integer,
  pgTable,
  primaryKey,
  smallint,
  text,
  unique,
  uuid,
} from "drizzle-orm/pg-core";
import { agedId, moment } from "./columns.ts";
import { seasons } from "./seasons.ts";
import { teams } from "./teams.ts";
import { users } from "./users.ts";

/**
 * `member_count` is kept by a trigger, so that the check on it holds the seats even among simultaneous entries. Another
 * counts in `version` whatever its rulers change of it; who comes and goes is no such change.
 */
export const leagues = pgTable(
  "leagues",
  {
    id: agedId(),
    season: smallint("season")
      .notNull()
      .references(() => seasons.year),
    ownerId: uuid("owner_id")
      .notNull()
      .references(() => users.id),
    name: text("name").notNull(),
    description: text("description").notNull().default(""),
    isPrivate: boolean("is_private").notNull().default(true),
    seats: integer("seats").notNull().default(20),
    memberCount: integer("member_count").notNull().default(0),
    code: text("code").notNull().unique("leagues_code_unique"),
    version: integer("version").notNull().default(1),
    createdAt: moment("created_at").notNull().default(sql`clock_timestamp()`),
  },
  (t) => [
    unique("leagues_id_season").on(t.id, t.season),
    index("leagues_owner").on(t.ownerId),
    index("leagues_named").using("gin", sql`lower(${t.name}) gin_trgm_ops`),
    check("leagues_seats_range", sql`${t.seats} between 2 and 100000`),
    check("leagues_seats_hold", sql`${t.memberCount} between 0 and ${t.seats}`),
  ],
);

/** The season stands here too, so that two foreign keys can hold a team to its owner and to the league's season. */
export const leagueMembers = pgTable(
  "league_members",
  {
    leagueId: uuid("league_id").notNull(),
    userId: uuid("user_id")
      .notNull()
      .references(() => users.id),
    teamId: uuid("team_id").notNull(),
    season: smallint("season").notNull(),
    role: text("role", { enum: ["manager", "member"] })
      .notNull()
      .default("member"),
    joinedAt: moment("joined_at").notNull().default(sql`clock_timestamp()`),
  },
  (t) => [
    primaryKey({ columns: [t.leagueId, t.userId] }),
    foreignKey({
      name: "league_members_league",
      columns: [t.leagueId, t.season],
      foreignColumns: [leagues.id, leagues.season],
    }).onDelete("cascade"),
    foreignKey({
      name: "league_members_team",
      columns: [t.teamId, t.userId, t.season],
      foreignColumns: [teams.id, teams.ownerId, teams.season],
    }),
    index("league_members_user").on(t.userId),
    index("league_members_team").on(t.teamId),
    check("league_members_role_known", sql`${t.role} in ('manager', 'member')`),
  ],
);

/** Who was put out of a league and may not come back. A trigger refuses them a seat, and a ban to whoever sits in one. */
export const leagueBans = pgTable(
  "league_bans",
  {
    leagueId: uuid("league_id")
      .notNull()
      .references(() => leagues.id, { onDelete: "cascade" }),
    userId: uuid("user_id")
      .notNull()
      .references(() => users.id),
    bannedBy: uuid("banned_by")
      .notNull()
      .references(() => users.id),
    bannedAt: moment("banned_at").notNull().default(sql`clock_timestamp()`),
  },
  (t) => [primaryKey({ columns: [t.leagueId, t.userId] }), index("league_bans_user").on(t.userId)],
);
