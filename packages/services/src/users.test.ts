import { leagueMembers, leagues, teams, users } from "@pitwall/db/schema";
import { aSeason, aTeam, aUser } from "@pitwall/testing/builders";
import { test } from "@pitwall/testing/database";
import { eq } from "drizzle-orm";
import { beforeEach, describe, expect } from "vitest";
import { login } from "./auth/sign-in.ts";
import { asGuest, asUser, contextAs } from "./context.fixture.ts";
import { ensureAdmin, me, searchUsers, updateProfile, userByUsername } from "./users.ts";

test("my own profile holds my address and my role", async ({ database: { db } }) => {
  const user = await aUser(db, { fullName: "Ada Apex", role: "admin" });
  expect(await me(asUser(db, user))).toEqual({
    id: user.id,
    username: user.username,
    email: user.email,
    emailVerified: false,
    fullName: "Ada Apex",
    role: "admin",
    since: user.createdAt,
  });
  await db.update(users).set({ emailVerifiedAt: new Date() }).where(eq(users.id, user.id));
  expect(await me(asUser(db, user))).toMatchObject({ emailVerified: true });
  await expect(me(asGuest(db))).rejects.toMatchObject({ kind: "unauthenticated" });
});

describe("a public profile", () => {
  test("says how much somebody plays, and nothing more", async ({ database: { db } }) => {
    const season = await aSeason(db);
    const user = await aUser(db, { username: "Chicane", fullName: "Chi Cane" });
    const team = await aTeam(db, { owner: user, season });
    await aTeam(db, { owner: user, season });
    const gone = await aTeam(db, { owner: user, season });
    await db.update(teams).set({ removedAt: new Date() }).where(eq(teams.id, gone.id));
    const [league] = await db
      .insert(leagues)
      .values({ season, ownerId: user.id, name: "Any", code: "AAAAAAAAAA" })
      .returning();
    await db.insert(leagueMembers).values({ leagueId: league?.id ?? "", userId: user.id, teamId: team.id, season });
    expect(await userByUsername(asGuest(db), { username: "cHICANE" })).toEqual({
      id: user.id,
      username: "Chicane",
      fullName: "Chi Cane",
      since: user.createdAt,
      teams: 2,
      leagues: 1,
    });
  });

  test("is not there for an unknown name, nor for a deactivated user", async ({ database: { db } }) => {
    const { username } = await aUser(db, { isActive: false });
    for (const name of ["nobody_at_all", username, "%"])
      await expect(userByUsername(asGuest(db), { username: name })).rejects.toMatchObject({
        kind: "not_found",
        reason: "user.not_found",
      });
  });
});

describe("my full name", () => {
  test("can be changed and taken away, and stays where nothing is said", async ({ database: { db } }) => {
    const user = await aUser(db, { fullName: "Ada Apex" });
    const ctx = asUser(db, user);
    expect(await updateProfile(ctx, {})).toMatchObject({ fullName: "Ada Apex" });
    expect(await updateProfile(ctx, { fullName: "Ada Chicane" })).toMatchObject({
      id: user.id,
      fullName: "Ada Chicane",
    });
    expect(await updateProfile(ctx, { fullName: null })).toMatchObject({ fullName: null });
  });

  test("is nobody's to give who is not signed in, or whose account is gone", async ({ database: { db } }) => {
    const gone = await aUser(db, { deletedAt: new Date(), isActive: false });
    const change = { fullName: "Ada Apex" };
    await expect(updateProfile(asUser(db, gone), change)).rejects.toMatchObject({ reason: "user.not_found" });
    await expect(updateProfile(asGuest(db), change)).rejects.toMatchObject({ kind: "unauthenticated" });
  });
});

