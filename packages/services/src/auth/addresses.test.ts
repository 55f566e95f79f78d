import { oneTimeTokens, users } from "@pitwall/db/schema";
import { test } from "@pitwall/testing/database";
import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect } from "vitest";
import { asGuest, contextAs } from "../context.fixture.ts";
import type { AccountContext } from "../context.ts";
import { type MailSink, startMailSink } from "../mail-sink.fixture.ts";
import { changeEmail, requestEmailVerification, verifyEmail } from "./addresses.ts";
import { changePassword, forgotPassword, resetPassword } from "./password-changes.ts";
import { aPlayer, password, reasonOf } from "./players.fixture.ts";
import { login, register } from "./sign-in.ts";

type Db = AccountContext["db"];

const CONFIRM = /Confirm your e-mail/;
const CONFIRM_NEW = /Confirm your new/;
const NOTICE = /about to change/;

let sink: MailSink;
beforeAll(async () => {
  sink = await startMailSink();
});
afterAll(() => sink.close());

function guest(db: Db): AccountContext {
  return { ...asGuest(db), mailer: sink.mailer };
}

interface Owner {
  readonly id: string;
  readonly username: string;
  readonly email: string;
}

function as(db: Db, { id: userId, username }: Owner): AccountContext {
  return contextAs(db, { kind: "user", userId, username, sessionId: null }, { mailer: sink.mailer });
}

async function stored(db: Db, { id }: Owner) {
  const [row] = await db.select().from(users).where(eq(users.id, id));
  return { email: row?.email, isVerified: row?.emailVerifiedAt instanceof Date };
}

/** Asks for a change, and answers the link that came to the new address. */
async function aChange(db: Db, user: Owner, newEmail: string, many = 1): Promise<string> {
  await changeEmail(as(db, user), { newEmail, password });
  return (await sink.mailTo(newEmail, CONFIRM_NEW, many)).token;
}

describe("confirming an address", () => {
  test("is asked for when an account is opened, and done by the link", async ({ database: { db } }) => {
    const { user } = await register(guest(db), { username: "fresh_one", email: "fresh@example.org", password });
    expect(await stored(db, user)).toEqual({ email: user.email, isVerified: false });
    const { token } = await sink.mailTo(user.email, CONFIRM);
    await verifyEmail(guest(db), { token });
    expect(await stored(db, user)).toEqual({ email: user.email, isVerified: true });
    expect(await reasonOf(verifyEmail(guest(db), { token }))).toBe("auth.link_over");
  });

  test("can be asked for again, which ends the earlier link", async ({ database: { db } }) => {
    const { user } = await register(guest(db), { username: "again_please", email: "again@example.org", password });
    const first = await sink.mailTo(user.email, CONFIRM);
    await requestEmailVerification(as(db, user));
    const second = await sink.mailTo(user.email, CONFIRM, 2);
    expect(await reasonOf(verifyEmail(guest(db), first))).toBe("auth.link_over");
    expect(await reasonOf(verifyEmail(guest(db), second))).toBe("let in");
    expect(await reasonOf(requestEmailVerification(as(db, user)))).toBe("auth.email_verified");
  });

  test("is asked for five times an hour at most", async ({ database: { db } }) => {
    const { user } = await aPlayer(db);
    const ctx = as(db, user);
    const reasons = [];
    for (let n = 0; n < 6; n += 1) reasons.push(await reasonOf(requestEmailVerification(ctx)));
    expect(reasons).toEqual([...Array(5).fill("let in"), "auth.too_many_mails"]);
  });

  test("goes by no link of another purpose, and none that is a day old", async ({ database: { db } }) => {
    const { user } = await register(guest(db), { username: "late_again", email: "late@example.org", password });
    const { token } = await sink.mailTo(user.email, CONFIRM);
    expect(await reasonOf(resetPassword(guest(db), { token, newPassword: "Better-Horse-8" }))).toBe("auth.link_over");
    await db
      .update(oneTimeTokens)
      .set({ expiresAt: sql`${oneTimeTokens.expiresAt} - interval '1 day'` })
      .where(eq(oneTimeTokens.userId, user.id));
    expect(await reasonOf(verifyEmail(guest(db), { token }))).toBe("auth.link_over");
  });

  test("is nothing for guests to ask for", async ({ database: { db } }) => {
    expect(await reasonOf(requestEmailVerification(guest(db)))).toBe("auth.required");
  });
});

