import type { Db } from "@pitwall/db/database";
import {
  auditLog,
  idempotencyKeys,
  leagueBans,
  leagueMembers,
  leagues,
  notificationPreferences,
  notificationReads,
  notifications,
  oneTimeTokens,
  sessions,
  teams,
  users,
} from "@pitwall/db/schema";
import { aSeason, aTeam } from "@pitwall/testing/builders";
import { test } from "@pitwall/testing/database";
import { eq, sql } from "drizzle-orm";
import { describe, expect } from "vitest";
import { asGuest } from "../context.fixture.ts";
import { createLeague, joinLeague } from "../leagues/membership.ts";
import { setPreferences } from "../notifications/preferences.ts";
import { teamById } from "../teams.ts";
import { aPlayer, bearing, isIn, password, reasonOf } from "./players.fixture.ts";
import { removeAccount } from "./removal.ts";
import { login } from "./sign-in.ts";
import type { SignedIn } from "./signed-in.ts";

async function remove(db: Db, who: SignedIn): Promise<void> {
  await removeAccount(await bearing(db, who), { password });
}

async function join(db: Db, who: SignedIn, league: { readonly id: string; readonly season: number }): Promise<void> {
  const team = await aTeam(db, { owner: who.user, season: league.season });
  await joinLeague(await bearing(db, who), { id: league.id, teamId: team.id });
}

async function aLeagueOf(db: Db, owner: SignedIn) {
  const season = await aSeason(db);
  const { id: teamId } = await aTeam(db, { owner: owner.user, season });
  const wanted = { season, name: "Sunday drivers", isPrivate: false, seats: 20, teamId };
  return createLeague(await bearing(db, owner), wanted);
}

async function leagueRow(db: Db, id: string) {
  const [league] = await db.select().from(leagues).where(eq(leagues.id, id));
  return league;
}

describe("deleting my account", () => {
  test("leaves nothing personal in any table, and my teams as a deleted user's", async ({ database: { db } }) => {
    const friend = await aPlayer(db);
    const anna = await aPlayer(db, { username: "anna_apex", email: "anna.apex@example.org" });
    await login(
      { ...asGuest(db), actor: { kind: "guest", address: "198.51.100.77", device: "Annas phone" } },
      {
        login: "anna_apex",
        password,
      },
    );
    const { id: userId } = anna.user;
    const league = await aLeagueOf(db, friend);
    await join(db, anna, league);
    const ctx = await bearing(db, anna);
    await setPreferences(ctx, { items: [{ type: "system", inApp: false, email: true }] });
    await db.update(users).set({ fullName: "Anna Apex" }).where(eq(users.id, userId));
    await db.insert(notificationReads).values({ userId });
    const closed = await aLeagueOf(db, friend);
    await db.insert(leagueBans).values({ leagueId: closed.id, userId, bannedBy: friend.user.id });
    await db.insert(oneTimeTokens).values({
      digest: "of anna's link",
      userId,
      purpose: "verify_email",
      email: "anna.apex@example.org",
      expiresAt: new Date(),
    });
    const kept = { procedure: "leagues.setRole", digest: "of what was asked", answer: `{"userId":"${userId}"}` };
    await db.insert(idempotencyKeys).values([
      { ...kept, userId, key: "anna's" },
      { ...kept, userId: friend.user.id, key: "a friend's", answer: `{"userId":"${userId}","username":"anna_apex"}` },
      { ...kept, userId: friend.user.id, key: "not of anna", answer: "{}" },
    ]);
    await remove(db, anna);
    expect(await db.select({ key: idempotencyKeys.key }).from(idempotencyKeys)).toEqual([{ key: "not of anna" }]);
    for (const table of [
      sessions,
      oneTimeTokens,
      notificationPreferences,
      notificationReads,
      leagueMembers,
      leagueBans,
    ])
      expect(await db.$count(table, eq(table.userId, userId))).toBe(0);
    expect(await everyTextOf(db)).not.toMatch(/anna.?apex|198\.51\.100\.77|annas phone/i);
    const [team] = await db.select().from(teams).where(eq(teams.ownerId, userId));
    expect(await teamById(asGuest(db), { id: team?.id ?? "" })).toMatchObject({
      owner: { id: userId, username: "deleted user" },
    });
    expect(await db.select().from(auditLog).where(eq(auditLog.subject, userId))).toMatchObject([
      { actor: userId, act: "remove_account", detail: {} },
    ]);
  });

  test("frees my name and my address, and nobody can sign in as who I was", async ({ database: { db } }) => {
    const gone = await aPlayer(db);
    await remove(db, gone);
    const { username, email, id } = gone.user;
    expect(await isIn(db, gone)).toBe(false);
    for (const name of [username, email, `deleted user ${id}`])
      expect(await reasonOf(login(asGuest(db), { login: name, password }))).toBe("auth.wrong_credentials");
    expect((await aPlayer(db, { username, email })).user.id).not.toBe(id);
  });

  test("needs my password", async ({ database: { db } }) => {
    const player = await aPlayer(db);
    const attempt = removeAccount(await bearing(db, player), { password: "Wrong-Horse-7" });
    await expect(attempt).rejects.toMatchObject({ kind: "forbidden", reason: "auth.wrong_password" });
    expect(await isIn(db, player)).toBe(true);
    await expect(removeAccount(asGuest(db), { password })).rejects.toMatchObject({ kind: "unauthenticated" });
  });

  test("is refused to the last admin, also where the last two try it at once", async ({ database: { db } }) => {
    await db.update(users).set({ role: "user" });
    const admins = [await aPlayer(db), await aPlayer(db)];
    for (const { user } of admins) await db.update(users).set({ role: "admin" }).where(eq(users.id, user.id));
    const outcomes = await Promise.all(admins.map((admin) => reasonOf(remove(db, admin))));
    expect(outcomes.toSorted()).toEqual(["let in", "user.last_admin"]);
    expect(await db.$count(users, sql`role = 'admin' and is_active`)).toBe(1);
  });
});

