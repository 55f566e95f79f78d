import { type Db, withTx } from "@pitwall/db/database";
import { sessions, users } from "@pitwall/db/schema";
import { DomainError } from "@pitwall/domain/domain-error";
import { and, eq, isNull, sql } from "drizzle-orm";
import type { AccountContext } from "../context.ts";
import { afterwards } from "../internal/afterwards.ts";
import { endSessions } from "../internal/end-sessions.ts";
import { passwordFaults } from "../internal/password-rules.ts";
import { secondsUntilMail } from "./attempts.ts";
import { closeLinks, linkOf, openLink, useLink } from "./links.ts";
import { passwordNotice, post, resetMail } from "./mails.ts";
import { provenOwner, stillProven } from "./proof.ts";
import { keepOneSession } from "./rotation.ts";
import { type SignedIn, signedIn } from "./signed-in.ts";

/** Ends all other sessions of the speaker. This one goes on with the tokens of the answer; its refresh token is spent. */
export async function changePassword(
  ctx: AccountContext,
  input: { readonly oldPassword: string; readonly newPassword: string },
): Promise<SignedIn> {
  const owner = await provenOwner(ctx, input.oldPassword);
  const { user } = owner;
  refuseWeak(input.newPassword, user);
  const passwordHash = await ctx.auth.passwords.hash(input.newPassword);
  const session = await withTx(ctx.db, async (db) => {
    await stillProven(db, owner);
    await setPassword(db, user.id, passwordHash);
    const kept = await keepOneSession(db, user.id, ctx.actor);
    if (!kept) throw new DomainError("unauthenticated", "auth.session_over", "This session is over. Sign in again.");
    return kept;
  });
  await ctx.auth.bearers.revoked(ctx, user.id);
  ctx.log.info("a password was changed", { userId: user.id });
  post(ctx, passwordNotice(user));
  return signedIn(ctx, session, user);
}

/**
 * Mails a link for a new password, if anybody has this address. All of it happens after the answer, which so is the same,
 * and takes the same time, for a known address and for an unknown one.
 */
export function forgotPassword(ctx: AccountContext, input: { readonly email: string }): void {
  afterwards(ctx, "mailing a link for a new password", () => mailReset(ctx, input.email));
}

async function mailReset(ctx: AccountContext, email: string): Promise<void> {
  const [user] = await ctx.db
    .select({ id: users.id, username: users.username, email: users.email })
    .from(users)
    .where(and(sql`lower(${users.email}) = lower(${email})`, users.isActive, isNull(users.deletedAt)));
  if (!user || (await secondsUntilMail(ctx, user.id, "reset_password")) > 0) return;
  const token = await withTx(ctx.db, (db) =>
    openLink(db, { userId: user.id, purpose: "reset_password", email: user.email }),
  );
  await ctx.mailer.send(resetMail(ctx, user, token));
}

/** Sets a password by a mailed link, and ends all sessions of its owner. Nobody is signed in by it. */
export async function resetPassword(
  ctx: AccountContext,
  input: { readonly token: string; readonly newPassword: string },
): Promise<void> {
  const link = await linkOf(ctx.db, input.token, ["reset_password"]);
  refuseWeak(input.newPassword, link);
  const passwordHash = await ctx.auth.passwords.hash(input.newPassword);
  await withTx(ctx.db, async (db) => {
    await useLink(db, input.token, link);
    await setPassword(db, link.userId, passwordHash);
    await endSessions(db, eq(sessions.userId, link.userId));
  });
  await ctx.auth.bearers.revoked(ctx, link.userId);
  ctx.log.info("a password was reset by a mailed link", { userId: link.userId });
  post(ctx, passwordNotice(link));
}

/** Links that somebody else may have asked for lead nowhere from now on. */
async function setPassword(tx: Db, userId: string, passwordHash: string): Promise<void> {
  await tx.update(users).set({ passwordHash }).where(eq(users.id, userId));
  await closeLinks(tx, userId, ["reset_password", "change_email"]);
}

function refuseWeak(newPassword: string, owner: { readonly username: string; readonly email: string }): void {
  const faults = passwordFaults(newPassword, owner).map((fault) => ({ ...fault, field: "newPassword" }));
  if (faults.length === 0) return;
  throw new DomainError("malformed", "auth.invalid_password", faults.map(({ message }) => message).join(" "), {
    faults,
  });
}
