import type { Db } from "@pitwall/db/database";
import { leagueMembers, leagues, notifications } from "@pitwall/db/schema";
import { aSeason, aTeam, aUser } from "@pitwall/testing/builders";
import { test } from "@pitwall/testing/database";
import { eq } from "drizzle-orm";
import { describe, expect } from "vitest";
import { asGuest, asUser } from "../context.fixture.ts";
import type { ServiceContext } from "../context.ts";
import { createLeague, joinByCode, joinLeague, leaveLeague, type NewLeague } from "./membership.ts";
import { leagueById } from "./reading.ts";

async function aPlayer(db: Db, season: number) {
  const user = await aUser(db);
  const team = await aTeam(db, { owner: user, season });
  return { user, team, ctx: asUser(db, user) };
}

function aLeague(ctx: ServiceContext, season: number, wanted: Partial<NewLeague> = {}) {
  return createLeague(ctx, { season, name: "Sunday drivers", isPrivate: false, seats: 20, ...wanted });
}

async function settled(attempts: readonly Promise<unknown>[]) {
  const outcomes = await Promise.allSettled(attempts);
  const refused = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason.reason] : []));
  return { let: outcomes.length - refused.length, refused: [...new Set(refused)] };
}

async function seatsTaken(db: Db, id: string) {
  const [league] = await db.select({ counted: leagues.memberCount }).from(leagues).where(eq(leagues.id, id));
  return { counted: league?.counted, members: await db.$count(leagueMembers, eq(leagueMembers.leagueId, id)) };
}

describe("founding a league", () => {
  test("makes its founder the owner, who holds the code", async ({ database: { db } }) => {
    const season = await aSeason(db);
    const { ctx, user } = await aPlayer(db, season);
    const league = await aLeague(ctx, season, { name: "Tifosi", description: "Red only", isPrivate: true, seats: 8 });
    expect(league).toMatchObject({
      season,
      name: "Tifosi",
      description: "Red only",
      isPrivate: true,
      seats: 8,
      memberCount: 0,
      owner: { id: user.id, username: user.username },
      role: "owner",
      teamId: null,
    });
    expect(league.code).toHaveLength(10);
  });

  test("enters the founder's team at once when one is named, and tells nobody of it", async ({ database: { db } }) => {
    const season = await aSeason(db);
    const { ctx, team, user } = await aPlayer(db, season);
    expect(await aLeague(ctx, season, { teamId: team.id })).toMatchObject({ memberCount: 1, teamId: team.id });
    expect(await db.$count(notifications, eq(notifications.userId, user.id))).toBe(0);
  });

  test("leaves no league behind when the named team is not the founder's", async ({ database: { db } }) => {
    const season = await aSeason(db);
    const [mine, theirs] = [await aPlayer(db, season), await aPlayer(db, season)];
    const attempt = aLeague(mine.ctx, season, { teamId: theirs.team.id });
    await expect(attempt).rejects.toMatchObject({ kind: "not_found", reason: "team.not_found" });
    expect(await db.$count(leagues, eq(leagues.ownerId, mine.user.id))).toBe(0);
  });

  test("refuses a season that is not there, and a league without seats", async ({ database: { db } }) => {
    const season = await aSeason(db);
    const { ctx } = await aPlayer(db, season);
    await expect(aLeague(ctx, 1949)).rejects.toMatchObject({ kind: "not_found", reason: "season.not_found" });
    for (const seats of [1, 100_001])
      await expect(aLeague(ctx, season, { seats })).rejects.toMatchObject({ reason: "league.seats_out_of_range" });
  });

  test("asks guests to sign in", async ({ database: { db } }) => {
    await expect(aLeague(asGuest(db), await aSeason(db))).rejects.toMatchObject({ kind: "unauthenticated" });
  });
});

