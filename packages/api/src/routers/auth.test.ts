import { authenticate } from "@pitwall/services/auth/authenticate";
import { asGuest, contextAs } from "@pitwall/services/context.fixture";
import { test } from "@pitwall/testing/database";
import { describe, expect } from "vitest";
import { guest } from "../play.fixture.ts";
import { type Caller, callerFor } from "../router.ts";

const password = "Correct-Horse-7";
let serial = 0;

function someone() {
  serial += 1;
  return { username: `anna_${serial}`, email: `anna_${serial}@example.org`, password };
}

async function bearing(db: Parameters<typeof guest>[0], accessToken: string): Promise<Caller> {
  const actor = await authenticate(asGuest(db), accessToken);
  if (!actor) throw new Error("the token opens nothing");
  return callerFor(contextAs(db, actor));
}

describe("registering", () => {
  test("opens an account and signs in", async ({ database: { db } }) => {
    const wanted = someone();
    const signedIn = await guest(db).auth.register({ ...wanted, fullName: "Anna Ö" });
    expect(signedIn).toMatchObject({
      tokenType: "bearer",
      expiresIn: 1800,
      user: { username: wanted.username, role: "user", fullName: "Anna Ö" },
    });
    expect(await (await bearing(db, signedIn.accessToken)).auth.me()).toEqual(signedIn.user);
  });

  test("refuses what breaks the rules of accounts, all at once", async ({ database: { db } }) => {
    const attempt = guest(db).auth.register({ username: "admin", email: "a@example.org", password: "short" });
    await expect(attempt).rejects.toMatchObject({ fault: { status: 400, reason: "auth.invalid_registration" } });
    await attempt.catch(({ fault }) => expect(fault.errors.length).toBeGreaterThan(2));
  });

  test("names the field that is taken", async ({ database: { db } }) => {
    const wanted = someone();
    await guest(db).auth.register(wanted);
    await expect(guest(db).auth.register({ ...wanted, email: "else@example.org" })).rejects.toMatchObject({
      fault: { status: 409, errors: [{ field: "username" }] },
    });
  });

  test("takes nobody's word for what they are", async ({ database: { db } }) => {
    const grab = { ...someone(), role: "admin", isActive: true };
    await expect(guest(db).auth.register(grab)).rejects.toMatchObject({
      fault: { status: 400, errors: [{ field: "role", reason: "field.unknown" }, { field: "isActive" }] },
    });
  });
});

describe("signing in", () => {
  test("takes a username or an e-mail address", async ({ database: { db } }) => {
    const { username, email } = someone();
    await guest(db).auth.register({ username, email, password });
    for (const login of [username, email.toUpperCase()])
      expect(await guest(db).auth.login({ login, password })).toMatchObject({ user: { username, email } });
  });

  test("refuses a wrong password and an unknown name in the same words", async ({ database: { db } }) => {
    const { username, email } = someone();
    await guest(db).auth.register({ username, email, password });
    const refusals = [username, "nobody_at_all"].map((login) =>
      guest(db)
        .auth.login({ login, password: "Wrong-Horse-7" })
        .catch(({ fault }) => fault),
    );
    const [wrong, unknown] = await Promise.all(refusals);
    expect(wrong).toMatchObject({ status: 401, reason: "auth.wrong_credentials" });
    expect(unknown).toEqual(wrong);
  });
});

describe("a session", () => {
  test("is refreshed once for each refresh token", async ({ database: { db } }) => {
    const { refreshToken } = await guest(db).auth.register(someone());
    const next = await guest(db).auth.refresh({ refreshToken });
    expect(next.refreshToken).not.toBe(refreshToken);
    await expect(guest(db).auth.refresh({ refreshToken })).rejects.toMatchObject({ fault: { status: 401 } });
  });

  test("is listed, and ended by its owner alone", async ({ database: { db } }) => {
    const wanted = someone();
    const { accessToken } = await guest(db).auth.register(wanted);
    await guest(db).auth.login({ login: wanted.username, password });
    const mine = await bearing(db, accessToken);
    const { items } = await mine.auth.sessions();
    expect(items.map(({ isCurrent }) => isCurrent).toSorted()).toEqual([false, true]);

    const other = items.find(({ isCurrent }) => !isCurrent)?.id ?? "";
    const stranger = await guest(db).auth.register(someone());
    const attempt = (await bearing(db, stranger.accessToken)).auth.endSession({ id: other });
    await expect(attempt).rejects.toMatchObject({ fault: { status: 404, reason: "session.not_found" } });

    expect(await mine.auth.endSession({ id: other })).toEqual({});
    expect((await mine.auth.sessions()).items).toHaveLength(1);
  });

  test("is over at once after a sign-out, here or everywhere", async ({ database: { db } }) => {
    const wanted = someone();
    const { accessToken } = await guest(db).auth.register(wanted);
    const second = await guest(db).auth.login({ login: wanted.username, password });
    const third = await guest(db).auth.login({ login: wanted.username, password });
    await (await bearing(db, accessToken)).auth.logout();
    await expect(bearing(db, accessToken)).rejects.toThrow("opens nothing");
    await (await bearing(db, second.accessToken)).auth.logoutAll();
    await expect(bearing(db, third.accessToken)).rejects.toThrow("opens nothing");
  });
});
