import { users } from "@pitwall/db/schema";
import { test } from "@pitwall/testing/database";
import { eq } from "drizzle-orm";
import { describe, expect } from "vitest";
import { bansOf, liftBan } from "./bans.ts";
import { aLeague, aPlayer, leagueStands, reasonOf, toldTo } from "./leagues.fixture.ts";
import { createLeague, joinByCode, joinLeague, leaveLeague } from "./membership.ts";
import { removeMember, setRole, transferLeague } from "./people.ts";
import { leagueById, membersOf } from "./reading.ts";

const page = { limit: 50, offset: 0 };

describe("removing a member", () => {
  test("frees the seat, tells them, and keeps them out by id and by code", async ({ database: { db } }) => {
    const { id, code, manager, member } = await aLeague(db);
    await removeMember(manager.ctx, { id, userId: member.id, ban: true });
    expect(await leagueStands(db, id)).toMatchObject({ members: 2, isCounted: true });
    expect(await toldTo(db, member)).toMatchObject([
      {
        type: "league_role",
        title: "You are no longer in Sunday drivers",
        link: null,
        data: { leagueId: id, role: null },
      },
    ]);
    const teamId = member.team.id;
    const refusal = { kind: "forbidden", reason: "league.banned" };
    await expect(joinLeague(member.ctx, { id, teamId })).rejects.toMatchObject(refusal);
    await expect(joinByCode(member.ctx, { code, teamId })).rejects.toMatchObject(refusal);
    expect(await leagueById(member.ctx, { id })).toMatchObject({ role: null, code: null, memberCount: 2 });
  });

  test("may leave the door open", async ({ database: { db } }) => {
    const { id, owner, member } = await aLeague(db);
    await removeMember(owner.ctx, { id, userId: member.id, ban: false });
    expect(await joinLeague(member.ctx, { id, teamId: member.team.id })).toMatchObject({ role: "member" });
  });

  test("is about those who are in this league, whatever else they are in", async ({ database: { db } }) => {
    const [here, there] = [await aLeague(db), await aLeague(db)];
    const acts = [
      (userId: string) => removeMember(here.owner.ctx, { id: here.id, userId, ban: true }),
      (userId: string) => setRole(here.owner.ctx, { id: here.id, userId, role: "manager" }),
      (userId: string) => transferLeague(here.owner.ctx, { id: here.id, userId }),
    ];
    for (const { id: userId } of [there.member, there.owner, here.outsider])
      for (const act of acts)
        await expect(act(userId)).rejects.toMatchObject({ kind: "not_found", reason: "league.not_a_member" });
    expect(await bansOf(here.owner.ctx, { id: here.id, ...page })).toEqual({ items: [], total: 0 });
    expect(await leagueStands(db, there.id)).toMatchObject({ members: 3 });
  });
});

describe("bans", () => {
  test("are listed with who spoke them, the newest first, page by page", async ({ database: { db } }) => {
    const { id, owner, manager, member, outsider } = await aLeague(db);
    await removeMember(manager.ctx, { id, userId: member.id, ban: true });
    await joinLeague(outsider.ctx, { id, teamId: outsider.team.id });
    await removeMember(owner.ctx, { id, userId: outsider.id, ban: true });
    const { items, total } = await bansOf(manager.ctx, { id, ...page });
    expect(total).toBe(2);
    expect(items).toMatchObject([
      { userId: outsider.id, username: outsider.user.username, bannedBy: { id: owner.id } },
      { userId: member.id, bannedBy: { id: manager.id, username: manager.user.username } },
    ]);
    expect(await bansOf(owner.ctx, { id, limit: 1, offset: 1 })).toEqual({ items: items.slice(1), total: 2 });
  });

  test("are lifted, after which one may come back", async ({ database: { db } }) => {
    const [{ id, manager, member }, elsewhere] = [await aLeague(db), await aLeague(db)];
    await removeMember(manager.ctx, { id, userId: member.id, ban: true });
    const wrongLeague = liftBan(elsewhere.owner.ctx, { id: elsewhere.id, userId: member.id });
    await expect(wrongLeague).rejects.toMatchObject({ kind: "not_found", reason: "league.not_banned" });
    await liftBan(manager.ctx, { id, userId: member.id });
    expect(await joinLeague(member.ctx, { id, teamId: member.team.id })).toMatchObject({ role: "member" });
    expect(await reasonOf(liftBan(manager.ctx, { id, userId: member.id }))).toBe("league.not_banned");
  });
});

