import { type Db, openDatabase } from "@pitwall/db/database";
import { leagueMembers, notifications } from "@pitwall/db/schema";
import { test as plain } from "@pitwall/testing/database";
import { eq, sql } from "drizzle-orm";
import { describe, expect, vi } from "vitest";
import { removeTeam } from "../teams/keeping.ts";
import { aLeague, aPlayer, leagueStands, type Player, reasonOf } from "./leagues.fixture.ts";
import { createLeague, joinByCode, joinLeague, leaveLeague } from "./membership.ts";
import { removeMember, setRole, transferLeague } from "./people.ts";
import { removeLeague, renewCode, updateLeague } from "./ruling.ts";

/** Enough connections that nobody waits for one: all meet at the rows. */
const CONNECTIONS = 32;

vi.setConfig({ testTimeout: 60_000 });

const test = plain.extend("crowd", { scope: "file" }, async ({ database }, { onCleanup }): Promise<Db> => {
  const crowd = openDatabase({
    url: database.url,
    max: CONNECTIONS,
    lockTimeout: 10_000,
    statementTimeout: 15_000,
    queryTimeout: 20_000,
  });
  onCleanup(() => crowd.close());
  await Promise.all(Array.from({ length: CONNECTIONS }, () => crowd.db.execute(sql`select pg_sleep(0.05)`)));
  return crowd.db;
});

const REFUSALS = /^(done|league\.|team\.)/;

async function players(db: Db, season: number, n: number): Promise<Player[]> {
  return Promise.all(Array.from({ length: n }, () => aPlayer(db, season)));
}

function counted(outcomes: readonly string[]): Record<string, number> {
  return Object.fromEntries([...new Set(outcomes)].map((one) => [one, outcomes.filter((each) => each === one).length]));
}

describe("many at once", () => {
  test("leave one of thirty-two in the last seat", async ({ crowd: db }) => {
    const { id, code, season, owner } = await aLeague(db, { seats: 4 });
    const rush = await players(db, season, 32);
    const outcomes = await Promise.all(
      rush.map(({ ctx, team }, at) =>
        reasonOf(at % 2 ? joinLeague(ctx, { id, teamId: team.id }) : joinByCode(ctx, { code, teamId: team.id })),
      ),
    );
    expect(counted(outcomes)).toEqual({ done: 1, "league.full": 31 });
    expect(await leagueStands(db, id)).toMatchObject({ members: 4, isCounted: true });
    expect(await db.$count(notifications, eq(notifications.userId, owner.id))).toBe(1);
  });

  test("seat a user once who comes thirty-two times, half of them with somebody else's team", async ({ crowd: db }) => {
    const { id, season, outsider } = await aLeague(db);
    const others = await players(db, season, 1);
    const teams = [outsider.team.id, ...others.map(({ team }) => team.id)];
    const outcomes = await Promise.all(
      Array.from({ length: 32 }, (_, at) => reasonOf(joinLeague(outsider.ctx, { id, teamId: teams[at % 2] ?? "" }))),
    );
    expect(counted(outcomes)).toEqual({ done: 1, "league.already_member": 15, "team.not_found": 16 });
    expect(await db.$count(leagueMembers, eq(leagueMembers.userId, outsider.id))).toBe(1);
  });

  test("take no more seats than are left while the owner takes some away", async ({ crowd: db }) => {
    for (let round = 0; round < 5; round += 1) {
      const { id, season, owner } = await aLeague(db, { seats: 10 });
      const rush = await players(db, season, 12);
      await Promise.all([
        ...rush.map(({ ctx, team }) => reasonOf(joinLeague(ctx, { id, teamId: team.id }))),
        ...[9, 7, 5, 3].map((seats) => reasonOf(updateLeague(owner.ctx, { id, seats }))),
      ]);
      expect(await leagueStands(db, id)).toMatchObject({ isCounted: true, isWithinSeats: true });
    }
  });

  test("cannot slip past a code that is being renewed, or a ban that is being spoken", async ({ crowd: db }) => {
    for (let round = 0; round < 5; round += 1) {
      const { id, code, season, owner, member } = await aLeague(db, { isPrivate: true });
      const rush = await players(db, season, 14);
      const teamId = member.team.id;
      await Promise.all([
        ...rush.slice(0, 7).map(({ ctx, team }) => reasonOf(joinByCode(ctx, { code, teamId: team.id }))),
        reasonOf(removeMember(owner.ctx, { id, userId: member.id, ban: true })),
        renewCode(owner.ctx, { id }).then(async ({ code: fresh }) => {
          const late = rush.slice(7).map(({ ctx, team }) => reasonOf(joinByCode(ctx, { code, teamId: team.id })));
          expect(counted(await Promise.all(late))).toEqual({ "league.not_found": 7 });
          return reasonOf(joinByCode(member.ctx, { code: fresh ?? "", teamId }));
        }),
        ...Array.from({ length: 8 }, () => reasonOf(joinByCode(member.ctx, { code, teamId }))),
      ]);
      expect(await db.$count(leagueMembers, eq(leagueMembers.userId, member.id))).toBe(0);
      expect(await leagueStands(db, id)).toMatchObject({ isCounted: true, isOwnerIn: true });
    }
  });
});

