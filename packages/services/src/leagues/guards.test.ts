import { type Db, withTx } from "@pitwall/db/database";
import { leagueBans, leagueMembers, leagues, teams } from "@pitwall/db/schema";
import { test } from "@pitwall/testing/database";
import { and, eq } from "drizzle-orm";
import { describe, expect } from "vitest";
import { aLeague, leagueStands } from "./leagues.fixture.ts";

type Scene = Awaited<ReturnType<typeof aLeague>>;

const at = (id: string, userId: string) => and(eq(leagueMembers.leagueId, id), eq(leagueMembers.userId, userId));
const seat = ({ id, season, outsider }: Scene) => ({
  leagueId: id,
  userId: outsider.id,
  teamId: outsider.team.id,
  season,
});
const ban = ({ id, owner }: Scene, userId: string) => ({ leagueId: id, userId, bannedBy: owner.id });

const BY_HAND: readonly (readonly [what: string, code: string, write: (db: Db, scene: Scene) => Promise<unknown>])[] = [
  [
    "a seat for somebody who is banned",
    "PW003",
    async (db, scene) => {
      await db.insert(leagueBans).values(ban(scene, scene.outsider.id));
      await db.insert(leagueMembers).values(seat(scene));
    },
  ],
  ["a ban of somebody who sits", "PW003", (db, scene) => db.insert(leagueBans).values(ban(scene, scene.member.id))],
  ["a league without its owner", "PW004", (db, { id, owner }) => db.delete(leagueMembers).where(at(id, owner.id))],
  [
    "a league of somebody outside",
    "PW004",
    (db, { id, outsider }) => db.update(leagues).set({ ownerId: outsider.id }).where(eq(leagues.id, id)),
  ],
  [
    "a seat for a team that was removed",
    "PW005",
    async (db, scene) => {
      await db.update(teams).set({ removedAt: new Date() }).where(eq(teams.id, scene.outsider.team.id));
      await db.insert(leagueMembers).values(seat(scene));
    },
  ],
  [
    "the removal of a team that sits",
    "PW005",
    (db, { member }) => db.update(teams).set({ removedAt: new Date() }).where(eq(teams.id, member.team.id)),
  ],
  ["fewer seats than members", "23514", (db, { id }) => db.update(leagues).set({ seats: 2 }).where(eq(leagues.id, id))],
];

describe("hand-written SQL", () => {
  test.for(BY_HAND)("cannot make %s", async ([_what, code, write], { database: { db } }) => {
    const scene = await aLeague(db);
    await expect(withTx(db, (tx) => write(tx, scene))).rejects.toMatchObject({ cause: { code } });
    expect(await leagueStands(db, scene.id)).toMatchObject({ members: 3, isCounted: true, isOwnerIn: true });
  });

  test("may take the owner out and hand the league over in one transaction", async ({ database: { db } }) => {
    const { id, owner, member } = await aLeague(db);
    await withTx(db, async (tx) => {
      await tx.delete(leagueMembers).where(at(id, owner.id));
      await tx.update(leagues).set({ ownerId: member.id }).where(eq(leagues.id, id));
    });
    expect(await leagueStands(db, id)).toMatchObject({ members: 2, isOwnerIn: true });
  });
});
