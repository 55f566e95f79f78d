import type { CarChange, FinishClass, SessionKind } from "@pitwall/domain/classifications";
import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  unique,
} from "drizzle-orm/pg-core";
import { moment } from "./columns.ts";
import { drivers } from "./drivers.ts";
import { races } from "./seasons.ts";

/** Every look at a source: when, what came of it, and why a race still waits. Pruned after 30 days. */
export const looks = pgTable(
  "looks",
  {
    id: bigint("id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    raceId: integer("race_id")
      .notNull()
      .references(() => races.id, { onDelete: "cascade" }),
    at: moment("at").notNull().default(sql`clock_timestamp()`),
    source: text("source").notNull(),
    outcome: text("outcome", {
      enum: ["recorded", "corrected", "unchanged", "none_yet", "vanished", "held", "unreadable", "failed", "overtaken"],
    }).notNull(),
    reason: text("reason"),
    /** What somebody else said at that time, whose word does not count. */
    remark: text("remark"),
    digest: text("digest"),
  },
  (t) => [index("looks_race").on(t.raceId, t.id)],
);

/** One stored version of a race's classification; `n` is dense from 1 and neighbours differ in what scores. */
export const revisions = pgTable(
  "revisions",
  {
    raceId: integer("race_id")
      .notNull()
      .references(() => races.id),
    n: smallint("n").notNull(),
    digest: text("digest").notNull(),
    source: text("source").notNull(),
    body: text("body").notNull(),
    diff: jsonb("diff").$type<CarChange[]>().notNull(),
    recordedAt: moment("recorded_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.raceId, t.n] }), check("revisions_dense", sql`${t.n} >= 1`)],
);

export const classifications = pgTable(
  "classifications",
  {
    raceId: integer("race_id").notNull(),
    revision: smallint("revision").notNull(),
    session: text("session").$type<SessionKind>().notNull(),
    driverId: text("driver_id")
      .notNull()
      .references(() => drivers.id),
    constructorId: text("constructor_id").notNull(),
    number: smallint("number").notNull(),
    position: smallint("position").notNull(),
    finish: text("finish").$type<FinishClass>().notNull(),
    grid: smallint("grid"),
    laps: smallint("laps").notNull(),
    points: integer("points").notNull(),
    fastestLap: boolean("fastest_lap").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.raceId, t.revision, t.session, t.driverId] }),
    index("classifications_driver").on(t.driverId),
  ],
);

/** Answers that could not be believed: kept for the admin, looked at again, never scored. */
export const heldBodies = pgTable(
  "held_bodies",
  {
    id: bigint("id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    raceId: integer("race_id")
      .notNull()
      .references(() => races.id, { onDelete: "cascade" }),
    digest: text("digest").notNull(),
    reasons: jsonb("reasons").$type<string[]>().notNull(),
    body: text("body").notNull(),
    firstHeldAt: moment("first_held_at").notNull(),
    lastHeldAt: moment("last_held_at").notNull(),
    times: integer("times").notNull().default(1),
  },
  (t) => [unique("held_bodies_unique").on(t.raceId, t.digest)],
);
