import type { Db } from "@pitwall/db/database";
import { users } from "@pitwall/db/schema";
import { DomainError, type FieldFault } from "@pitwall/domain/domain-error";
import { or, sql } from "drizzle-orm";
import { type OwnProfile, ownProfile } from "./profiles.ts";

export interface NewUser {
  readonly username: string;
  readonly email: string;
  readonly fullName?: string | undefined;
  readonly role?: "user" | "admin";
  readonly passwordHash: string;
}

/** The unique indexes decide between two at once; the loser hears which of the fields were taken. */
export async function insertUser(
  db: Db,
  { username, email, fullName, role = "user", passwordHash }: NewUser,
): Promise<OwnProfile> {
  const [user] = await db
    .insert(users)
    .values({ username, email, fullName: fullName || null, role, passwordHash })
    .onConflictDoNothing()
    .returning(ownProfile);
  if (user) return user;
  throw alreadyTaken(await takenFields(db, { username, email }));
}

/** Says so before the costly hashing. */
export async function refuseTaken(db: Db, wanted: Pick<NewUser, "username" | "email">): Promise<void> {
  const faults = await takenFields(db, wanted);
  if (faults.length > 0) throw alreadyTaken(faults);
}

async function takenFields(db: Db, { username, email }: Pick<NewUser, "username" | "email">): Promise<TakenFault[]> {
  const hasUsername = sql<boolean>`lower(${users.username}) = lower(${username})`;
  const hasEmail = sql<boolean>`lower(${users.email}) = lower(${email})`;
  const holders = await db.select({ hasUsername, hasEmail }).from(users).where(or(hasUsername, hasEmail));
  return [
    ...(holders.some((holder) => holder.hasUsername) ? [usernameTaken] : []),
    ...(holders.some((holder) => holder.hasEmail) ? [emailTaken] : []),
  ];
}

interface TakenFault extends FieldFault {
  readonly reason: "auth.username_taken" | "auth.email_taken";
}

const usernameTaken: TakenFault = {
  field: "username",
  reason: "auth.username_taken",
  message: "This username is taken. Choose another one.",
};

const emailTaken: TakenFault = {
  field: "email",
  reason: "auth.email_taken",
  message: "There is an account with this e-mail address already. Sign in to it, or use another address.",
};

export function emailIsTaken(): DomainError {
  return alreadyTaken([emailTaken]);
}

function alreadyTaken(faults: readonly TakenFault[]): DomainError {
  const { reason } = faults[0] ?? usernameTaken;
  return new DomainError("conflict", reason, faults.map(({ message }) => message).join(" "), { faults });
}