describe("searching users", () => {
  const page = { limit: 50, offset: 0 };

  test("finds a part of a name or full name, and takes nothing for a wildcard", async ({ database: { db } }) => {
    const one = await aUser(db, { username: "zz_seeker", fullName: "50% Zoë \\ Z" });
    const two = await aUser(db, { username: "ZZseeker" });
    const ctx = asUser(db, one);
    const found = async (search: string) => (await searchUsers(ctx, { ...page, search })).items.map(({ id }) => id);
    expect(await found("zzseek")).toEqual([two.id]);
    expect(await found("Z_SEEK")).toEqual([one.id]);
    expect(await found("zoë \\")).toEqual([one.id]);
    for (const wildcard of ["zz%", "zz_eek", "%", "\\zz"]) expect(await found(wildcard)).not.toContain(two.id);
    expect(await searchUsers(ctx, { search: "seeker", limit: 1, offset: 1 })).toEqual({
      items: [{ id: two.id, username: "ZZseeker", fullName: null }],
    });
  });

  test("of two letters finds who begins with them", async ({ database: { db } }) => {
    const one = await aUser(db, { username: "qv_begins" });
    const two = await aUser(db, { username: "ends_qv", fullName: "Mia Qvist" });
    await aUser(db, { username: "with_aqv", fullName: "Mia Aqvist" });
    const { items } = await searchUsers(asUser(db, one), { ...page, search: "QV" });
    expect(items.map(({ id }) => id)).toEqual([two.id, one.id]);
  });

  test("finds nobody who was deactivated, no addresses, and is not for guests", async ({ database: { db } }) => {
    const ctx = asUser(db, await aUser(db, { username: "present_1", email: "hidden@example.org" }));
    await aUser(db, { username: "present_2", isActive: false });
    const { items } = await searchUsers(ctx, { ...page, search: "present" });
    expect(items.map(({ username }) => username)).toEqual(["present_1"]);
    expect(await searchUsers(ctx, { ...page, search: "hidden@" })).toEqual({ items: [] });
    await expect(searchUsers(asGuest(db), { ...page, search: "present" })).rejects.toMatchObject({
      kind: "unauthenticated",
    });
  });
});

describe("the first admin", () => {
  const input = { username: "admin", email: "admin@example.org", password: "Paddock-Gate-9" };
  const installing = { kind: "system", name: "installation" } as const;

  // The first admin of an installation can only be made where there is none.
  beforeEach<{ database: { db: Parameters<typeof asGuest>[0] } }>(async ({ database: { db } }) => {
    await db.update(users).set({ role: "user" });
    await db.delete(users).where(eq(users.username, "admin"));
  });

  test("may be called admin, and signs in", async ({ database: { db } }) => {
    expect(await ensureAdmin(contextAs(db, installing), input)).toBe(true);
    const { user } = await login(asGuest(db), { login: "admin", password: input.password });
    expect(user).toMatchObject({ username: "admin", role: "admin" });
  });

  test("stays as it is when the installation starts again, whatever it is told then", async ({ database: { db } }) => {
    const ctx = contextAs(db, installing);
    await ensureAdmin(ctx, input);
    const [before] = await db.select().from(users).where(eq(users.username, "admin"));
    expect(await ensureAdmin(ctx, { ...input, password: "Another-Gate-9" })).toBe(false);
    expect(await ensureAdmin(ctx, { ...input, username: "second", email: "second@example.org" })).toBe(false);
    expect(await db.select().from(users).where(eq(users.role, "admin"))).toEqual([before]);
  });

  test("is one, though eight processes start at once", async ({ database: { db } }) => {
    const starts = Array.from({ length: 8 }, (_, n) =>
      ensureAdmin(contextAs(db, installing), { ...input, username: `boss_${n}`, email: `boss${n}@example.org` }),
    );
    expect((await Promise.all(starts)).filter(Boolean)).toHaveLength(1);
    expect(await db.$count(users, eq(users.role, "admin"))).toBe(1);
  });

  test("is nobody who plays already: a taken name is refused, not promoted", async ({ database: { db } }) => {
    const player = await aUser(db);
    const attempt = ensureAdmin(contextAs(db, installing), { ...input, username: player.username });
    await expect(attempt).rejects.toMatchObject({ kind: "conflict", reason: "auth.username_taken" });
    expect(await db.$count(users, eq(users.role, "admin"))).toBe(0);
  });

  test("needs a password that would do for anybody", async ({ database: { db } }) => {
    const attempt = ensureAdmin(contextAs(db, installing), { ...input, password: "admin" });
    await expect(attempt).rejects.toMatchObject({ kind: "malformed", reason: "auth.invalid_registration" });
  });

  test("is made by the installation alone", async ({ database: { db } }) => {
    for (const ctx of [asGuest(db), asUser(db, await aUser(db))])
      await expect(ensureAdmin(ctx, input)).rejects.toMatchObject({ kind: "forbidden" });
  });
});
