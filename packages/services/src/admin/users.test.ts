import type { Db } from "@pitwall/db/database";
import { auditLog, sessions, users } from "@pitwall/db/schema";
import { aUser, type BuiltUser } from "@pitwall/testing/builders";
import { test } from "@pitwall/testing/database";
import { eq } from "drizzle-orm";
import { beforeEach, describe, expect } from "vitest";
import { authenticate } from "../auth/authenticate.ts";
import { aPlayer, bearing, isIn, password, reasonOf } from "../auth/players.fixture.ts";
import { removeAccount } from "../auth/removal.ts";
import { login } from "../auth/sign-in.ts";
import { asGuest, contextAs } from "../context.fixture.ts";
import { auditTrail } from "./audit.ts";
import { changeUser, listUsers } from "./users.ts";

function asAdmin(db: Db, { id: userId, username }: BuiltUser) {
  return contextAs(db, { kind: "admin", userId, username, sessionId: null });
}

async function anAdmin(db: Db) {
  const user = await aUser(db, { role: "admin" });
  return { user, ctx: asAdmin(db, user) };
}

// Whether somebody is the last admin depends on all who are there.
beforeEach<{ database: { db: Db } }>(async ({ database: { db } }) => {
  await db.update(users).set({ role: "user" });
});

describe("listing accounts", () => {
  test("finds by part of a name, address or full name, and takes nothing for a wildcard", async ({
    database: { db },
  }) => {
    const { ctx } = await anAdmin(db);
    const odd = await aUser(db, { username: "odd_one", email: "odd%one@example.org", fullName: "Odd \\ One" });
    for (const search of ["ODD_O", "d%o", "d \\ o"])
      expect((await listUsers(ctx, { search, limit: 50, offset: 0 })).items.map(({ id }) => id)).toEqual([odd.id]);
    expect(await listUsers(ctx, { search: "odd%o_e", limit: 50, offset: 0 })).toEqual({ items: [], total: 0 });
  });

  test("narrows by role and state, newest first, page by page", async ({ database: { db } }) => {
    const { user: first, ctx } = await anAdmin(db);
    const { user: second } = await anAdmin(db);
    const asleep = await aUser(db, { username: "asleep_admin", role: "admin", isActive: false });
    const found = async (wanted: object) => {
      const { items, total } = await listUsers(ctx, { role: "admin", limit: 50, offset: 0, ...wanted });
      return { ids: items.map(({ id }) => id), total };
    };
    expect(await found({})).toEqual({ ids: [asleep.id, second.id, first.id], total: 3 });
    expect(await found({ active: true, limit: 1, offset: 1 })).toEqual({ ids: [first.id], total: 2 });
    expect(await found({ active: false })).toEqual({ ids: [asleep.id], total: 1 });
  });

  test("shows no account that is gone", async ({ database: { db } }) => {
    const { ctx } = await anAdmin(db);
    const player = await aPlayer(db);
    await removeAccount(await bearing(db, player), { password });
    expect(await listUsers(ctx, { search: player.user.id, limit: 50, offset: 0 })).toEqual({ items: [], total: 0 });
    const attempt = changeUser(ctx, { id: player.user.id, isActive: true });
    await expect(attempt).rejects.toMatchObject({ kind: "not_found", reason: "user.not_found" });
  });
});

