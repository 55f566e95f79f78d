import { sessions, users } from "@pitwall/db/schema";
import { test } from "@pitwall/testing/database";
import { eq, sql } from "drizzle-orm";
import { describe, expect } from "vitest";
import { asGuest, asUser } from "../context.fixture.ts";
import { aPlayer, bearing, isIn, password, reasonOf } from "./players.fixture.ts";
import { login, logout, logoutAll, refresh, register } from "./sign-in.ts";
import { createTwins } from "./twins.ts";

describe("refreshing", () => {
  test("changes both tokens and goes on with the same session", async ({ database: { db } }) => {
    const first = await aPlayer(db);
    const second = await refresh(asGuest(db), first);
    expect(second).toMatchObject({ tokenType: "bearer", expiresIn: 1800, user: first.user });
    expect(second.refreshToken).not.toBe(first.refreshToken);
    expect((await bearing(db, second)).actor).toEqual((await bearing(db, first)).actor);
    await db.update(users).set({ emailVerifiedAt: new Date() }).where(eq(users.id, first.user.id));
    const third = await refresh(asGuest(db), second);
    expect(third.user).toEqual({ ...first.user, emailVerified: true });
    expect(await isIn(db, third)).toBe(true);
  });

  test("with a spent token ends the session, for the owner and for the thief", async ({ database: { db } }) => {
    const first = await aPlayer(db);
    const second = await refresh(asGuest(db), first);
    await expect(refresh(asGuest(db), first)).rejects.toMatchObject({
      kind: "unauthenticated",
      reason: "auth.refresh_reused",
    });
    expect(await isIn(db, second)).toBe(false);
    expect(await reasonOf(refresh(asGuest(db), second))).toBe("auth.session_over");
    expect(await reasonOf(refresh(asGuest(db), first))).toBe("auth.session_over");
  });

  test("ends no other session of the same user", async ({ database: { db } }) => {
    const first = await aPlayer(db);
    const elsewhere = await login(asGuest(db), { login: first.user.username, password });
    await refresh(asGuest(db), first);
    await reasonOf(refresh(asGuest(db), first));
    expect(await isIn(db, elsewhere)).toBe(true);
  });

  test("twenty times at once gives one next token, and the session lives on", async ({ database: { db } }) => {
    const first = await aPlayer(db);
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => refresh(asGuest(db), first)));
    const winners = outcomes.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
    expect(winners).toHaveLength(1);
    for (const one of outcomes)
      if (one.status === "rejected") expect(one.reason).toMatchObject({ reason: "auth.refresh_raced" });
    for (const winner of winners) expect(await isIn(db, await refresh(asGuest(db), winner))).toBe(true);
  });

  test("lets a twin off that came before the winner was answered, and no later one", async ({ database: { db } }) => {
    const first = await aPlayer(db);
    const arrivedAt = performance.now();
    const second = await refresh(asGuest(db), first);
    expect(await reasonOf(refresh({ ...asGuest(db), arrivedAt }, first))).toBe("auth.refresh_raced");
    expect(await isIn(db, second)).toBe(true);
    expect(await reasonOf(refresh({ ...asGuest(db), arrivedAt: performance.now() }, first))).toBe(
      "auth.refresh_reused",
    );
    expect(await isIn(db, second)).toBe(false);
  });

  test("lets a twin off whose winner was on another server, and no later one", async ({ database: { db } }) => {
    const first = await aPlayer(db);
    const arrivedAt = performance.now();
    const second = await refresh(asGuest(db), first);
    const auth = { ...asGuest(db).auth, twins: createTwins() };
    expect(await reasonOf(refresh({ ...asGuest(db), auth, arrivedAt }, first))).toBe("auth.refresh_raced");
    expect(await isIn(db, second)).toBe(true);
    expect(await reasonOf(refresh({ ...asGuest(db), auth }, first))).toBe("auth.refresh_reused");
  });

  test("is refused with an access token, a digest from the table, and anything else", async ({ database: { db } }) => {
    const { accessToken, user } = await aPlayer(db);
    const [row] = await db.select().from(sessions).where(eq(sessions.userId, user.id));
    for (const refreshToken of [accessToken, row?.id ?? "", row?.family ?? "", "", "x".repeat(5000)])
      expect(await reasonOf(refresh(asGuest(db), { refreshToken }))).toBe("auth.session_over");
  });

  test("is over after thirty days of rest", async ({ database: { db } }) => {
    const first = await aPlayer(db);
    await db
      .update(sessions)
      .set({ expiresAt: sql`expires_at - interval '30 days'` })
      .where(eq(sessions.userId, first.user.id));
    expect(await isIn(db, first)).toBe(false);
    expect(await reasonOf(refresh(asGuest(db), first))).toBe("auth.session_over");
  });

  test("is over ninety days after the sign-in, however often it was used", async ({ database: { db } }) => {
    const first = await aPlayer(db);
    const older = (days: number) =>
      db
        .update(sessions)
        .set({ startedAt: sql`started_at - ${days} * interval '1 day'` })
        .where(eq(sessions.userId, first.user.id));
    await older(89);
    const second = await refresh(asGuest(db), first);
    const [live] = await db.select().from(sessions).where(sql`user_id = ${first.user.id} and spent_at is null`);
    expect(Number(live?.expiresAt) - Date.now()).toBeLessThanOrEqual(24 * 60 * 60 * 1000);
    await older(1);
    expect(await isIn(db, second)).toBe(false);
    expect(await reasonOf(refresh(asGuest(db), second))).toBe("auth.session_over");
  });

  test("is over for whoever was deactivated", async ({ database: { db } }) => {
    const first = await aPlayer(db);
    await db.update(users).set({ isActive: false }).where(eq(users.id, first.user.id));
    expect(await reasonOf(refresh(asGuest(db), first))).toBe("auth.session_over");
  });
});