describe("roles", () => {
  test("are given and taken by the owner, and told once", async ({ database: { db } }) => {
    const { id, owner, member } = await aLeague(db);
    const place = { id, userId: member.id };
    for (const _twice of [1, 2])
      expect(await setRole(owner.ctx, { ...place, role: "manager" })).toMatchObject({
        userId: member.id,
        username: member.user.username,
        team: { id: member.team.id, name: member.team.name },
        role: "manager",
      });
    await setRole(owner.ctx, { ...place, role: "member" });
    expect((await toldTo(db, member)).map(({ type, title, link, data }) => [type, title, link, data])).toEqual([
      [
        "league_role",
        "You are a manager of Sunday drivers",
        `/api/v1/leagues/${id}`,
        { leagueId: id, role: "manager" },
      ],
      ["league_role", "You are a member of Sunday drivers", `/api/v1/leagues/${id}`, { leagueId: id, role: "member" }],
    ]);
  });

  test("are not for the owner, who owns it until it is handed over", async ({ database: { db } }) => {
    const { id, owner } = await aLeague(db);
    const attempt = setRole(owner.ctx, { id, userId: owner.id, role: "member" });
    await expect(attempt).rejects.toMatchObject({ kind: "conflict", reason: "league.owner_must_transfer" });
  });
});

describe("handing a league over", () => {
  test("makes a member the owner, who is told, and the old owner a manager who may leave", async ({
    database: { db },
  }) => {
    const { id, owner, member, code } = await aLeague(db, { isPrivate: true });
    expect(await transferLeague(owner.ctx, { id, userId: member.id })).toMatchObject({
      owner: { id: member.id, username: member.user.username },
      role: "manager",
      code,
    });
    expect(await toldTo(db, member)).toMatchObject([
      { type: "league_role", title: "Sunday drivers is yours now", data: { leagueId: id, role: "owner" } },
    ]);
    const { items } = await membersOf(member.ctx, { id, ...page });
    expect(items.map(({ userId, role }) => [userId, role])).toContainEqual([owner.id, "manager"]);
    expect(items.map(({ userId, role }) => [userId, role])).toContainEqual([member.id, "owner"]);
    await leaveLeague(owner.ctx, { id });
    expect(await leagueStands(db, id)).toMatchObject({ members: 2, isOwnerIn: true });
  });

  test("goes there and back", async ({ database: { db } }) => {
    const { id, owner, member } = await aLeague(db);
    await transferLeague(owner.ctx, { id, userId: member.id });
    expect(await reasonOf(transferLeague(owner.ctx, { id, userId: owner.id }))).toBe("league.not_allowed");
    expect(await transferLeague(member.ctx, { id, userId: owner.id })).toMatchObject({ role: "manager" });
    expect(await transferLeague(owner.ctx, { id, userId: owner.id })).toMatchObject({ role: "owner" });
  });

  test("leaves an owner without a team outside", async ({ database: { db } }) => {
    const { season, owner, outsider } = await aLeague(db);
    const { id, code } = await createLeague(owner.ctx, { season, name: "Club", isPrivate: true, seats: 5 });
    await joinByCode(outsider.ctx, { code: code ?? "", teamId: outsider.team.id });
    const handed = await transferLeague(owner.ctx, { id, userId: outsider.id });
    expect(handed).toMatchObject({ owner: { id: outsider.id }, role: null, code: null });
    expect(await reasonOf(leagueById(owner.ctx, { id }))).toBe("league.not_found");
  });

  test("is refused where the heir cannot sign in", async ({ database: { db } }) => {
    const { id, owner, member } = await aLeague(db);
    await db.update(users).set({ isActive: false }).where(eq(users.id, member.id));
    const attempt = transferLeague(owner.ctx, { id, userId: member.id });
    await expect(attempt).rejects.toMatchObject({ kind: "conflict", reason: "league.heir_cannot_sign_in" });
    expect(await reasonOf(leaveLeague(owner.ctx, { id }))).toBe("league.owner_must_transfer");
  });

  test("to an outsider is refused", async ({ database: { db } }) => {
    const { id, owner, season } = await aLeague(db);
    const stranger = await aPlayer(db, season);
    expect(await reasonOf(transferLeague(owner.ctx, { id, userId: stranger.id }))).toBe("league.not_a_member");
  });
});
