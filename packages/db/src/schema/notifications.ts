import { sql } from "drizzle-orm";
import {
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { agedId, moment } from "./columns.ts";
import { races } from "./seasons.ts";
import { users } from "./users.ts";

type Data = Record<string, unknown>;

/**
 * One row tells everybody, or all of an audience: a million users cost one insert. Who belongs to it follows when it is read:
 * those who are admins by then, or who had a team in the race's season when it was told. Of one occasion is told once.
 */
export const broadcasts = pgTable(
  "broadcasts",
  {
    id: agedId(),
    type: text("type", { enum: ["results_in", "correction", "lock_reminder", "system"] }).notNull(),
    /** Null: everybody. */
    audience: text("audience", { enum: ["admins", "teams"] }),
    occasion: text("occasion"),
    raceId: integer("race_id").references(() => races.id, { onDelete: "cascade" }),
    revision: smallint("revision"),
    title: text("title").notNull(),
    body: text("body").notNull(),
    link: text("link"),
    data: jsonb("data").$type<Data>().notNull(),
    createdAt: moment("created_at").notNull().default(sql`clock_timestamp()`),
  },
  (t) => [
    uniqueIndex("broadcasts_once").on(t.type, t.raceId, t.revision).where(sql`${t.raceId} is not null`),
    uniqueIndex("broadcasts_occasion").on(t.occasion),
    index("broadcasts_created").on(t.createdAt),
    check("broadcasts_audience_known", sql`${t.audience} in ('admins', 'teams')`),
    check("broadcasts_teams_of_a_race", sql`${t.audience} is distinct from 'teams' or ${t.raceId} is not null`),
  ],
);

/** One row for one person. `race_id` has no foreign key: one statement may tell a great many people of a race. */
export const notifications = pgTable(
  "notifications",
  {
    id: agedId(),
    userId: uuid("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    type: text("type", { enum: ["league_joined", "league_role", "system"] }).notNull(),
    raceId: integer("race_id"),
    revision: smallint("revision"),
    title: text("title").notNull(),
    body: text("body").notNull(),
    link: text("link"),
    data: jsonb("data").$type<Data>().notNull(),
    createdAt: moment("created_at").notNull().default(sql`clock_timestamp()`),
    readAt: moment("read_at"),
  },
  (t) => [
    uniqueIndex("notifications_once").on(t.userId, t.type, t.raceId, t.revision).where(sql`${t.raceId} is not null`),
    index("notifications_user").on(t.userId, t.id),
  ],
);

/** The broadcasts a user has read or put away: one short row for each user who ever did either. */
export const notificationReads = pgTable("notification_reads", {
  userId: uuid("user_id")
    .primaryKey()
    .references(() => users.id, { onDelete: "cascade" }),
  read: uuid("read").array().notNull().default(sql`'{}'`),
  putAway: uuid("put_away").array().notNull().default(sql`'{}'`),
});

/** Only what differs from the default, which is: in the app yes, by e-mail no. */
export const notificationPreferences = pgTable(
  "notification_preferences",
  {
    userId: uuid("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    type: text("type").notNull(),
    inApp: boolean("in_app").notNull(),
    email: boolean("email").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.userId, t.type] }),
    index("notification_preferences_mailed").on(t.type, t.userId).where(sql`${t.email}`),
  ],
);