describe("changing an address", () => {
  test("happens when the link in the mail to the new one is used, and the old one is told", async ({
    database: { db },
  }) => {
    const { user } = await aPlayer(db);
    const token = await aChange(db, user, "moved@example.org");
    expect((await sink.mailTo(user.email, NOTICE)).token).toBe("");
    expect(await stored(db, user)).toEqual({ email: user.email, isVerified: false });
    await verifyEmail(guest(db), { token });
    expect(await stored(db, user)).toEqual({ email: "moved@example.org", isVerified: true });
    expect(await reasonOf(login(asGuest(db), { login: "moved@example.org", password }))).toBe("let in");
    expect(await reasonOf(verifyEmail(guest(db), { token }))).toBe("auth.link_over");
  });

  test("needs the password, and another address than now", async ({ database: { db } }) => {
    const { user } = await aPlayer(db);
    const attempt = (newEmail: string, word: string) =>
      reasonOf(changeEmail(as(db, user), { newEmail, password: word }));
    expect(await attempt("elsewhere@example.org", "Wrong-Horse-7")).toBe("auth.wrong_password");
    expect(await attempt(user.email.toUpperCase(), password)).toBe("auth.email_unchanged");
    expect(await reasonOf(changeEmail(guest(db), { newEmail: "x@example.org", password }))).toBe("auth.required");
    expect(sink.received.some(({ to }) => to === "elsewhere@example.org")).toBe(false);
  });

  test("tells nobody but the reader of its mail that an address is taken", async ({ database: { db } }) => {
    const [{ user }, { user: holder }] = [await aPlayer(db), await aPlayer(db)];
    const token = await aChange(db, user, holder.email.replace("player", "Player"));
    await expect(verifyEmail(guest(db), { token })).rejects.toMatchObject({
      kind: "conflict",
      reason: "auth.email_taken",
    });
    expect(await stored(db, user)).toMatchObject({ email: user.email });
  });

  test("gives an address that two want to one of them", async ({ database: { db } }) => {
    const [{ user }, { user: rival }] = [await aPlayer(db), await aPlayer(db)];
    const one = await aChange(db, user, "wanted@example.org");
    const other = await aChange(db, rival, "wanted@example.org", 2);
    const reasons = await Promise.all([one, other].map((token) => reasonOf(verifyEmail(guest(db), { token }))));
    expect(reasons.toSorted()).toEqual(["auth.email_taken", "let in"]);
  });

  test("is called off by a change of the password", async ({ database: { db } }) => {
    const { user } = await aPlayer(db);
    const token = await aChange(db, user, "thief@example.org");
    await changePassword(as(db, user), { oldPassword: password, newPassword: "Better-Horse-8" });
    expect(await reasonOf(verifyEmail(guest(db), { token }))).toBe("auth.link_over");
  });

  test("ends the links that went to the old address", async ({ database: { db } }) => {
    const { user } = await register(guest(db), { username: "old_links", email: "old.links@example.org", password });
    const confirm = await sink.mailTo(user.email, CONFIRM);
    forgotPassword(guest(db), { email: user.email });
    const { token } = await sink.mailTo(user.email, /Choose/);
    await verifyEmail(guest(db), { token: await aChange(db, user, "new.links@example.org") });
    expect(await reasonOf(resetPassword(guest(db), { token, newPassword: "Better-Horse-8" }))).toBe("auth.link_over");
    expect(await reasonOf(verifyEmail(guest(db), confirm))).toBe("auth.link_over");
  });
});
