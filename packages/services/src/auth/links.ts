import { randomBytes } from "node:crypto";
import type { Db } from "@pitwall/db/database";
import { oneTimeTokens, users } from "@pitwall/db/schema";
import { DomainError } from "@pitwall/domain/domain-error";
import { and, eq, inArray, isNull, sql } from "drizzle-orm";
import { accountIsOver } from "../internal/active-speaker.ts";
import { sha256 } from "../internal/digests.ts";

type OneTimeToken = typeof oneTimeTokens.$inferSelect;
export type Purpose = OneTimeToken["purpose"];

/** For how long a link is good. */
const LIFETIMES = {
  reset_password: sql.raw("interval '1 hour'"),
  change_email: sql.raw("interval '1 hour'"),
  verify_email: sql.raw("interval '1 day'"),
} satisfies Record<Purpose, unknown>;

/** Holds for a link that can still be used. */
const isOpen = and(isNull(oneTimeTokens.usedAt), sql`${oneTimeTokens.expiresAt} > clock_timestamp()`);

const isOpenAccount = and(users.isActive, isNull(users.deletedAt));

/**
 * Makes the token of a link for a user; the ones before it for the same purpose are gone. The table keeps the digest
 * alone. Needs a transaction, in which the user's row is locked: of two at once one link remains.
 */
export async function openLink(
  tx: Db,
  { userId, purpose, email }: Pick<OneTimeToken, "userId" | "purpose" | "email">,
): Promise<string> {
  if (!(await lockUser(tx, userId))) throw accountIsOver();
  await closeLinks(tx, userId, [purpose]);
  const token = randomBytes(32).toString("base64url");
  const expiresAt = sql`clock_timestamp() + ${LIFETIMES[purpose]}`;
  await tx.insert(oneTimeTokens).values({ digest: sha256(token), userId, purpose, email, expiresAt });
  return token;
}

/** Whatever writes to a user and to their links takes this first: in one order nobody waits in a circle. */
async function lockUser(tx: Db, userId: string): Promise<boolean> {
  const locked = await tx
    .select({ id: users.id })
    .from(users)
    .where(and(eq(users.id, userId), isOpenAccount))
    .for("no key update");
  return locked.length > 0;
}

export async function closeLinks(tx: Db, userId: string, purposes: readonly Purpose[]): Promise<void> {
  await tx
    .delete(oneTimeTokens)
    .where(and(eq(oneTimeTokens.userId, userId), inArray(oneTimeTokens.purpose, [...purposes])));
}

export interface FollowedLink {
  readonly userId: string;
  readonly username: string;
  readonly purpose: Purpose;
  /** The address that the link was sent to. */
  readonly sentTo: string;
  /** The address that the account has now. */
  readonly email: string;
}

/** Where a link leads, without using it. Throws a DomainError `auth.link_over` unless it can be used. */
export async function linkOf(db: Db, token: string, purposes: readonly Purpose[]): Promise<FollowedLink> {
  const [link] = await db
    .select({
      userId: users.id,
      username: users.username,
      purpose: oneTimeTokens.purpose,
      sentTo: oneTimeTokens.email,
      email: users.email,
    })
    .from(oneTimeTokens)
    .innerJoin(users, and(eq(users.id, oneTimeTokens.userId), isOpenAccount))
    .where(and(eq(oneTimeTokens.digest, sha256(token)), inArray(oneTimeTokens.purpose, [...purposes]), isOpen));
  if (!link || (link.purpose !== "change_email" && !isSameAddress(link.sentTo, link.email))) throw linkOver();
  return link;
}

/**
 * Uses a link up, and locks the row of its user: of two who follow it at once, one gets through. Whoever comes later hears
 * `auth.link_over`.
 */
export async function useLink(tx: Db, token: string, { userId }: FollowedLink): Promise<void> {
  const isThere = await lockUser(tx, userId);
  const used = await tx
    .update(oneTimeTokens)
    .set({ usedAt: sql`clock_timestamp()` })
    .where(and(eq(oneTimeTokens.digest, sha256(token)), isOpen))
    .returning({ digest: oneTimeTokens.digest });
  if (!isThere || used.length === 0) throw linkOver();
}

export function isSameAddress(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

function linkOver(): DomainError {
  return new DomainError(
    "malformed",
    "auth.link_over",
    "This link was used already, or it is too old. Ask for a new one.",
  );
}
