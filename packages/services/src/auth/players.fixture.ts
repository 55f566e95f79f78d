import type { Db } from "@pitwall/db/database";
import { DomainError } from "@pitwall/domain/domain-error";
import { expect } from "vitest";
import { asGuest, contextAs } from "../context.fixture.ts";
import type { AccountContext } from "../context.ts";
import { authenticate } from "./authenticate.ts";
import { register } from "./sign-in.ts";
import type { SignedIn } from "./signed-in.ts";

export const password = "Correct-Horse-7";

let serial = 0;

/** A new account, signed in at its registration. */
export async function aPlayer(db: Db, wanted: { username?: string; email?: string } = {}): Promise<SignedIn> {
  serial += 1;
  const username = wanted.username ?? `player_${serial}`;
  return register(asGuest(db), { username, email: wanted.email ?? `${username}@example.org`, password });
}

/** Whether the tokens of a sign-in still open anything. */
export async function isIn(db: Db, { accessToken }: SignedIn): Promise<boolean> {
  return (await authenticate(asGuest(db), accessToken)) !== null;
}

export async function bearing(db: Db, { accessToken }: SignedIn): Promise<AccountContext> {
  const actor = await authenticate(asGuest(db), accessToken);
  if (!actor) throw new Error("nobody is signed in");
  return contextAs(db, actor);
}

/** Why somebody was refused, who is told so in a whole sentence and with what to do. */
export async function reasonOf(attempt: Promise<unknown>): Promise<string> {
  return attempt.then(
    () => "let in",
    (error) => {
      if (!(error instanceof DomainError)) return error;
      expect(error).toMatchObject({ kind: expect.stringMatching(/./), message: expect.stringMatching(/^[A-Z].+\.$/) });
      return error.reason;
    },
  );
}
