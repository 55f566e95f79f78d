import { leagueBans, leagueMembers, leagues } from "@pitwall/db/schema";
import { test } from "@pitwall/testing/database";
import { eq } from "drizzle-orm";
import { describe, expect } from "vitest";
import { aLeague, leagueStands, reasonOf, toldTo } from "./leagues.fixture.ts";
import { createLeague, joinByCode, joinLeague } from "./membership.ts";
import { removeMember } from "./people.ts";
import { leagueById } from "./reading.ts";
import { removeLeague, renewCode, updateLeague } from "./ruling.ts";

describe("changing a league", () => {
  test("changes what is named and leaves the rest", async ({ database: { db } }) => {
    const { id, owner } = await aLeague(db, { description: "Before" });
    const before = await leagueById(owner.ctx, { id });
    const changed = await updateLeague(owner.ctx, { id, name: "Night owls", seats: 5, isPrivate: true });
    expect(changed).toEqual({ ...before, name: "Night owls", seats: 5, isPrivate: true, version: 2 });
    const bare = { ...changed, description: "", version: 3 };
    expect(await updateLeague(owner.ctx, { id, description: "" })).toEqual(bare);
    expect(await updateLeague(owner.ctx, { id })).toEqual(bare);
    expect(await updateLeague(owner.ctx, { id, description: "" })).toEqual(bare);
  });

  test("cannot take away seats that are taken, and says how many are", async ({ database: { db } }) => {
    const { id, owner } = await aLeague(db);
    const attempt = updateLeague(owner.ctx, { id, seats: 2 });
    await expect(attempt).rejects.toMatchObject({
      kind: "conflict",
      reason: "league.seats_below_members",
      message: expect.stringContaining("3 members"),
    });
    expect(await updateLeague(owner.ctx, { id, seats: 3 })).toMatchObject({ seats: 3, memberCount: 3 });
  });

  test("can hide it from outsiders, and open it again", async ({ database: { db } }) => {
    const { id, owner, outsider } = await aLeague(db);
    await updateLeague(owner.ctx, { id, isPrivate: true });
    expect(await reasonOf(leagueById(outsider.ctx, { id }))).toBe("league.not_found");
    await updateLeague(owner.ctx, { id, isPrivate: false });
    expect(await leagueById(outsider.ctx, { id })).toMatchObject({ role: null, code: null });
  });
});

describe("a renewed code", () => {
  test("is the only one that lets in, at once", async ({ database: { db } }) => {
    const { id, code, owner, outsider } = await aLeague(db, { isPrivate: true });
    const renewed = await renewCode(owner.ctx, { id });
    expect(renewed.code).toMatch(/^[2-9A-HJKMNP-TV-Z]{10}$/);
    expect(renewed.code).not.toBe(code);
    const teamId = outsider.team.id;
    expect(await reasonOf(joinByCode(outsider.ctx, { code, teamId }))).toBe("league.not_found");
    expect(await joinByCode(outsider.ctx, { code: renewed.code ?? "", teamId })).toMatchObject({ id, role: "member" });
  });
});

describe("closing a league", () => {
  test("takes everything of it away, and tells whoever was in it", async ({ database: { db } }) => {
    const { id, owner, manager, member, outsider } = await aLeague(db);
    await joinLeague(outsider.ctx, { id, teamId: outsider.team.id });
    await removeMember(owner.ctx, { id, userId: outsider.id, ban: true });
    await removeLeague(owner.ctx, { id });
    for (const [table, at] of [
      [leagues, leagues.id],
      [leagueMembers, leagueMembers.leagueId],
      [leagueBans, leagueBans.leagueId],
    ] as const)
      expect(await db.$count(table, eq(at, id))).toBe(0);
    for (const told of [manager, member])
      expect(await toldTo(db, told)).toMatchObject([
        { type: "league_role", title: "Sunday drivers is no more", link: null, data: { leagueId: id, role: null } },
      ]);
    expect(await toldTo(db, owner)).toMatchObject([{ type: "league_joined" }]);
    expect(await toldTo(db, outsider)).toMatchObject([{ title: "You are no longer in Sunday drivers" }]);
    expect(await reasonOf(removeLeague(owner.ctx, { id }))).toBe("league.not_found");
    expect(await leagueStands(db, id)).toBeNull();
  });

  test("is also for an owner who has no team in it", async ({ database: { db } }) => {
    const { owner, season } = await aLeague(db);
    const { id } = await createLeague(owner.ctx, { season, name: "Empty", isPrivate: true, seats: 2 });
    await removeLeague(owner.ctx, { id });
    expect(await reasonOf(leagueById(owner.ctx, { id }))).toBe("league.not_found");
  });
});
