import { sessions, users } from "@pitwall/db/schema";
import { DAY } from "@pitwall/domain/durations";
import { aUser } from "@pitwall/testing/builders";
import { test } from "@pitwall/testing/database";
import { eq } from "drizzle-orm";
import { describe, expect } from "vitest";
import { asGuest, contextAs } from "../context.fixture.ts";
import type { Mail, Mailer } from "../context.ts";
import { meanwhile } from "../meanwhile.fixture.ts";
import { authenticate } from "./authenticate.ts";
import { createPasswords } from "./passwords.ts";
import { aPlayer, bearing, password, reasonOf } from "./players.fixture.ts";
import { login, register } from "./sign-in.ts";

describe("registering", () => {
  test("opens an account and signs its owner in", async ({ database: { db } }) => {
    const input = { username: "Lights_Out", email: "Lights@Example.org", password, fullName: "Lena Licht" };
    const signedIn = await register(asGuest(db), input);
    expect(signedIn).toMatchObject({
      tokenType: "bearer",
      expiresIn: 1800,
      user: { username: "Lights_Out", email: "Lights@Example.org", fullName: "Lena Licht", role: "user" },
    });
    expect(await authenticate(asGuest(db), signedIn.accessToken)).toMatchObject({
      kind: "user",
      username: "Lights_Out",
    });
    const [row] = await db.select().from(users).where(eq(users.id, signedIn.user.id));
    expect(row?.passwordHash).toMatch(/^\$argon2id\$v=19\$m=8,t=1,p=1\$/);
    expect(row?.createdAt).toEqual(signedIn.user.since);
  });

  test("mails a link to the address that confirms it", async ({ database: { db } }) => {
    const mails: Mail[] = [];
    const mailer: Mailer = { send: async (mail) => void mails.push(mail) };
    const input = { username: "Post_Box", email: "post@example.org", password };
    await register({ ...asGuest(db), mailer }, input);
    await expect.poll(() => mails).toMatchObject([{ to: input.email, subject: expect.stringMatching(/^Confirm/) }]);
  });

  test("names every fault of the input at once", async ({ database: { db } }) => {
    const attempt = register(asGuest(db), { username: "Admin", email: "a@example.org", password: "short" });
    const { message, faults } = await attempt.catch((error) => error);
    expect(message).toBe(faults.map((fault: { message: string }) => fault.message).join(" "));
    await expect(attempt).rejects.toMatchObject({
      kind: "malformed",
      reason: "auth.invalid_registration",
      faults: expect.arrayContaining([
        expect.objectContaining({ field: "username" }),
        expect.objectContaining({ field: "password", reason: "password.too_short" }),
        expect.objectContaining({ field: "password", reason: "password.no_digit" }),
      ]),
    });
  });

  test("refuses a taken name or address without regard to case, and says which it is", async ({ database: { db } }) => {
    await aPlayer(db, { username: "Bob_the_first", email: "bob@example.org" });
    const attempt = (username: string, email: string) => register(asGuest(db), { username, email, password });
    const usernameTaken = { field: "username", reason: "auth.username_taken" };
    const emailTaken = { field: "email", reason: "auth.email_taken" };
    await expect(attempt("BOB_THE_FIRST", "other@example.org")).rejects.toMatchObject({
      kind: "conflict",
      reason: "auth.username_taken",
      faults: [usernameTaken],
    });
    await expect(attempt("bob_the_second", "BOB@EXAMPLE.ORG")).rejects.toMatchObject({
      reason: "auth.email_taken",
      faults: [emailTaken],
    });
    await expect(attempt("bob_the_first", "Bob@example.org")).rejects.toMatchObject({
      faults: [usernameTaken, emailTaken],
    });
  });

  test("gives a name and an address to one of eight who want both at once, and tells the others", async ({
    database: { db },
  }) => {
    const input = { username: "last_seat", email: "last.seat@example.org", password };
    const attempts = Array.from({ length: 8 }, () => register(asGuest(db), input));
    const refusals = (await Promise.allSettled(attempts)).flatMap((one) =>
      one.status === "rejected" ? [one.reason] : [],
    );
    expect(refusals).toHaveLength(7);
    for (const { faults } of refusals)
      expect(faults.map(({ field }: { field: string }) => field)).toEqual(["username", "email"]);
    expect(await db.$count(users, eq(users.username, "last_seat"))).toBe(1);
  });
});

