import { aPlayer, bearing, password } from "@pitwall/services/auth/players.fixture";
import { aTeam } from "@pitwall/testing/builders";
import { test } from "@pitwall/testing/database";
import { describe, expect } from "vitest";
import { aCaller, aPlayableSeason, aScoredRace, callerOf, guest } from "../play.fixture.ts";
import { callerFor } from "../router.ts";

describe("a profile", () => {
  test("shows its owner all, and everybody else no e-mail address", async ({ database: { db } }) => {
    const { user, caller } = await aCaller(db, { fullName: "Anna Ö" });
    const { season } = await aPlayableSeason(db);
    await aTeam(db, { owner: user, season });
    const own = {
      id: user.id,
      username: user.username,
      email: user.email,
      emailVerified: false,
      fullName: "Anna Ö",
      role: "user",
      since: user.createdAt,
    };
    expect(await caller.users.me()).toEqual(own);
    expect(await guest(db).users.byUsername({ username: user.username.toUpperCase() })).toEqual({
      id: user.id,
      username: user.username,
      fullName: "Anna Ö",
      since: user.createdAt,
      teams: 1,
      leagues: 0,
    });
  });

  test("of nobody is not found", async ({ database: { db } }) => {
    await expect(guest(db).users.byUsername({ username: "nobody" })).rejects.toMatchObject({
      fault: { reason: "user.not_found" },
    });
  });
});

describe("an account", () => {
  test("has a full name that can be changed, and nothing else", async ({ database: { db } }) => {
    const { caller } = await aCaller(db);
    expect(await caller.users.update({ fullName: "Anna Ö" })).toMatchObject({ fullName: "Anna Ö" });
    expect(await caller.users.update({ fullName: null })).toMatchObject({ fullName: null });
    await expect(caller.users.update({ fullName: " a\u202E" })).rejects.toMatchObject({ fault: { status: 400 } });
    const promotion = { fullName: "Anna", role: "admin", tier: "premium", isActive: true, email: "a@example.org" };
    await expect(caller.users.update(promotion)).rejects.toMatchObject({
      fault: { status: 400, reason: "request.malformed" },
    });
    expect(await caller.users.me()).toMatchObject({ fullName: null, role: "user" });
  });

  test("is found by its name, without its address", async ({ database: { db } }) => {
    const { user, caller } = await aCaller(db, { username: "findable_1" });
    expect(await caller.users.search({ search: "DABLE_" })).toEqual({
      items: [{ id: user.id, username: "findable_1", fullName: null }],
    });
    await expect(caller.users.search({ search: "f" })).rejects.toMatchObject({ fault: { status: 400 } });
    await expect(guest(db).users.search({ search: "findable" })).rejects.toMatchObject({
      fault: { reason: "auth.required" },
    });
  });

  test("is exported as it is shown elsewhere: in millions, and without a digest", async ({ database: { db } }) => {
    const { owner, team } = await aScoredRace(db);
    const mine = await callerOf(db, owner).users.export();
    expect(mine).toMatchObject({
      profile: { id: owner.id, email: owner.email, tier: "standard" },
      teams: [{ id: team.id, lineups: [{ version: 1, cost: 75 }] }],
      preferences: expect.arrayContaining([{ type: "system", inApp: true, email: false }]),
    });
    expect(JSON.stringify(mine)).not.toMatch(/digest|passwordHash/);
    await expect(guest(db).users.export()).rejects.toMatchObject({ fault: { reason: "auth.required" } });
  });

  test("is deleted by its password, and by nothing else", async ({ database: { db } }) => {
    const player = await aPlayer(db);
    const caller = callerFor(await bearing(db, player));
    await expect(caller.users.remove({ password: "Wrong-Horse-7" })).rejects.toMatchObject({
      fault: { status: 403, reason: "auth.wrong_password" },
    });
    expect(await caller.users.remove({ password })).toEqual({});
    await expect(guest(db).users.byUsername({ username: player.user.username })).rejects.toMatchObject({
      fault: { reason: "user.not_found" },
    });
  });
});

describe("notifications", () => {
  test("are listed, counted, read and put away", async ({ database: { db } }) => {
    const { owner } = await aScoredRace(db);
    const mine = callerOf(db, owner);
    const { items } = await mine.notifications.list({ unread: true });
    expect(items).toMatchObject([{ type: "results_in", isRead: false, createdAt: expect.any(Date) }]);
    const id = items[0]?.id ?? "";
    expect(await mine.notifications.count()).toEqual({ unread: 1 });
    expect(await mine.notifications.read({ id })).toEqual({});
    expect(await mine.notifications.readAll()).toEqual({ marked: 0 });
    expect(await mine.notifications.list({ unread: true })).toEqual({ items: [], nextCursor: null });
    expect(await mine.notifications.delete({ id })).toEqual({});
    await expect(mine.notifications.delete({ id })).rejects.toMatchObject({
      fault: { status: 404, reason: "notification.not_found" },
    });
  });

  test("of somebody else are not there", async ({ database: { db } }) => {
    const { user, caller } = await aCaller(db);
    const { season } = await aPlayableSeason(db);
    const friend = await aCaller(db);
    const { code } = await caller.leagues.create({
      season,
      name: "Friends",
      teamId: (await aTeam(db, { owner: user, season })).id,
    });
    await friend.caller.leagues.joinByCode({
      code: code ?? "",
      teamId: (await aTeam(db, { owner: friend.user, season })).id,
    });
    const { items } = await caller.notifications.list({});
    const id = items[0]?.id ?? "";
    const { read, delete: putAway } = friend.caller.notifications;
    for (const attempt of [read, putAway])
      await expect(attempt({ id })).rejects.toMatchObject({ fault: { status: 404 } });
    expect(await caller.notifications.count()).toEqual({ unread: 1 });
  });
});

describe("preferences", () => {
  test("are set by type, and answered whole", async ({ database: { db } }) => {
    const { caller } = await aCaller(db);
    const quiet = { type: "league_joined", inApp: false, email: false } as const;
    const { items } = await caller.notifications.setPreferences({ items: [quiet] });
    expect(items).toHaveLength(6);
    expect(items).toContainEqual(quiet);
    expect(await caller.notifications.preferences()).toEqual({ items });
  });

  test("are refused for types that are none, and asked of nobody", async ({ database: { db } }) => {
    const { caller } = await aCaller(db);
    await expect(caller.notifications.setPreferences({ items: [] })).rejects.toMatchObject({ fault: { status: 400 } });
    await expect(guest(db).notifications.preferences()).rejects.toMatchObject({ fault: { reason: "auth.required" } });
  });
});

test("everybody may know how many take part", async ({ database: { db } }) => {
  expect(await guest(db).stats.public()).toMatchObject({
    users: expect.any(Number),
    teams: expect.any(Number),
    leagues: expect.any(Number),
  });
});
