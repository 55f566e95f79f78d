import { oneTimeTokens, sessions, users } from "@pitwall/db/schema";
import { test } from "@pitwall/testing/database";
import { and, eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect } from "vitest";
import { asGuest, contextAs } from "../context.fixture.ts";
import type { AccountContext } from "../context.ts";
import { type MailSink, startMailSink } from "../mail-sink.fixture.ts";
import { sessionsOf } from "./listing.ts";
import { changePassword, forgotPassword, resetPassword } from "./password-changes.ts";
import { aPlayer, bearing, isIn, password, reasonOf } from "./players.fixture.ts";
import { login, refresh } from "./sign-in.ts";

const newPassword = "Better-Horse-8";
const RESET = /Choose a new password/;

let sink: MailSink;
beforeAll(async () => {
  sink = await startMailSink();
});
afterAll(() => sink.close());

type Db = AccountContext["db"];

function guest(db: Db): AccountContext {
  return { ...asGuest(db), mailer: sink.mailer };
}

/** Asks for a link, and waits for the mail. */
async function aLink(db: Db, email: string, many = 1): Promise<string> {
  forgotPassword(guest(db), { email });
  return (await sink.mailTo(email, RESET, many)).token;
}

async function signIn(db: Db, username: string, word: string): Promise<string> {
  return reasonOf(login(asGuest(db), { login: username, password: word }));
}

describe("changing a password", () => {
  test("ends all other sessions, and this one goes on with new tokens", async ({ database: { db } }) => {
    const here = await aPlayer(db);
    const { username, email } = here.user;
    const there = await login(asGuest(db), { login: username, password });
    const ctx = await bearing(db, here);
    const before = (await sessionsOf(ctx)).items.find(({ isCurrent }) => isCurrent);
    const kept = await changePassword({ ...ctx, mailer: sink.mailer }, { oldPassword: password, newPassword });
    expect(kept).toMatchObject({ tokenType: "bearer", user: here.user });
    expect(await isIn(db, kept)).toBe(true);
    expect(await isIn(db, there)).toBe(false);
    expect(await reasonOf(refresh(asGuest(db), there))).toBe("auth.session_over");
    const { items } = await sessionsOf(await bearing(db, kept));
    expect(items).toMatchObject([{ id: before?.id, address: before?.address, isCurrent: true }]);
    expect(await signIn(db, username, password)).toBe("auth.wrong_credentials");
    expect(await signIn(db, username, newPassword)).toBe("let in");
    expect(await reasonOf(refresh(asGuest(db), kept))).toBe("let in");
    expect((await sink.mailTo(email, /was changed/)).text).toContain(username);
  });

  test("spends the refresh token that the session had", async ({ database: { db } }) => {
    const player = await aPlayer(db);
    await changePassword(await bearing(db, player), { oldPassword: password, newPassword });
    await db
      .update(sessions)
      .set({ spentAt: sql`spent_at - interval '1 second'` })
      .where(eq(sessions.userId, player.user.id));
    expect(await reasonOf(refresh(asGuest(db), player))).toBe("auth.refresh_reused");
  });

  test("asks for the old one, and leaves everything as it is without it", async ({ database: { db } }) => {
    const player = await aPlayer(db);
    const attempt = changePassword(await bearing(db, player), { oldPassword: "Wrong-Horse-7", newPassword });
    await expect(attempt).rejects.toMatchObject({ kind: "forbidden", reason: "auth.wrong_password" });
    expect(await signIn(db, player.user.username, password)).toBe("let in");
    expect(await reasonOf(refresh(asGuest(db), player))).toBe("let in");
  });

  test("lets nobody with a stolen access token guess for long", async ({ database: { db } }) => {
    const ctx = await bearing(db, await aPlayer(db));
    const reasons = [];
    for (let n = 0; n < 6; n += 1)
      reasons.push(await reasonOf(changePassword(ctx, { oldPassword: "Wrong-Horse-7", newPassword })));
    expect(reasons).toEqual([...Array(5).fill("auth.wrong_password"), "auth.too_many_attempts"]);
  });

  test("holds the new one to the rules, with the owner's names", async ({ database: { db } }) => {
    const player = await aPlayer(db, { username: "speedy_gonzo", email: "quickly@example.org" });
    const ctx = await bearing(db, player);
    const faultsOf = (word: string) =>
      changePassword(ctx, { oldPassword: password, newPassword: word }).catch(({ reason, faults }) => ({
        reason,
        faults: faults.map((fault: { field: string; reason: string }) => `${fault.field}: ${fault.reason}`),
      }));
    expect(await faultsOf("short")).toMatchObject({
      reason: "auth.invalid_password",
      faults: expect.arrayContaining(["newPassword: password.too_short", "newPassword: password.no_digit"]),
    });
    expect(await faultsOf("Speedy_Gonzo7")).toMatchObject({ faults: ["newPassword: password.contains_username"] });
    expect(await faultsOf("Quickly-7-Away")).toMatchObject({ faults: ["newPassword: password.contains_email"] });
  });

  test("is nothing for guests", async ({ database: { db } }) => {
    expect(await reasonOf(changePassword(asGuest(db), { oldPassword: password, newPassword }))).toBe("auth.required");
  });

  test("lets one of two at once through, and no sign-in with the old one survives it", async ({ database: { db } }) => {
    const player = await aPlayer(db);
    const [one, other] = [await bearing(db, player), await bearing(db, player)];
    const [first, second, ...signIns] = await Promise.allSettled([
      changePassword(one, { oldPassword: password, newPassword }),
      changePassword(other, { oldPassword: password, newPassword: "Third-Horse-9" }),
      ...Array.from({ length: 4 }, () => login(asGuest(db), { login: player.user.username, password })),
    ]);
    expect([first?.status, second?.status].toSorted()).toEqual(["fulfilled", "rejected"]);
    for (const attempt of signIns)
      if (attempt.status === "fulfilled" && "accessToken" in attempt.value)
        expect(await isIn(db, attempt.value)).toBe(false);
  });
});

