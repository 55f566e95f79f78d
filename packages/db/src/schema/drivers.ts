import { sql } from "drizzle-orm";
import {
  check,
  date,
  foreignKey,
  index,
  integer,
  pgTable,
  primaryKey,
  smallint,
  text,
  uuid,
} from "drizzle-orm/pg-core";
import { moment } from "./columns.ts";
import { constructors, races, seasons } from "./seasons.ts";
import { users } from "./users.ts";

/**
 * A person. Number and constructor belong to a race entry. `key` stands for the slug in the hot tables. Whoever was edited by
 * an admin stays so; `synced_at` is as of constructors. `version` counts every change, a price that was set among them.
 */
export const drivers = pgTable("drivers", {
  id: text("id").primaryKey(),
  key: smallint("key").notNull().unique().generatedAlwaysAsIdentity(),
  code: text("code"),
  givenName: text("given_name").notNull(),
  familyName: text("family_name").notNull(),
  nationality: text("nationality"),
  dateOfBirth: date("date_of_birth", { mode: "string" }),
  editedAt: moment("edited_at"),
  syncedAt: moment("synced_at"),
  version: integer("version").notNull().default(1),
});

export const raceEntries = pgTable(
  "race_entries",
  {
    raceId: integer("race_id")
      .notNull()
      .references(() => races.id, { onDelete: "cascade" }),
    driverId: text("driver_id")
      .notNull()
      .references(() => drivers.id),
    constructorId: text("constructor_id")
      .notNull()
      .references(() => constructors.id),
    number: smallint("number").notNull(),
  },
  (t) => [primaryKey({ columns: [t.raceId, t.driverId] }), index("race_entries_driver").on(t.driverId)],
);

/** The price of a driver from a moment on, in tenths of a million. Nobody set it: it was shipped with the season. */
export const driverPrices = pgTable(
  "driver_prices",
  {
    season: smallint("season")
      .notNull()
      .references(() => seasons.year),
    driverId: text("driver_id").notNull(),
    since: moment("since").notNull().default(sql`clock_timestamp()`),
    price: integer("price").notNull(),
    setBy: uuid("set_by").references(() => users.id),
  },
  (t) => [
    primaryKey({ columns: [t.season, t.driverId, t.since] }),
    foreignKey({ name: "driver_prices_driver", columns: [t.driverId], foreignColumns: [drivers.id] }),
    check("driver_prices_sane", sql`${t.price} between 1 and 1000`),
  ],
);