describe("joining", () => {
  test("lets anybody into a public league, and tells the owner", async ({ database: { db } }) => {
    const season = await aSeason(db);
    const [owner, player] = [await aPlayer(db, season), await aPlayer(db, season)];
    const { id, code } = await aLeague(owner.ctx, season, { name: "Open house", seats: 3, teamId: owner.team.id });
    const joined = await joinLeague(player.ctx, { id, teamId: player.team.id });
    expect(joined).toMatchObject({ memberCount: 2, role: "member", teamId: player.team.id, code });
    const told = await db.select().from(notifications).where(eq(notifications.userId, owner.user.id));
    expect(told).toMatchObject([
      {
        type: "league_joined",
        title: `${player.user.username} joined Open house`,
        body: "2 of 3 seats are taken.",
        link: `/api/v1/leagues/${id}`,
        data: { leagueId: id, userId: player.user.id, username: player.user.username, teamId: player.team.id },
        readAt: null,
      },
    ]);
  });

  test("lets people into a private league by its code alone, however they type it", async ({ database: { db } }) => {
    const season = await aSeason(db);
    const [owner, player] = [await aPlayer(db, season), await aPlayer(db, season)];
    const league = await aLeague(owner.ctx, season, { isPrivate: true });
    const byId = joinLeague(player.ctx, { id: league.id, teamId: player.team.id });
    await expect(byId).rejects.toMatchObject({ kind: "not_found", reason: "league.not_found" });
    const wrong = joinByCode(player.ctx, { code: "2222222222", teamId: player.team.id });
    await expect(wrong).rejects.toMatchObject({ kind: "not_found", reason: "league.not_found" });
    const typed = league.code?.toLowerCase().replace(/^(.{5})/, "$1-") ?? "";
    expect(await joinByCode(player.ctx, { code: typed, teamId: player.team.id })).toMatchObject({
      id: league.id,
      memberCount: 1,
    });
  });

  test("lets the owner of a private league enter without the code", async ({ database: { db } }) => {
    const season = await aSeason(db);
    const { ctx, team, user } = await aPlayer(db, season);
    const { id } = await aLeague(ctx, season, { isPrivate: true });
    expect(await joinLeague(ctx, { id, teamId: team.id })).toMatchObject({ role: "owner", teamId: team.id });
    expect(await db.$count(notifications, eq(notifications.userId, user.id))).toBe(0);
  });

  test("refuses another's team, one that is gone, and one of another season", async ({ database: { db } }) => {
    const [season, otherSeason] = [await aSeason(db), await aSeason(db)];
    const [owner, player] = [await aPlayer(db, season), await aPlayer(db, season)];
    const { id } = await aLeague(owner.ctx, season);
    const foreign = await aTeam(db, { owner: player.user, season: otherSeason });
    await expect(joinLeague(player.ctx, { id, teamId: owner.team.id })).rejects.toMatchObject({
      reason: "team.not_found",
    });
    await expect(joinLeague(player.ctx, { id, teamId: id })).rejects.toMatchObject({ reason: "team.not_found" });
    const wrong = joinLeague(player.ctx, { id, teamId: foreign.id });
    await expect(wrong).rejects.toMatchObject({ kind: "broken_rule", reason: "league.wrong_season" });
    expect(await seatsTaken(db, id)).toEqual({ counted: 0, members: 0 });
  });

  test("refuses a second team of the same user, also through the code", async ({ database: { db } }) => {
    const season = await aSeason(db);
    const { ctx, team, user } = await aPlayer(db, season);
    const second = await aTeam(db, { owner: user, season });
    const { id, code } = await aLeague(ctx, season, { isPrivate: true, teamId: team.id });
    const refusal = { kind: "conflict", reason: "league.already_member" };
    await expect(joinLeague(ctx, { id, teamId: second.id })).rejects.toMatchObject(refusal);
    await expect(joinByCode(ctx, { code: code ?? "", teamId: second.id })).rejects.toMatchObject(refusal);
  });

  test("lets one of sixteen who come at once into the last seat", async ({ database: { db } }) => {
    const season = await aSeason(db);
    const owner = await aPlayer(db, season);
    const { id } = await aLeague(owner.ctx, season, { seats: 2, teamId: owner.team.id });
    const rush = await Promise.all(Array.from({ length: 16 }, () => aPlayer(db, season)));
    const outcome = await settled(rush.map(({ ctx, team }) => joinLeague(ctx, { id, teamId: team.id })));
    expect(outcome).toEqual({ let: 1, refused: ["league.full"] });
    expect(await seatsTaken(db, id)).toEqual({ counted: 2, members: 2 });
    expect(await db.$count(notifications, eq(notifications.userId, owner.user.id))).toBe(1);
  });

  test("seats a user once who comes sixteen times at once", async ({ database: { db } }) => {
    const season = await aSeason(db);
    const [owner, player] = [await aPlayer(db, season), await aPlayer(db, season)];
    const { id } = await aLeague(owner.ctx, season);
    const outcome = await settled(
      Array.from({ length: 16 }, () => joinLeague(player.ctx, { id, teamId: player.team.id })),
    );
    expect(outcome).toEqual({ let: 1, refused: ["league.already_member"] });
    expect(await seatsTaken(db, id)).toEqual({ counted: 1, members: 1 });
  });

  test("asks guests to sign in", async ({ database: { db } }) => {
    const season = await aSeason(db);
    const { ctx, team } = await aPlayer(db, season);
    const { id, code } = await aLeague(ctx, season);
    await expect(joinLeague(asGuest(db), { id, teamId: team.id })).rejects.toMatchObject({ kind: "unauthenticated" });
    await expect(joinByCode(asGuest(db), { code: code ?? "", teamId: team.id })).rejects.toMatchObject({
      kind: "unauthenticated",
    });
  });
});

