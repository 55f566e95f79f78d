import { aTeam, type BuiltUser } from "@pitwall/testing/builders";
import { test } from "@pitwall/testing/database";
import { describe, expect } from "vitest";
import { aCaller, aPlayableSeason, aScoredRace, callerOf, guest } from "../play.fixture.ts";

type Db = Parameters<typeof guest>[0];

async function entered(db: Db, season: number, user: BuiltUser): Promise<string> {
  return (await aTeam(db, { owner: user, season })).id;
}

describe("a private league", () => {
  test("is entered by its code, and shows the code to members only", async ({ database: { db } }) => {
    const { season } = await aPlayableSeason(db);
    const owner = await aCaller(db);
    const league = await owner.caller.leagues.create({
      season,
      name: "Friends",
      teamId: await entered(db, season, owner.user),
    });
    expect(league).toMatchObject({
      season,
      name: "Friends",
      isPrivate: true,
      seats: 20,
      memberCount: 1,
      role: "owner",
      code: expect.any(String),
    });

    const friend = await aCaller(db);
    const teamId = await entered(db, season, friend.user);
    for (const outsider of [friend.caller, guest(db)]) {
      const { leagues, standings } = outsider;
      for (const look of [leagues.byId, leagues.members, standings.league])
        await expect(look({ id: league.id })).rejects.toMatchObject({
          fault: { status: 404, reason: "league.not_found" },
        });
    }
    await expect(friend.caller.leagues.join({ id: league.id, teamId })).rejects.toMatchObject({
      fault: { status: 404 },
    });

    const joined = await friend.caller.leagues.joinByCode({ code: league.code?.toLowerCase() ?? "", teamId });
    expect(joined).toMatchObject({ id: league.id, role: "member", teamId, memberCount: 2, code: league.code });
    await expect(friend.caller.leagues.joinByCode({ code: league.code ?? "", teamId })).rejects.toMatchObject({
      fault: { status: 409, reason: "league.already_member" },
    });
    expect(await friend.caller.leagues.members({ id: league.id })).toMatchObject({
      total: 2,
      items: [{ role: "owner" }, { role: "member", team: { id: teamId } }],
    });
    expect(await owner.caller.notifications.list({})).toMatchObject({
      items: [{ type: "league_joined", isRead: false }],
    });
  });

  test("is left by its members, not by its owner while others are in", async ({ database: { db } }) => {
    const { season } = await aPlayableSeason(db);
    const [owner, friend] = [await aCaller(db), await aCaller(db)];
    const { id, code } = await owner.caller.leagues.create({
      season,
      name: "Friends",
      teamId: await entered(db, season, owner.user),
    });
    await friend.caller.leagues.joinByCode({ code: code ?? "", teamId: await entered(db, season, friend.user) });
    await expect(owner.caller.leagues.leave({ id })).rejects.toMatchObject({
      fault: { status: 409, reason: "league.owner_must_transfer" },
    });
    expect(await friend.caller.leagues.leave({ id })).toEqual({});
    await expect(friend.caller.leagues.leave({ id })).rejects.toMatchObject({ fault: { status: 404 } });
  });
});

describe("a public league", () => {
  test("is found, seen and entered by anybody with a team of their own", async ({ database: { db } }) => {
    const { season } = await aPlayableSeason(db);
    const [owner, other] = [await aCaller(db), await aCaller(db)];
    const { id } = await owner.caller.leagues.create({ season, name: "100% Monaco_", isPrivate: false, seats: 2 });
    expect(await guest(db).leagues.list({ search: "100% monaco_" })).toMatchObject({
      total: 1,
      items: [{ id, role: null, code: null }],
    });
    expect(await guest(db).leagues.list({ season, search: "%" })).toMatchObject({ total: 1 });
    expect(await other.caller.leagues.list({ mine: true })).toEqual({ items: [], total: 0 });
    await expect(guest(db).leagues.list({ mine: true })).rejects.toMatchObject({ fault: { status: 401 } });

    const foreign = await entered(db, season, owner.user);
    await expect(other.caller.leagues.join({ id, teamId: foreign })).rejects.toMatchObject({
      fault: { status: 404, reason: "team.not_found" },
    });
    const teamId = await entered(db, season, other.user);
    expect(await other.caller.leagues.join({ id, teamId })).toMatchObject({ teamId, role: "member" });
  });

  test.for([{ seats: 1 }, { seats: 100_001 }, { name: "ab" }, { description: "x".repeat(501) }, { code: "MINE" }])(
    "cannot be founded with %o",
    async (wrong, { database: { db } }) => {
      const { caller } = await aCaller(db);
      await expect(caller.leagues.create({ season: 2100, name: "Fine", ...wrong })).rejects.toMatchObject({
        fault: { status: 400, reason: "request.malformed" },
      });
    },
  );
});

