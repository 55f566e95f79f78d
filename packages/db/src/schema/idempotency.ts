import { sql } from "drizzle-orm";
import { index, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { moment } from "./columns.ts";
import { users } from "./users.ts";

/**
 * What was done under a key that somebody chose, and what was answered, in the transaction that did it. `answer` is null
 * only within that transaction. Pruned after a day.
 */
export const idempotencyKeys = pgTable(
  "idempotency_keys",
  {
    userId: uuid("user_id")
      .notNull()
      .references(() => users.id),
    key: text("key").notNull(),
    procedure: text("procedure").notNull(),
    /** Of what was asked. */
    digest: text("digest").notNull(),
    answer: text("answer"),
    createdAt: moment("created_at").notNull().default(sql`clock_timestamp()`),
  },
  (t) => [primaryKey({ columns: [t.userId, t.key] }), index("idempotency_keys_age").on(t.createdAt)],
);
