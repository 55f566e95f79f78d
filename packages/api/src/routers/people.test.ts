import { aTeam } from "@pitwall/testing/builders";
import { test } from "@pitwall/testing/database";
import { describe, expect } from "vitest";
import { aCaller, aPlayableSeason, aScoredRace, callerOf, guest } from "../play.fixture.ts";

describe("a profile", () => {
  test("shows its owner all, and everybody else no e-mail address", async ({ database: { db } }) => {
    const { user, caller } = await aCaller(db, { fullName: "Anna Ö" });
    const { season } = await aPlayableSeason(db);
    await aTeam(db, { owner: user, season });
    const own = {
      id: user.id,
      username: user.username,
      email: user.email,
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

test("everybody may know how many take part", async ({ database: { db } }) => {
  expect(await guest(db).stats.public()).toMatchObject({
    users: expect.any(Number),
    teams: expect.any(Number),
    leagues: expect.any(Number),
  });
});