describe("ruling a league", () => {
  async function aRuledLeague(db: Db) {
    const { season } = await aPlayableSeason(db);
    const [owner, friend] = [await aCaller(db), await aCaller(db)];
    const teamId = await entered(db, season, owner.user);
    const { id, code } = await owner.caller.leagues.create({ season, name: "Friends", teamId });
    const seat = { code: code ?? "", teamId: await entered(db, season, friend.user) };
    await friend.caller.leagues.joinByCode(seat);
    return { id, owner, friend, seat, place: { id, userId: friend.user.id } };
  }

  test("changes it, its code, its people and its owner, and closes it", async ({ database: { db } }) => {
    const { id, owner, friend, seat, place } = await aRuledLeague(db);
    const { leagues } = owner.caller;
    expect(await leagues.update({ id, name: "Rivals", seats: 2 })).toMatchObject({ name: "Rivals", seats: 2 });
    expect(await leagues.setRole({ ...place, role: "manager" })).toMatchObject({
      role: "manager",
      userId: place.userId,
    });
    expect(await leagues.removeMember(place)).toEqual({});
    await expect(friend.caller.leagues.joinByCode(seat)).rejects.toMatchObject({
      fault: { status: 403, reason: "league.banned" },
    });
    const bannedBy = { id: owner.user.id, username: owner.user.username };
    expect(await leagues.bans({ id })).toEqual({
      items: [{ userId: friend.user.id, username: friend.user.username, bannedBy, bannedAt: expect.any(Date) }],
      total: 1,
    });
    expect(await leagues.lift(place)).toEqual({});
    const { code } = await leagues.renewCode({ id });
    await expect(friend.caller.leagues.joinByCode(seat)).rejects.toMatchObject({ fault: { status: 404 } });
    await friend.caller.leagues.joinByCode({ ...seat, code: code ?? "" });
    expect(await leagues.transfer(place)).toMatchObject({ role: "manager", owner: { id: friend.user.id } });
    expect(await friend.caller.leagues.remove({ id })).toEqual({});
    await expect(leagues.byId({ id })).rejects.toMatchObject({ fault: { status: 404 } });
  });

  test("is refused by what the league is", async ({ database: { db } }) => {
    const { id, owner, place } = await aRuledLeague(db);
    const { leagues } = owner.caller;
    const stranger = { id, userId: (await aCaller(db)).user.id };
    for (const [attempt, status, reason] of [
      [() => leagues.update({ id, seats: 1 }), 400, "request.malformed"],
      [() => leagues.setRole({ ...stranger, role: "manager" }), 404, "league.not_a_member"],
      [() => leagues.transfer(stranger), 404, "league.not_a_member"],
      [() => leagues.removeMember(stranger), 404, "league.not_a_member"],
      [() => leagues.lift(place), 404, "league.not_banned"],
      [() => leagues.leave({ id }), 409, "league.owner_must_transfer"],
      [() => leagues.removeMember({ id, userId: owner.user.id }), 422, "league.leave_instead"],
    ] as const)
      await expect(attempt()).rejects.toMatchObject({ fault: { status, reason } });
  });

  test("is not for members, and outsiders find nothing to rule", async ({ database: { db } }) => {
    const { id, friend, place } = await aRuledLeague(db);
    for (const [{ caller }, status] of [[friend, 403] as const, [await aCaller(db), 404] as const])
      for (const attempt of [
        () => caller.leagues.update({ id, name: "Stolen" }),
        () => caller.leagues.remove({ id }),
        () => caller.leagues.renewCode({ id }),
        () => caller.leagues.transfer(place),
        () => caller.leagues.setRole({ ...place, role: "manager" }),
        () => caller.leagues.removeMember(place),
        () => caller.leagues.bans({ id }),
        () => caller.leagues.lift(place),
      ])
        await expect(attempt()).rejects.toMatchObject({ fault: { status } });
  });

  test.for([{ ownerId: "x" }, { code: "MINE" }, { memberCount: 0 }, { role: "owner" }])(
    "takes no field that is not asked for, as %o",
    async (grab, { database: { db } }) => {
      const { id, owner } = await aRuledLeague(db);
      await expect(owner.caller.leagues.update({ id, name: "Fine", ...grab })).rejects.toMatchObject({
        fault: { status: 400 },
      });
      expect(await owner.caller.leagues.byId({ id })).toMatchObject({ name: "Friends" });
    },
  );
});

describe("standings", () => {
  test("place the teams of the game and of a league, with points in decimals", async ({ database: { db } }) => {
    const { season, race, owner, team } = await aScoredRace(db);
    const mine = callerOf(db, owner);
    const standing = {
      ...{ rank: 1, teamId: team.id, teamName: team.name, username: owner.username },
      ...{ racePoints: 72, total: 72, rankChange: null },
    };
    const page = { race: { season, slug: race.slug, revision: 1 }, items: [standing], total: 1, nextCursor: null };
    expect(await guest(db).standings.global({ season })).toEqual(page);
    expect(await guest(db).standings.global({ season, race: race.slug, limit: 1 })).toEqual(page);
    expect(await mine.standings.me({ season })).toEqual({ items: [standing] });
    expect(await guest(db).standings.around({ teamId: team.id })).toEqual({ items: [standing] });

    const { id } = await mine.leagues.create({ season, name: "Alone", teamId: team.id });
    expect(await mine.standings.league({ id })).toEqual(page);
    expect(await mine.standings.leagueMe({ id })).toEqual(standing);
  });

  test("refuse a cursor that is none, and a race that is none", async ({ database: { db } }) => {
    const { season } = await aScoredRace(db);
    await expect(guest(db).standings.global({ season, cursor: "1;drop table" })).rejects.toMatchObject({
      fault: { status: 400 },
    });
    await expect(guest(db).standings.global({ season, race: "no-such-race" })).rejects.toMatchObject({
      fault: { status: 404 },
    });
  });
});
