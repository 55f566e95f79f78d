import type { Db } from "@pitwall/db/database";
import { users } from "@pitwall/db/schema";
import { DomainError } from "@pitwall/domain/domain-error";
import { and, eq } from "drizzle-orm";
import type { AccountContext } from "../context.ts";
import { type OwnProfile, ownProfile } from "../internal/profiles.ts";
import { speakerId } from "../internal/speaker.ts";
import { admitProof } from "./attempts.ts";

export interface ProvenOwner {
  readonly user: OwnProfile;
  readonly passwordHash: string;
}

/** The speaker, who has proved again to be the account's owner: an access token alone may have been stolen. */
export async function provenOwner(ctx: AccountContext, password: string): Promise<ProvenOwner> {
  const userId = speakerId(ctx.actor);
  const attempt = await admitProof(ctx, userId);
  const [owner] = await ctx.db
    .select({ user: ownProfile, passwordHash: users.passwordHash })
    .from(users)
    .where(and(eq(users.id, userId), users.isActive));
  const isRight = await ctx.auth.passwords.matches(owner?.passwordHash ?? null, password);
  if (!owner || !isRight) throw wrongPassword();
  await attempt.wasRight();
  return owner;
}

/** Locks the owner's row, and refuses if the proof no longer holds: the password was changed meanwhile. */
export async function stillProven(tx: Db, { user, passwordHash }: ProvenOwner): Promise<void> {
  const locked = await tx
    .select({ id: users.id })
    .from(users)
    .where(and(eq(users.id, user.id), eq(users.passwordHash, passwordHash), users.isActive))
    .for("no key update");
  if (locked.length === 0) throw wrongPassword();
}

function wrongPassword(): DomainError {
  return new DomainError("forbidden", "auth.wrong_password", "That is not the password of your account. Try again.");
}
