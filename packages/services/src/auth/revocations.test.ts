import { openDatabase } from "@pitwall/db/database";
import { sessions } from "@pitwall/db/schema";
import { aUser } from "@pitwall/testing/builders";
import { test } from "@pitwall/testing/database";
import { and, eq, isNotNull, sql } from "drizzle-orm";
import { expect, onTestFinished } from "vitest";
import { changeUser } from "../admin/users.ts";
import type { Log } from "../context.ts";
import { BEARERS } from "./bearers.ts";
import { openLink } from "./links.ts";
import { endSession, sessionsOf } from "./listing.ts";
import { changePassword, resetPassword } from "./password-changes.ts";
import { aPlayer, password, reasonOf } from "./players.fixture.ts";
import { removeAccount } from "./removal.ts";
import { aServer, deafen } from "./servers.fixture.ts";
import { openSession } from "./sessions.ts";
import { login, logout, logoutAll, refresh } from "./sign-in.ts";
import type { SignedIn } from "./signed-in.ts";

type Server = Awaited<ReturnType<typeof aServer>>;

const system = { kind: "system", name: "installation" } as const;
const newPassword = "Better-Horse-8";

/** What is done on one server to somebody who is signed in. */
const ACTS: Record<string, (server: Server, player: SignedIn) => Promise<unknown>> = {
  "signing out": async ({ bearing }, player) => logout(await bearing(player)),
  "signing out everywhere": async ({ bearing }, player) => logoutAll(await bearing(player)),
  "ending a session in the list": async ({ bearing }, player) => {
    const ctx = await bearing(player);
    const { items } = await sessionsOf(ctx);
    await endSession(ctx, { id: items[0]?.id ?? "" });
  },
  "changing the password on another device": async ({ bearing, asGuest }, { user }) => {
    const there = await login(asGuest(), { login: user.username, password });
    await changePassword(await bearing(there), { oldPassword: password, newPassword });
  },
  "setting a password by a mailed link": async ({ asGuest }, { user }) => {
    const ctx = asGuest();
    const token = await openLink(ctx.db, { userId: user.id, purpose: "reset_password", email: user.email });
    await resetPassword(ctx, { token, newPassword });
  },
  "using a refresh token twice": async ({ asGuest }, { refreshToken, user }) => {
    const ctx = asGuest();
    await refresh(ctx, { refreshToken });
    await ctx.db
      .update(sessions)
      .set({ spentAt: sql`spent_at - interval '1 second'` })
      .where(and(eq(sessions.userId, user.id), isNotNull(sessions.spentAt)));
    expect(await reasonOf(refresh(ctx, { refreshToken }))).toBe("auth.refresh_reused");
  },
  "deleting the account": async ({ bearing }, player) => removeAccount(await bearing(player), { password }),
  "deactivating the account": async ({ as }, { user }) => changeUser(as(system), { id: user.id, isActive: false }),
};

test.for(Object.entries(ACTS))("%s on one server holds on every other at once", async ([, act], { database }) => {
  const [here, there] = await Promise.all([aServer(database), aServer(database)]);
  const player = await aPlayer(database.db);
  for (const server of [here, there]) expect(await server.whoBears(player)).not.toBeNull();
  await act(here, player);
  for (const server of [there, here]) expect(await server.whoBears(player)).toBeNull();
});

test("making somebody an admin on one server holds on every other at once", async ({ database }) => {
  const [here, there] = await Promise.all([aServer(database), aServer(database)]);
  const player = await aPlayer(database.db);
  await there.whoBears(player);
  await aUser(database.db, { role: "admin" });
  for (const [role, tier] of [
    ["admin", "premium"],
    ["user", "standard"],
  ] as const) {
    await changeUser(here.as(system), { id: player.user.id, role, tier });
    expect(await there.whoBears(player)).toMatchObject({ kind: role, tier });
  }
});

test("two hundred who sign out on one server and go to another straight away are let in nowhere", async ({
  database,
}) => {
  const servers = await Promise.all([aServer(database), aServer(database), aServer(database)]);
  const { user } = await aPlayer(database.db);
  for (let round = 0; round < 200; round += 1) {
    const guest = { kind: "guest", address: null, device: null } as const;
    const { sessionId } = await openSession(database.db, user.id, guest);
    const [here, ...others] = [...servers.slice(round % 3), ...servers.slice(0, round % 3)];
    if (!here) throw new Error("there is no server");
    const player = { accessToken: await here.auth.accessTokens.sign({ userId: user.id, sessionId }) };
    for (const { whoBears } of servers) expect(await whoBears(player)).not.toBeNull();
    // Somebody is always loading while the session ends.
    const rush = others.map(async ({ whoBears }) => {
      for (let asked = 0; asked < 10; asked += 1) await whoBears(player);
    });
    await logout(await here.bearing(player));
    const known = await Promise.all(servers.map(({ whoBears }) => whoBears(player)));
    expect(known).toEqual([null, null, null]);
    await Promise.all(rush);
    expect(await Promise.all(servers.map(({ whoBears }) => whoBears(player)))).toEqual([null, null, null]);
  }
});

test("a server whose ears were just cut off lets nobody in who was signed out meanwhile", async ({ database }) => {
  const [here, there] = await Promise.all([aServer(database), aServer(database)]);
  const player = await aPlayer(database.db);
  await there.whoBears(player);
  const ctx = await here.bearing(player);
  await deafen(database.db);
  await logout(ctx);
  expect(await there.whoBears(player)).toBeNull();
  await expect.poll(() => there.listening.isHearing, { timeout: 10_000 }).toBe(true);
  expect(await there.whoBears(player)).toBeNull();
});

test("a server that does not answer is waited for once, and the log tells of it", async ({ database }) => {
  const here = await aServer(database);
  // PostgreSQL lists it among those who listen, and it hears nothing.
  const stuck = openDatabase({ url: database.url, applicationName: `${BEARERS} listener` });
  onTestFinished(() => stuck.close());
  await stuck.db.execute(sql`select 1`);
  const told: unknown[] = [];
  const log: Log = { info: () => undefined, warn: (...words) => void told.push(words), error: () => undefined };
  const player = await aPlayer(database.db);
  const userId = player.user.id;
  await logoutAll({ ...(await here.bearing(player)), log });
  expect(told).toEqual([["servers did not say in time that they heard of a revocation", { userId, deaf: 1 }]]);
  await logoutAll({ ...here.as({ kind: "user", userId, username: "x", sessionId: null }), log });
  expect(told).toHaveLength(1);
});