describe("leaving", () => {
  test("frees the seat for somebody else", async ({ database: { db } }) => {
    const season = await aSeason(db);
    const [owner, player, next] = [await aPlayer(db, season), await aPlayer(db, season), await aPlayer(db, season)];
    const { id } = await aLeague(owner.ctx, season, { seats: 2, teamId: owner.team.id });
    await joinLeague(player.ctx, { id, teamId: player.team.id });
    await leaveLeague(player.ctx, { id });
    expect(await joinLeague(next.ctx, { id, teamId: next.team.id })).toMatchObject({ memberCount: 2 });
    expect(await leagueById(player.ctx, { id })).toMatchObject({ role: null, teamId: null, code: null });
  });

  test("is refused to the owner while others are in, and closes the league once alone", async ({
    database: { db },
  }) => {
    const season = await aSeason(db);
    const [owner, player] = [await aPlayer(db, season), await aPlayer(db, season)];
    const { id } = await aLeague(owner.ctx, season, { teamId: owner.team.id });
    await joinLeague(player.ctx, { id, teamId: player.team.id });
    await expect(leaveLeague(owner.ctx, { id })).rejects.toMatchObject({
      kind: "conflict",
      reason: "league.owner_must_transfer",
    });
    await leaveLeague(player.ctx, { id });
    await leaveLeague(owner.ctx, { id });
    expect(await seatsTaken(db, id)).toEqual({ counted: undefined, members: 0 });
    await expect(leagueById(owner.ctx, { id })).rejects.toMatchObject({ reason: "league.not_found" });
  });

  test("is refused to those who are not in, without a word about private leagues", async ({ database: { db } }) => {
    const season = await aSeason(db);
    const [owner, player] = [await aPlayer(db, season), await aPlayer(db, season)];
    const open = await aLeague(owner.ctx, season);
    const closed = await aLeague(owner.ctx, season, { isPrivate: true });
    await expect(leaveLeague(player.ctx, open)).rejects.toMatchObject({
      kind: "not_found",
      reason: "league.not_a_member",
    });
    await expect(leaveLeague(player.ctx, closed)).rejects.toMatchObject({
      kind: "not_found",
      reason: "league.not_found",
    });
    await expect(leaveLeague(asGuest(db), open)).rejects.toMatchObject({ kind: "unauthenticated" });
  });

  test("frees one seat when the same user leaves sixteen times at once", async ({ database: { db } }) => {
    const season = await aSeason(db);
    const [owner, player] = [await aPlayer(db, season), await aPlayer(db, season)];
    const { id } = await aLeague(owner.ctx, season, { teamId: owner.team.id });
    await joinLeague(player.ctx, { id, teamId: player.team.id });
    await Promise.allSettled(Array.from({ length: 16 }, () => leaveLeague(player.ctx, { id })));
    expect(await seatsTaken(db, id)).toEqual({ counted: 1, members: 1 });
  });
});
