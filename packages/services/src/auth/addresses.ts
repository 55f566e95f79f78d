import { withTx } from "@pitwall/db/database";
import { users } from "@pitwall/db/schema";
import { DomainError } from "@pitwall/domain/domain-error";
import { and, eq, sql } from "drizzle-orm";
import type { AccountContext } from "../context.ts";
import { refusing } from "../internal/breaches.ts";
import { emailIsTaken } from "../internal/new-users.ts";
import { speakerId } from "../internal/speaker.ts";
import { admitMail } from "./attempts.ts";
import { closeLinks, isSameAddress, linkOf, openLink, useLink } from "./links.ts";
import { changeMail, changeNotice, post, verificationMail } from "./mails.ts";
import { provenOwner, stillProven } from "./proof.ts";

/** Mails the link again that confirms the speaker's address. */
export async function requestEmailVerification(ctx: AccountContext): Promise<void> {
  const userId = speakerId(ctx.actor);
  const [user] = await ctx.db
    .select({ username: users.username, email: users.email, verifiedAt: users.emailVerifiedAt })
    .from(users)
    .where(and(eq(users.id, userId), users.isActive));
  if (!user) throw new DomainError("not_found", "user.not_found", "There is no such user.");
  if (user.verifiedAt)
    throw new DomainError("conflict", "auth.email_verified", "Your e-mail address is confirmed already.");
  await admitMail(ctx, userId, "verify_email");
  const token = await withTx(ctx.db, (db) => openLink(db, { userId, purpose: "verify_email", email: user.email }));
  post(ctx, verificationMail(ctx, user, token));
}

/**
 * Mails a link to the new address, and a notice to the one that the account has until the link is used. That the new
 * address belongs to another account is told only to whoever reads its mail.
 */
export async function changeEmail(
  ctx: AccountContext,
  input: { readonly newEmail: string; readonly password: string },
): Promise<void> {
  const owner = await provenOwner(ctx, input.password);
  const { user } = owner;
  const email = input.newEmail;
  if (isSameAddress(email, user.email))
    throw new DomainError("conflict", "auth.email_unchanged", "Your account has this e-mail address already.");
  await admitMail(ctx, user.id, "change_email");
  const token = await withTx(ctx.db, async (db) => {
    await stillProven(db, owner);
    return openLink(db, { userId: user.id, purpose: "change_email", email });
  });
  post(ctx, changeMail(ctx, { username: user.username, email }, token));
  post(ctx, changeNotice(user));
}

/** Confirms the address that a link was sent to, and completes the change to it if one was asked for. */
export async function verifyEmail(ctx: AccountContext, input: { readonly token: string }): Promise<void> {
  const link = await linkOf(ctx.db, input.token, ["verify_email", "change_email"]);
  const isChange = link.purpose === "change_email";
  const confirm = () =>
    withTx(ctx.db, async (db) => {
      await useLink(db, input.token, link);
      await db
        .update(users)
        .set({ emailVerifiedAt: sql`clock_timestamp()`, ...(isChange && { email: link.sentTo }) })
        .where(eq(users.id, link.userId));
      if (isChange) await closeLinks(db, link.userId, ["reset_password", "verify_email"]);
    });
  await refusing(confirm, { users_email_unique: emailIsTaken });
  if (isChange) ctx.log.info("an account has another address", { userId: link.userId });
}
