import type { Db } from "@pitwall/db/database";
import { leagueBuilds, leagueMembers, leagues, teams, users } from "@pitwall/db/schema";
import { HOUR } from "@pitwall/domain/durations";
import { aRace, aTeam, aUser, lockNow } from "@pitwall/testing/builders";
import { test } from "@pitwall/testing/database";
import { eq, sql } from "drizzle-orm";
import { describe, expect } from "vitest";
import { asClock, asUser } from "../context.fixture.ts";
import { LARGE } from "../internal/large-leagues.ts";
import { createLeague, joinLeague, leaveLeague } from "../leagues/membership.ts";
import { record, result } from "../results/results.fixture.ts";
import { buildLeague, buildLeagues } from "./league-builds.ts";
import { aroundInLeague, leagueStandings, myLeagueStanding } from "./leagues.ts";
import { aPlayedSeason } from "./standings.fixture.ts";

const page = { limit: 100, offset: 0 };
const clock = (db: Db) => asClock(db, new Date());

/** A public league of a winner, a second, and so many more that it is large. */
async function aLargeLeague(db: Db) {
  const { season, entrants, drivers } = await aPlayedSeason(db, { captains: [0, 1], finishes: [[0, 1]] });
  const [winner, second] = entrants;
  if (!winner || !second) throw new Error("two entered");
  const ctx = asUser(db, winner.owner);
  const { id } = await createLeague(ctx, {
    season,
    name: "Many",
    isPrivate: false,
    seats: 5000,
    teamId: winner.team.id,
  });
  const crowd = `crowd_of_${season}`;
  await db.execute(sql`insert into users (username, email, password_hash)
    select ${crowd} || '_' || n, ${crowd} || '_' || n || '@example.org', 'none' from generate_series(1, ${LARGE - 1}::int) n`);
  await db.execute(sql`insert into teams (owner_id, season, slot, name)
    select id, ${season}, 1, 'One of many' from ${users} where username like ${`${crowd}%`}`);
  await db.execute(sql`insert into league_members (league_id, user_id, team_id, season)
    select ${id}, owner_id, id, season from ${teams} where season = ${season} and name = 'One of many'`);
  return { id, ctx, season, drivers, winner, second };
}

async function jobsOf(db: Db, key: string): Promise<number> {
  const { rows } = await db.execute(sql`select 1 from graphile_worker.jobs where key = ${key}`);
  return rows.length;
}

async function buildsOf(db: Db, leagueId: string): Promise<number> {
  return (await db.select().from(leagueBuilds).where(eq(leagueBuilds.leagueId, leagueId))).length;
}

describe("a large league", () => {
  test("answers from rows of its own as it did from its members", async ({ database: { db } }) => {
    const { id, ctx, winner } = await aLargeLeague(db);
    const asked = async () => [
      await leagueStandings(ctx, { id, ...page }),
      await leagueStandings(ctx, { id, by: "race", limit: 10, offset: LARGE / 2 }),
      await leagueStandings(ctx, { id, limit: 10, offset: LARGE + 7 }),
      await myLeagueStanding(ctx, { id }),
      await aroundInLeague(ctx, { id, teamId: winner.team.id, each: 5 }),
    ];
    const sorted = await asked();
    expect(await buildLeague(clock(db), { leagueId: id })).toBe(LARGE);
    expect(await asked()).toEqual(sorted);
  });

  test("is written after every result, and sorted until then", async ({ database: { db } }) => {
    const { id, ctx, season, drivers, winner } = await aLargeLeague(db);
    await buildLeague(clock(db), { leagueId: id });
    const next = await lockNow(db, await aRace(db, { season, lockIn: HOUR, drivers }));
    await record(db, next, result(drivers));
    expect(await jobsOf(db, `build-leagues:${season}`)).toBe(1);
    expect(await leagueStandings(ctx, { id, ...page })).toMatchObject({ race: { slug: next.slug }, total: LARGE });
    expect(await buildLeagues(clock(db), { season })).toBe(1);
    expect(await jobsOf(db, `build-league:${id}`)).toBe(1);
    await buildLeague(clock(db), { leagueId: id });
    const { items } = await leagueStandings(ctx, { id, ...page });
    expect(items[0]).toMatchObject({ teamId: winner.team.id, rank: 1, rankChange: 0, total: 390 * 2 });
  });

  test("shows at once who has left, and whoever has come in finds themselves", async ({ database: { db } }) => {
    const { id, ctx, season, second, winner } = await aLargeLeague(db);
    const guest = await aUser(db);
    const guests = asUser(db, guest);
    const team = await aTeam(db, { owner: guest, season });
    await joinLeague(guests, { id, teamId: team.id });
    await buildLeague(clock(db), { leagueId: id });
    expect(await jobsOf(db, `build-league:${id}`)).toBe(1);

    await leaveLeague(guests, { id });
    await joinLeague(asUser(db, second.owner), { id, teamId: second.team.id });
    expect(await jobsOf(db, `build-league:${id}`)).toBe(1);
    const around = await aroundInLeague(ctx, { id, teamId: second.team.id, each: 1 });
    expect(around.items.map(({ teamId, rank }) => [teamId, rank]).slice(0, 2)).toEqual([
      [winner.team.id, 1],
      [second.team.id, 2],
    ]);
    expect(await myLeagueStanding(asUser(db, second.owner), { id })).toMatchObject({ rank: 2, total: 270 });
    await expect(aroundInLeague(ctx, { id, teamId: team.id, each: 1 })).rejects.toMatchObject({
      kind: "not_found",
      reason: "league.no_such_team",
    });
    const { items } = await leagueStandings(ctx, { id, limit: 100, offset: LARGE - 50 });
    expect(items.map(({ teamId }) => teamId)).not.toContain(team.id);
  });

  test("that has become small is sorted again when asked", async ({ database: { db } }) => {
    const { id, second, season } = await aLargeLeague(db);
    await buildLeague(clock(db), { leagueId: id });
    await db.execute(sql`delete from ${leagueMembers} where league_id = ${id} and team_id in
      (select id from ${teams} where season = ${season} and name = 'One of many' limit 5)`);
    expect(await buildsOf(db, id)).toBe(1);
    await joinLeague(asUser(db, second.owner), { id, teamId: second.team.id });
    expect(await buildsOf(db, id)).toBe(0);
  });

  test("keeps the rows it replaced for whoever is reading, and no older ones", async ({ database: { db } }) => {
    const { id } = await aLargeLeague(db);
    for (let turn = 0; turn < 4; turn += 1) await buildLeague(clock(db), { leagueId: id });
    expect(await buildsOf(db, id)).toBe(2);
    await Promise.all([buildLeague(clock(db), { leagueId: id }), buildLeague(clock(db), { leagueId: id })]);
    expect(await buildsOf(db, id)).toBe(2);
  });

  test("that is gone, or has no result to stand after, is no matter", async ({ database: { db } }) => {
    const { id } = await aLargeLeague(db);
    await buildLeague(clock(db), { leagueId: id });
    await db.delete(leagues).where(eq(leagues.id, id));
    expect(await buildLeague(clock(db), { leagueId: id })).toBe(0);
    expect(await buildsOf(db, id)).toBe(0);
  });
});
