import { sql } from "drizzle-orm";
import { bigint, boolean, check, index, jsonb, pgTable, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { agedId, moment } from "./columns.ts";

export const users = pgTable(
  "users",
  {
    id: agedId(),
    username: text("username").notNull(),
    email: text("email").notNull(),
    passwordHash: text("password_hash").notNull(),
    fullName: text("full_name"),
    role: text("role", { enum: ["user", "admin"] })
      .notNull()
      .default("user"),
    isActive: boolean("is_active").notNull().default(true),
    tier: text("tier", { enum: ["standard", "premium"] })
      .notNull()
      .default("standard"),
    emailVerifiedAt: moment("email_verified_at"),
    /** The account is gone: its personal data is erased, its teams and their scores stay. */
    deletedAt: moment("deleted_at"),
    createdAt: moment("created_at").notNull().default(sql`clock_timestamp()`),
  },
  (t) => [
    uniqueIndex("users_username_unique").on(sql`lower(${t.username})`),
    uniqueIndex("users_email_unique").on(sql`lower(${t.email})`),
    index("users_named").using(
      "gin",
      sql`lower(${t.username}) gin_trgm_ops`,
      sql`lower(${t.fullName}) gin_trgm_ops`,
      sql`lower(${t.email}) gin_trgm_ops`,
    ),
    check("users_tier_known", sql`${t.tier} in ('standard', 'premium')`),
    check("users_role_known", sql`${t.role} in ('user', 'admin')`),
  ],
);

/**
 * One row for each refresh token there has been in a sign-in. `id` is the token's SHA-256, so a leaked table is no key.
 * All tokens of one sign-in share a `family`: the public id of the session, named by access tokens.
 */
export const sessions = pgTable(
  "sessions",
  {
    id: text("id").primaryKey(),
    userId: uuid("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    expiresAt: moment("expires_at").notNull(),
    family: uuid("family").notNull(),
    spentAt: moment("spent_at"),
    startedAt: moment("started_at").notNull(),
    lastSeenAt: moment("last_seen_at").notNull().default(sql`clock_timestamp()`),
    device: text("device"),
    address: text("address"),
  },
  (t) => [
    index("sessions_user").on(t.userId),
    uniqueIndex("sessions_one_live_token").on(t.family).where(sql`${t.spentAt} is null`),
    index("sessions_family").on(t.family),
  ],
);

/** Links that were mailed. `digest` is the token's SHA-256; `email` is the address that the link was sent to. */
export const oneTimeTokens = pgTable(
  "one_time_tokens",
  {
    digest: text("digest").primaryKey(),
    userId: uuid("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    purpose: text("purpose", { enum: ["reset_password", "verify_email", "change_email"] }).notNull(),
    email: text("email").notNull(),
    createdAt: moment("created_at").notNull().default(sql`clock_timestamp()`),
    expiresAt: moment("expires_at").notNull(),
    usedAt: moment("used_at"),
  },
  (t) => [
    index("one_time_tokens_user").on(t.userId, t.purpose),
    check("one_time_tokens_purpose_known", sql`${t.purpose} in ('reset_password', 'verify_email', 'change_email')`),
  ],
);

/** What admins did, written in the transaction of the act itself. */
export const auditLog = pgTable(
  "audit_log",
  {
    id: bigint("id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    at: moment("at").notNull().default(sql`clock_timestamp()`),
    actor: text("actor").notNull(),
    act: text("act").notNull(),
    subject: text("subject").notNull(),
    detail: jsonb("detail").$type<Record<string, unknown>>().notNull(),
  },
  (t) => [index("audit_log_at").on(t.at)],
);
