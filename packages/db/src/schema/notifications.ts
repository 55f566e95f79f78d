import { sql } from "drizzle-orm";
import {
  boolean,
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

/** One row tells everybody: a million users cost one insert. */
export const broadcasts = pgTable(
  "broadcasts",
  {
    id: agedId(),
    type: text("type", { enum: ["results_in", "correction", "system"] }).notNull(),
    raceId: integer("race_id").references(() => races.id),
    revision: smallint("revision"),
    title: text("title").notNull(),
    body: text("body").notNull(),
    link: text("link"),
    data: jsonb("data").$type<Data>().notNull(),
    createdAt: moment("created_at").notNull().default(sql`clock_timestamp()`),
  },
  (t) => [
    uniqueIndex("broadcasts_once").on(t.type, t.raceId, t.revision).where(sql`${t.raceId} is not null`),
    index("broadcasts_created").on(t.createdAt),
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
    type: text("type", { enum: ["league_joined", "league_role", "lock_reminder", "system"] }).notNull(),
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
  (t) => [primaryKey({ columns: [t.userId, t.type] })],
);