describe("changing an account", () => {
  test("holds from the next request on, and is written down once", async ({ database: { db } }) => {
    const { user: admin, ctx } = await anAdmin(db);
    const player = await aPlayer(db);
    const { id } = player.user;
    expect(await changeUser(ctx, { id, role: "admin", tier: "premium", isActive: true })).toMatchObject({
      role: "admin",
      tier: "premium",
      isActive: true,
    });
    expect(await authenticate(asGuest(db), player.accessToken)).toMatchObject({ kind: "admin", tier: "premium" });
    await changeUser(ctx, { id, role: "admin" });
    const { items } = await auditTrail(ctx, { limit: 50 });
    expect(items.filter(({ subject }) => subject === id)).toMatchObject([
      {
        actor: admin.id,
        act: "change_user",
        detail: { role: { from: "user", to: "admin" }, tier: { from: "standard", to: "premium" } },
      },
    ]);
    expect(JSON.stringify(items)).not.toContain(player.user.username);
  });

  test("signs out at once whom it deactivates; active again, they sign in anew", async ({ database: { db } }) => {
    const { ctx } = await anAdmin(db);
    const player = await aPlayer(db);
    const { id, username } = player.user;
    await changeUser(ctx, { id, isActive: false });
    expect(await isIn(db, player)).toBe(false);
    expect(await db.$count(sessions, eq(sessions.userId, id))).toBe(0);
    expect(await reasonOf(login(asGuest(db), { login: username, password }))).toBe("auth.wrong_credentials");
    await changeUser(ctx, { id, isActive: true });
    expect(await isIn(db, player)).toBe(false);
    expect(await isIn(db, await login(asGuest(db), { login: username, password }))).toBe(true);
  });

  test.for([{ role: "user" }, { isActive: false }] as const)(
    "never takes the last admin (%o)",
    async (change, { database: { db } }) => {
      const { user, ctx } = await anAdmin(db);
      await aUser(db, { role: "admin", isActive: false });
      const written = await db.$count(auditLog);
      await expect(changeUser(ctx, { id: user.id, ...change })).rejects.toMatchObject({
        kind: "broken_rule",
        reason: "user.last_admin",
      });
      expect(await changeUser(ctx, { id: user.id, tier: "premium" })).toMatchObject({ role: "admin", isActive: true });
      expect(await db.$count(auditLog)).toBe(written + 1);
    },
  );

  test("leaves one admin when eight take the role from each other at once", async ({ database: { db } }) => {
    const admins = await Promise.all(Array.from({ length: 8 }, () => anAdmin(db)));
    const attempts = admins.map(({ ctx }, at) =>
      reasonOf(changeUser(ctx, { id: admins[(at + 1) % 8]?.user.id ?? "", role: "user" })),
    );
    const refused = (await Promise.all(attempts)).filter((reason) => reason !== "let in");
    expect(await db.$count(users, eq(users.role, "admin"))).toBeGreaterThanOrEqual(1);
    expect(refused.length).toBeGreaterThanOrEqual(1);
    for (const reason of refused) expect(["auth.admin_only", "user.last_admin"]).toContain(reason);
  });

  test("is nobody's who is an admin no more, and finds nobody who never was", async ({ database: { db } }) => {
    const { user, ctx } = await anAdmin(db);
    const player = await aUser(db);
    const attempt = changeUser(ctx, { id: "01932f7a-8d4e-7c3b-9a1e-3f2b1c0d9e8f", role: "admin" });
    await expect(attempt).rejects.toMatchObject({ kind: "not_found", reason: "user.not_found" });
    await db.update(users).set({ role: "user" }).where(eq(users.id, user.id));
    await expect(changeUser(ctx, { id: player.id, role: "admin" })).rejects.toMatchObject({
      kind: "forbidden",
      reason: "auth.admin_only",
    });
  });
});

test("the audit trail goes on page by page, the latest first", async ({ database: { db } }) => {
  const { ctx } = await anAdmin(db);
  const { id } = await aUser(db);
  for (const tier of ["premium", "standard", "premium"] as const) await changeUser(ctx, { id, tier });
  const first = await auditTrail(ctx, { limit: 2 });
  expect(first.items.map(({ detail }) => detail)).toEqual([
    { tier: { from: "standard", to: "premium" } },
    { tier: { from: "premium", to: "standard" } },
  ]);
  const second = await auditTrail(ctx, { limit: 1, cursor: first.nextCursor ?? "" });
  expect(second.items).toMatchObject([{ subject: id, detail: { tier: { from: "standard", to: "premium" } } }]);
});
