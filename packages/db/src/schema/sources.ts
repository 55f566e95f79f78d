import { integer, pgTable, text } from "drizzle-orm/pg-core";
import { moment } from "./columns.ts";

/**
 * How much of a source's patience is left, for all processes together: a request may start at `next_at`, the bucket of
 * requests is full again at `full_at`, and nobody asks before `silent_until`.
 */
export const sourceBudgets = pgTable("source_budgets", {
  source: text("source").primaryKey(),
  askedAt: moment("asked_at").notNull(),
  nextAt: moment("next_at").notNull(),
  fullAt: moment("full_at").notNull(),
  silentUntil: moment("silent_until").notNull(),
  /** In a row, each: an answer that is one ends both. */
  refusals: integer("refusals").notNull().default(0),
  failures: integer("failures").notNull().default(0),
});