describe("signing out", () => {
  test("ends the session at once, access tokens included, and no other", async ({ database: { db } }) => {
    const first = await aPlayer(db);
    const elsewhere = await login(asGuest(db), { login: first.user.username, password });
    const refreshed = await refresh(asGuest(db), first);
    await logout(await bearing(db, refreshed));
    for (const old of [first, refreshed]) {
      expect(await isIn(db, old)).toBe(false);
      expect(await reasonOf(refresh(asGuest(db), old))).toBe("auth.session_over");
    }
    expect(await isIn(db, elsewhere)).toBe(true);
  });

  test("everywhere ends all of mine and nobody else's", async ({ database: { db } }) => {
    const [mine, theirs] = [await aPlayer(db), await aPlayer(db)];
    const elsewhere = await login(asGuest(db), { login: mine.user.username, password });
    await logoutAll(await bearing(db, mine));
    expect(await isIn(db, mine)).toBe(false);
    expect(await isIn(db, elsewhere)).toBe(false);
    expect(await isIn(db, theirs)).toBe(true);
  });

  test("holds against refreshes that are under way", async ({ database: { db } }) => {
    for (let round = 0; round < 5; round += 1) {
      const first = await aPlayer(db);
      const ctx = await bearing(db, first);
      const [refreshed] = await Promise.allSettled([refresh(asGuest(db), first), logout(ctx)]);
      if (refreshed.status === "fulfilled") expect(await isIn(db, refreshed.value)).toBe(false);
      expect(await db.$count(sessions, eq(sessions.userId, first.user.id))).toBe(0);
    }
  });

  test("asks guests to sign in, and ends nothing for a person who speaks without a session", async ({
    database: { db },
  }) => {
    const signedIn = await aPlayer(db);
    await expect(logout(asGuest(db))).rejects.toMatchObject({ kind: "unauthenticated", reason: "auth.required" });
    await expect(logoutAll(asGuest(db))).rejects.toMatchObject({ kind: "unauthenticated" });
    await logout(asUser(db, signedIn.user));
    expect(await isIn(db, signedIn)).toBe(true);
  });
});

test("whatever becomes of a session is written down, and by whom", async ({ database: { db } }) => {
  const said: unknown[] = [];
  const note = (...words: unknown[]) => void said.push(words);
  const log = { info: note, warn: note, error: note };
  const who = { username: "prost", email: "prost@example.org", password };
  const { user } = await register({ ...asGuest(db), log }, who);
  const userId = user.id;
  await reasonOf(login({ ...asGuest(db), log }, { login: user.username, password: "Wrong-Horse-7" }));
  const first = await login({ ...asGuest(db), log }, { login: user.username, password });
  const speaker = await bearing(db, first);
  const sessionId = speaker.actor.kind === "user" ? speaker.actor.sessionId : null;
  await logout({ ...speaker, log });
  await logoutAll({ ...speaker, log });
  const again = await login(asGuest(db), { login: user.username, password });
  await refresh(asGuest(db), again);
  expect(await reasonOf(refresh({ ...asGuest(db), log }, again))).toBe("auth.refresh_reused");
  expect(said).toEqual([
    ["an account was opened", { userId, sessionId: expect.stringMatching(/^[\da-f-]+$/) }],
    ["a sign-in failed", { userId, wasPasswordRight: false }],
    ["somebody signed in", { userId, sessionId }],
    ["a session was ended", { userId, sessionId }],
    ["all sessions of an account were ended", { userId }],
    [
      "a spent refresh token came back; its session is ended",
      { userId, sessionId: expect.stringMatching(/^[\da-f-]+$/) },
    ],
  ]);
});