describe("signing in", () => {
  test("works with the username or the address, in any case", async ({ database: { db } }) => {
    const { user } = await aPlayer(db);
    for (const name of [user.username, user.email, user.username.toUpperCase(), user.email.toUpperCase()])
      expect((await login(asGuest(db), { login: name, password })).user).toEqual(user);
  });

  test("gives the unknown, the mistaken and the deactivated one and the same answer", async ({ database: { db } }) => {
    const [known, inactive] = [await aPlayer(db), await aPlayer(db)];
    await db.update(users).set({ isActive: false }).where(eq(users.id, inactive.user.id));
    const attempts = [
      { login: "nobody_at_all", password },
      { login: known.user.username, password: "Wrong-Horse-7" },
      { login: inactive.user.username, password },
      { login: (await aUser(db)).username, password },
    ];
    const refusals = [];
    for (const attempt of attempts)
      refusals.push(await login(asGuest(db), attempt).catch((error) => ({ ...error, message: error.message })));
    expect(refusals[0]).toMatchObject({ kind: "unauthenticated", reason: "auth.wrong_credentials" });
    expect(refusals[0]?.message).toMatch(/^[A-Z].+\.$/);
    for (const refusal of refusals) expect(refusal).toEqual(refusals[0]);
  });

  test("lets nobody in who is locked out while the password is looked at", async ({ database: { db } }) => {
    const { user } = await aPlayer(db);
    const reason = await meanwhile(db, {
      first: (tx) => tx.update(users).set({ isActive: false }).where(eq(users.id, user.id)),
      second: () => reasonOf(login(asGuest(db), { login: user.username, password })),
    });
    expect(reason).toBe("auth.wrong_credentials");
  });

  test("remembers the device, cleaned and cut, and the address", async ({ database: { db } }) => {
    const { user } = await aPlayer(db);
    const device = `Pit\u0000 wall\u001b[31m\u0085${"x".repeat(300)}`;
    await login(contextAs(db, { kind: "guest", address: "2001:db8::7", device }), { login: user.username, password });
    const [row] = await db.select().from(sessions).where(eq(sessions.address, "2001:db8::7"));
    expect(row?.device).toBe(`Pit wall[31m${"x".repeat(188)}`);
    expect(row).toMatchObject({ userId: user.id, spentAt: null });
    const days = ((row?.expiresAt.getTime() ?? 0) - (row?.startedAt.getTime() ?? 0)) / DAY;
    expect(days).toBeCloseTo(30, 2);
  });

  test("begins a session of its own each time", async ({ database: { db } }) => {
    const first = await aPlayer(db);
    const second = await login(await bearing(db, first), { login: first.user.username, password });
    const [one, other] = [await bearing(db, first), await bearing(db, second)];
    expect(one.actor).not.toEqual(other.actor);
  });

  test("makes an old hash anew, once the password is known", async ({ database: { db } }) => {
    const old = await createPasswords({ memoryKib: 1024, passes: 1 }).hash(password);
    const user = await aUser(db, { passwordHash: old });
    const stored = async () => (await db.select().from(users).where(eq(users.id, user.id)))[0]?.passwordHash;
    await reasonOf(login(asGuest(db), { login: user.username, password: "Wrong-Horse-7" }));
    expect(await stored()).toBe(old);
    await login(asGuest(db), { login: user.username, password });
    const renewed = await stored();
    expect(renewed).toMatch(/^\$argon2id\$v=19\$m=8,t=1,p=1\$/);
    await login(asGuest(db), { login: user.username, password });
    expect(await stored()).toBe(renewed);
  });
});

test("the twenty-third of a rush is sent away before anything is asked or counted", async ({ database: { db } }) => {
  const { user } = await aPlayer(db);
  const ctx = asGuest(db);
  const rush = Array.from({ length: 23 }, () => reasonOf(login(ctx, { login: user.username, password })));
  const reasons = await Promise.all(rush);
  expect(reasons.filter((reason) => reason === "auth.busy")).toEqual([reasons.at(-1)]);
});