describe("entering, leaving, removing, handing over and closing at once", () => {
  test.for([
    { what: "with a league that stays", closes: false },
    { what: "with one that its owner closes meanwhile", closes: true },
  ])(
    "$what, leaves no league without an owner in it and no seat without a league",
    async ({ closes }, { crowd: db }) => {
      for (let round = 0; round < 20; round += 1) {
        const { id, code, season, owner, manager, member, outsider } = await aLeague(db, {
          isPrivate: round % 2 === 0,
        });
        const inside = [owner, manager, member];
        const newcomers = [outsider, ...(await players(db, season, 5))];
        const acts = [
          ...newcomers.map(({ ctx, team }) => joinByCode(ctx, { code, teamId: team.id })),
          ...inside.map(({ ctx }) => leaveLeague(ctx, { id })),
          ...inside.map(({ id: userId }) => transferLeague(owner.ctx, { id, userId })),
          transferLeague(manager.ctx, { id, userId: member.id }),
          removeMember(owner.ctx, { id, userId: member.id, ban: round % 3 === 0 }),
          removeMember(manager.ctx, { id, userId: member.id, ban: false }),
          setRole(owner.ctx, { id, userId: member.id, role: "manager" }),
          ...inside.map(({ ctx, team }) => removeTeam(ctx, { id: team.id })),
          ...(closes ? [removeLeague(owner.ctx, { id })] : []),
        ];
        const outcomes = await Promise.all(acts.map(reasonOf));
        for (const outcome of outcomes) expect(outcome).toMatch(REFUSALS);
        const stands = await leagueStands(db, id);
        if (stands) expect(stands).toMatchObject({ isCounted: true, isOwnerIn: true, isWithinSeats: true });
      }
      expect(await seatsOfNobody(db)).toBe(0);
    },
  );

  test("through several leagues in which the same teams sit", async ({ crowd: db }) => {
    for (let round = 0; round < 10; round += 1) {
      const { season, owner, manager, member, outsider } = await aLeague(db);
      const four = [owner, manager, member, outsider];
      const leagues = await Promise.all(
        four.map(({ ctx, team }) =>
          createLeague(ctx, { season, name: "Ring", isPrivate: false, seats: 10, teamId: team.id }),
        ),
      );
      const cross = leagues.flatMap(({ id }) => four.map(({ ctx, team }) => joinLeague(ctx, { id, teamId: team.id })));
      await Promise.all(cross.map(reasonOf));
      const outcomes = await Promise.all([
        ...four.map(({ ctx, team }) => reasonOf(removeTeam(ctx, { id: team.id }))),
        ...leagues.flatMap(({ id, owner: { id: ownerId } }) =>
          four.map(({ ctx, id: userId }) =>
            reasonOf(
              ownerId === userId
                ? transferLeague(ctx, { id, userId: four[round % 4]?.id ?? "" })
                : leaveLeague(ctx, { id }),
            ),
          ),
        ),
      ]);
      for (const outcome of outcomes) expect(outcome).toMatch(REFUSALS);
      for (const { id } of leagues) {
        const stands = await leagueStands(db, id);
        if (stands) expect(stands).toMatchObject({ isCounted: true, isOwnerIn: true });
      }
    }
    expect(await seatsOfNobody(db)).toBe(0);
  });
});

/** Seats of teams that are gone. Those of leagues that are gone cannot be: a key holds them. */
async function seatsOfNobody(db: Db): Promise<number> {
  const { rows } = await db.execute<{ n: number }>(
    sql`select count(*)::int as n from league_members m join teams t on t.id = m.team_id where t.removed_at is not null`,
  );
  return rows[0]?.n ?? 0;
}
