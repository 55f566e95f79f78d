import { type Db, withTx } from "@pitwall/db/database";
import { test as plain } from "@pitwall/testing/database";
import { describe, expect } from "vitest";
import { asGuest } from "../context.fixture.ts";
import type { ServiceContext } from "../context.ts";
import { bansOf, liftBan } from "./bans.ts";
import { aLeague, aPlayer, reasonOf } from "./leagues.fixture.ts";
import { joinByCode, leaveLeague } from "./membership.ts";
import { removeMember, setRole, transferLeague } from "./people.ts";
import { leagueById, membersOf } from "./reading.ts";
import { removeLeague, renewCode, updateLeague } from "./ruling.ts";

type Scene = Awaited<ReturnType<typeof aScene>>;
type Act = (scene: Scene, ctx: ServiceContext) => Promise<unknown>;

/** A league with all roles, another manager and another member to act upon, and somebody who is banned. */
async function aScene(db: Db, isPrivate: boolean) {
  const league = await aLeague(db, { isPrivate });
  const [manager2, member2, banned] = [
    await aPlayer(db, league.season),
    await aPlayer(db, league.season),
    await aPlayer(db, league.season),
  ];
  for (const { ctx, team } of [manager2, member2, banned])
    await joinByCode(ctx, { code: league.code, teamId: team.id });
  await setRole(league.owner.ctx, { id: league.id, userId: manager2.id, role: "manager" });
  await removeMember(league.owner.ctx, { id: league.id, userId: banned.id, ban: true });
  return { ...league, manager2, member2, banned };
}

const test = plain.extend("scenes", { scope: "file" }, async ({ database: { db } }) => ({
  open: await aScene(db, false),
  closed: await aScene(db, true),
}));

const page = { limit: 50, offset: 0 };

/** Who may do what, said a second time on purpose: what changes hands in the code fails here. */
const ACTS: Record<string, { may: readonly ("owner" | "manager" | "member")[]; act: Act }> = {
  "describe it": { may: ["owner", "manager"], act: ({ id }, ctx) => updateLeague(ctx, { id, description: "Fast" }) },
  "rename it": { may: ["owner"], act: ({ id }, ctx) => updateLeague(ctx, { id, name: "Fast" }) },
  "rename and describe it": {
    may: ["owner"],
    act: ({ id }, ctx) => updateLeague(ctx, { id, name: "F", description: "" }),
  },
  "open or hide it": { may: ["owner"], act: ({ id }, ctx) => updateLeague(ctx, { id, isPrivate: true }) },
  "change its seats": { may: ["owner"], act: ({ id }, ctx) => updateLeague(ctx, { id, seats: 30 }) },
  "renew its code": { may: ["owner"], act: ({ id }, ctx) => renewCode(ctx, { id }) },
  "make a manager": {
    may: ["owner"],
    act: ({ id, member2 }, ctx) => setRole(ctx, { id, userId: member2.id, role: "manager" }),
  },
  "hand it over": { may: ["owner"], act: ({ id, member2 }, ctx) => transferLeague(ctx, { id, userId: member2.id }) },
  "close it": { may: ["owner"], act: ({ id }, ctx) => removeLeague(ctx, { id }) },
  "remove a member": {
    may: ["owner", "manager"],
    act: ({ id, member2 }, ctx) => removeMember(ctx, { id, userId: member2.id, ban: true }),
  },
  "remove a manager": {
    may: ["owner"],
    act: ({ id, manager2 }, ctx) => removeMember(ctx, { id, userId: manager2.id, ban: true }),
  },
  "see who is banned": { may: ["owner", "manager"], act: ({ id }, ctx) => bansOf(ctx, { id, ...page }) },
  "lift a ban": { may: ["owner", "manager"], act: ({ id, banned }, ctx) => liftBan(ctx, { id, userId: banned.id }) },
};

describe.each(Object.entries(ACTS))("to %s", (_what, { may, act }) => {
  test.for([false, true])("is for those who may, in a league that is private: %s", async (isPrivate, { scenes }) => {
    const scene = scenes[isPrivate ? "closed" : "open"];
    const outside = isPrivate ? "league.not_found" : "league.not_allowed";
    const outcomes = {
      owner: await outcomeOf(scene, act, scene.owner.ctx),
      manager: await outcomeOf(scene, act, scene.manager.ctx),
      member: await outcomeOf(scene, act, scene.member.ctx),
      outsider: await outcomeOf(scene, act, scene.outsider.ctx),
      banned: await outcomeOf(scene, act, scene.banned.ctx),
      guest: await outcomeOf(scene, act, asGuest(scene.owner.ctx.db)),
    };
    const refused = { owner: "league.not_allowed", manager: "league.not_allowed", member: "league.not_allowed" };
    const done = Object.fromEntries(may.map((role) => [role, "done"]));
    expect(outcomes).toEqual({ ...refused, ...done, outsider: outside, banned: outside, guest: "auth.required" });
  });
});

/** Acts in a transaction that comes to nothing, so that one league serves all. */
async function outcomeOf(scene: Scene, act: Act, ctx: ServiceContext): Promise<string> {
  const undone = new Error("undone");
  let outcome = "";
  await withTx(ctx.db, async (db) => {
    outcome = await reasonOf(act(scene, { ...ctx, db }));
    throw undone;
  }).catch((error: unknown) => {
    if (error !== undone) throw error;
  });
  return outcome;
}

test("nobody removes the owner, who does not remove himself either", async ({ database: { db } }) => {
  const { id, owner, manager } = await aScene(db, false);
  const place = { id, userId: owner.id, ban: true };
  expect(await reasonOf(removeMember(manager.ctx, place))).toBe("league.not_allowed");
  expect(await reasonOf(removeMember(owner.ctx, place))).toBe("league.leave_instead");
  expect(await reasonOf(removeMember(manager.ctx, { id, userId: manager.id, ban: false }))).toBe(
    "league.leave_instead",
  );
});

test("the powers of a manager end with the role, and those of a member with the seat", async ({ database: { db } }) => {
  const { id, owner, manager, member } = await aScene(db, true);
  await setRole(owner.ctx, { id, userId: manager.id, role: "member" });
  expect(await reasonOf(bansOf(manager.ctx, { id, ...page }))).toBe("league.not_allowed");
  await leaveLeague(member.ctx, { id });
  const looks = [leagueById(member.ctx, { id }), membersOf(member.ctx, { id, ...page })];
  expect(await Promise.all(looks.map(reasonOf))).toEqual(["league.not_found", "league.not_found"]);
});