describe("a league whose owner deletes their account", () => {
  test("goes to the longest-standing manager, who is told", async ({ database: { db } }) => {
    const [owner, member, manager] = [await aPlayer(db), await aPlayer(db), await aPlayer(db)];
    const league = await aLeagueOf(db, owner);
    await join(db, member, league);
    await join(db, manager, league);
    await db.update(leagueMembers).set({ role: "manager" }).where(eq(leagueMembers.userId, manager.user.id));
    await remove(db, owner);
    expect(await leagueRow(db, league.id)).toMatchObject({ ownerId: manager.user.id, memberCount: 2 });
    expect(await db.select().from(notifications).where(eq(notifications.userId, manager.user.id))).toMatchObject([
      { type: "league_role", data: { leagueId: league.id, role: "owner" } },
    ]);
  });

  test("goes to the longest-standing member where there is no manager, rather to one who can sign in", async ({
    database: { db },
  }) => {
    const [owner, asleep, first, second] = [await aPlayer(db), await aPlayer(db), await aPlayer(db), await aPlayer(db)];
    const league = await aLeagueOf(db, owner);
    for (const member of [asleep, first, second]) await join(db, member, league);
    await db.update(users).set({ isActive: false }).where(eq(users.id, asleep.user.id));
    await remove(db, owner);
    expect(await leagueRow(db, league.id)).toMatchObject({ ownerId: first.user.id });
  });

  test("goes with them where nobody else is in it", async ({ database: { db } }) => {
    const owner = await aPlayer(db);
    const league = await aLeagueOf(db, owner);
    await remove(db, owner);
    expect(await leagueRow(db, league.id)).toBeUndefined();
  });

  test("is never left to somebody who deletes theirs at the same time", async ({ database: { db } }) => {
    const players = [await aPlayer(db), await aPlayer(db), await aPlayer(db), await aPlayer(db)];
    const [owner, ...members] = players;
    if (!owner) throw new Error("nobody plays");
    const league = await aLeagueOf(db, owner);
    for (const member of members) await join(db, member, league);
    const [last, ...leaving] = players.toReversed();
    await Promise.all(leaving.map((one) => remove(db, one)));
    expect(await leagueRow(db, league.id)).toMatchObject({ ownerId: last?.user.id, memberCount: 1 });
  });
});

/** Every row of every table, as one text. */
async function everyTextOf(db: Db): Promise<string> {
  const { rows } = await db.execute<{ name: string }>(
    sql`select quote_ident(tablename) as name from pg_tables where schemaname = 'public'`,
  );
  expect(rows.length).toBeGreaterThan(20);
  const texts = await Promise.all(
    rows.map(async ({ name }) => {
      const stored = await db.execute<{ text: string | null }>(
        sql`select string_agg(row::text, ' ') as text from ${sql.raw(name)} row`,
      );
      return stored.rows[0]?.text ?? "";
    }),
  );
  return texts.join(" ");
}