describe("a forgotten password", () => {
  test("is replaced by a mailed link, which ends all sessions", async ({ database: { db } }) => {
    const player = await aPlayer(db);
    const { username, email } = player.user;
    const token = await aLink(db, email);
    expect(Buffer.from(token, "base64url")).toHaveLength(32);
    await resetPassword(guest(db), { token, newPassword });
    expect(await isIn(db, player)).toBe(false);
    expect(await reasonOf(refresh(asGuest(db), player))).toBe("auth.session_over");
    expect(await signIn(db, username, password)).toBe("auth.wrong_credentials");
    expect(await signIn(db, username, newPassword)).toBe("let in");
    expect((await sink.mailTo(email, /was changed/)).to).toBe(email);
  });

  test("is found by the address in any case, and its link leads to the public address", async ({
    database: { db },
  }) => {
    const { user } = await aPlayer(db);
    forgotPassword(guest(db), { email: user.email.toUpperCase() });
    expect((await sink.mailTo(user.email, RESET)).text).toContain("https://pitwall.test/links/reset-password#");
  });

  test("is kept as a digest alone", async ({ database: { db } }) => {
    const { user } = await aPlayer(db);
    const token = await aLink(db, user.email);
    const rows = await db.select().from(oneTimeTokens).where(eq(oneTimeTokens.userId, user.id));
    expect(rows.find(({ purpose }) => purpose === "reset_password")?.digest).toMatch(/^[0-9a-f]{64}$/);
    expect(JSON.stringify(rows)).not.toContain(token);
  });

  test("takes a link once, though eight use it at once", async ({ database: { db } }) => {
    const { user } = await aPlayer(db);
    const token = await aLink(db, user.email);
    const reasons = await Promise.all(
      Array.from({ length: 8 }, (_, n) =>
        reasonOf(resetPassword(guest(db), { token, newPassword: `Better-Horse-${n}` })),
      ),
    );
    expect(reasons.toSorted()).toEqual([...Array(7).fill("auth.link_over"), "let in"]);
    const winner = reasons.indexOf("let in");
    expect(await signIn(db, user.username, `Better-Horse-${winner}`)).toBe("let in");
  });

  test("takes no link that is an hour old", async ({ database: { db } }) => {
    const { user } = await aPlayer(db);
    const token = await aLink(db, user.email);
    const age = (by: string) =>
      db
        .update(oneTimeTokens)
        .set({ expiresAt: sql`${oneTimeTokens.expiresAt} - ${sql.raw(`interval '${by}'`)}` })
        .where(and(eq(oneTimeTokens.userId, user.id), eq(oneTimeTokens.purpose, "reset_password")));
    await age("59 minutes");
    expect(await reasonOf(resetPassword(guest(db), { token, newPassword: "weak" }))).toBe("auth.invalid_password");
    await age("1 minute");
    expect(await reasonOf(resetPassword(guest(db), { token, newPassword }))).toBe("auth.link_over");
  });

  test("takes the newest link alone", async ({ database: { db } }) => {
    const { user } = await aPlayer(db);
    const first = await aLink(db, user.email);
    const second = await aLink(db, user.email, 2);
    expect(await reasonOf(resetPassword(guest(db), { token: first, newPassword }))).toBe("auth.link_over");
    expect(await reasonOf(resetPassword(guest(db), { token: second, newPassword }))).toBe("let in");
  });

  test("takes no link from before the password was changed, and none for another purpose", async ({
    database: { db },
  }) => {
    const player = await aPlayer(db);
    const { user } = player;
    const token = await aLink(db, user.email);
    const sessionless = contextAs(db, { kind: "user", userId: user.id, username: user.username, sessionId: null });
    expect(await isIn(db, await changePassword(sessionless, { oldPassword: password, newPassword }))).toBe(true);
    expect(await isIn(db, player)).toBe(false);
    expect(await reasonOf(resetPassword(guest(db), { token, newPassword }))).toBe("auth.link_over");
    expect(await reasonOf(resetPassword(guest(db), { token: "nonsense", newPassword }))).toBe("auth.link_over");
  });

  test("leaves the link good when the new password is too weak", async ({ database: { db } }) => {
    const { user } = await aPlayer(db);
    const token = await aLink(db, user.email);
    expect(await reasonOf(resetPassword(guest(db), { token, newPassword: "weak" }))).toBe("auth.invalid_password");
    expect(await reasonOf(resetPassword(guest(db), { token, newPassword }))).toBe("let in");
  });

  test("is no way in for an account that was deactivated", async ({ database: { db } }) => {
    const { user } = await aPlayer(db);
    const token = await aLink(db, user.email);
    await db.update(users).set({ isActive: false }).where(eq(users.id, user.id));
    expect(await reasonOf(resetPassword(guest(db), { token, newPassword }))).toBe("auth.link_over");
  });

  test("answers before it looks, so a known address and an unknown one are told apart by nothing", async ({
    database: { db },
  }) => {
    const { user } = await aPlayer(db);
    for (const email of ["nobody@example.org", user.email])
      expect(forgotPassword(guest(db), { email })).toBeUndefined();
    await sink.mailTo(user.email, RESET);
    expect(sink.received.some(({ to }) => to === "nobody@example.org")).toBe(false);
  });

  test("fills nobody's letter box: after five mails in an hour there are no more", async ({ database: { db } }) => {
    const { user } = await aPlayer(db);
    const ctx = guest(db);
    for (let n = 1; n <= 5; n += 1) {
      forgotPassword(ctx, { email: user.email });
      await sink.mailTo(user.email, RESET, n);
    }
    const before = await db.select().from(oneTimeTokens).where(eq(oneTimeTokens.userId, user.id));
    forgotPassword(ctx, { email: user.email });
    await aLink(db, (await aPlayer(db)).user.email);
    expect(await db.select().from(oneTimeTokens).where(eq(oneTimeTokens.userId, user.id))).toEqual(before);
  });
});
