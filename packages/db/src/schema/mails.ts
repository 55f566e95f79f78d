import { sql } from "drizzle-orm";
import { check, index, pgTable, primaryKey, smallint, text, uuid } from "drizzle-orm/pg-core";
import { moment } from "./columns.ts";
import { broadcasts } from "./notifications.ts";
import { users } from "./users.ts";

/** How far a broadcast has been turned into mails, by the ids of those who want it by e-mail. */
export const mailings = pgTable("mailings", {
  broadcastId: uuid("broadcast_id")
    .primaryKey()
    .references(() => broadcasts.id, { onDelete: "cascade" }),
  /** Null: nobody has been looked at yet. */
  reachedId: uuid("reached_id"),
  doneAt: moment("done_at"),
});

/**
 * A mail to one person of one thing, a broadcast or a notification: the key holds a second one off. Whom it goes to and what
 * it says is looked up when it is sent.
 */
export const mails = pgTable(
  "mails",
  {
    toldId: uuid("told_id").notNull(),
    userId: uuid("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    createdAt: moment("created_at").notNull().default(sql`clock_timestamp()`),
    attempts: smallint("attempts").notNull().default(0),
    triedAt: moment("tried_at"),
    outcome: text("outcome", { enum: ["sent", "refused"] }),
  },
  (t) => [
    primaryKey({ columns: [t.toldId, t.userId] }),
    index("mails_waiting").on(t.createdAt).where(sql`${t.outcome} is null`),
    check("mails_outcome_known", sql`${t.outcome} in ('sent', 'refused')`),
  ],
);
