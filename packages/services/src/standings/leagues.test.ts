import type { Db } from "@pitwall/db/database";
import { HOUR } from "@pitwall/domain/durations";
import { aRace, aTeam, aUser, lockNow } from "@pitwall/testing/builders";
import { test } from "@pitwall/testing/database";
import { describe, expect } from "vitest";
import { asGuest, asUser } from "../context.fixture.ts";
import { createLeague, joinByCode } from "../leagues/membership.ts";
import { record, result } from "../results/results.fixture.ts";
import { leagueStandings, myLeagueStanding } from "./leagues.ts";
import { aPlayedSeason, type Entrant, finishing } from "./standings.fixture.ts";

const page = { limit: 50, offset: 0 };
const notFound = { kind: "not_found", reason: "league.not_found" };

/** A league of the entrants' teams, founded by the first. */
async function aLeagueOf(db: Db, season: number, entrants: readonly Entrant[], isPrivate = true) {
  const [founder, ...others] = entrants;
  if (!founder) throw new Error("a league needs a founder");
  const ctx = asUser(db, founder.owner);
  const league = await createLeague(ctx, { season, name: "Friends", isPrivate, seats: 20, teamId: founder.team.id });
  for (const { owner, team } of others)
    await joinByCode(asUser(db, owner), { code: league.code ?? "", teamId: team.id });
  return { id: league.id, ctx };
}

describe("the standings of a league", () => {
  test("rank its teams among themselves, ties and all", async ({ database: { db } }) => {
    const { season, entrants, slugs } = await aPlayedSeason(db, {
      captains: [0, 1, 2, 2, 3],
      finishes: [[0, 1, 2, 3]],
    });
    // The second of the whole game is not in it.
    const members = entrants.filter((_, place) => place !== 1);
    const { id, ctx } = await aLeagueOf(db, season, members);
    const standings = await leagueStandings(ctx, { id, ...page });
    expect(standings).toMatchObject({ total: 4, race: { season, slug: slugs[0], revision: 1 } });
    expect(
      standings.items.map(({ rank, teamId }) => [rank, members.findIndex(({ team }) => team.id === teamId)]),
    ).toEqual([
      [1, 0],
      [2, 1],
      [2, 2],
      [4, 3],
    ]);
    expect(standings.items[0]).toMatchObject({ username: members[0]?.owner.username, total: 390, racePoints: 390 });
  });

  test("say who rose and who fell since the race before", async ({ database: { db } }) => {
    const { season, entrants, drivers } = await aPlayedSeason(db, { captains: [0, 1], finishes: [[0, 1]] });
    const [winner, second] = entrants.map(({ team }) => team.id);
    const { id, ctx } = await aLeagueOf(db, season, entrants);
    const changes = async () =>
      (await leagueStandings(ctx, { id, ...page })).items.map(({ teamId, rankChange }) => [teamId, rankChange]);
    expect(await changes()).toEqual([
      [winner, null],
      [second, null],
    ]);
    const race = await lockNow(db, await aRace(db, { season, lockIn: HOUR, drivers }));
    await record(db, race, result(finishing(drivers, [1, 2, 3, 4, 5, 6])));
    expect(await changes()).toEqual([
      [second, 1],
      [winner, -1],
    ]);
  });

  test("can be asked for as they were after an earlier race", async ({ database: { db } }) => {
    const { season, entrants, slugs } = await aPlayedSeason(db, {
      captains: [0, 1],
      finishes: [
        [0, 1],
        [1, 2, 3, 4, 5, 6],
      ],
    });
    const { id, ctx } = await aLeagueOf(db, season, entrants);
    const totals = async (race?: string) =>
      (await leagueStandings(ctx, { id, race, ...page })).items.map(({ total }) => total);
    expect(await totals(slugs[0])).toEqual([390, 270]);
    expect(await totals()).toEqual([270 + 390, 390 + 90]);
  });

  test("place those who entered since at the end, with nothing", async ({ database: { db } }) => {
    const { season, entrants } = await aPlayedSeason(db, { captains: [0], finishes: [[0]] });
    const owner = await aUser(db);
    const late = { owner, team: await aTeam(db, { owner, season }) };
    const { id, ctx } = await aLeagueOf(db, season, [...entrants, late]);
    const { items } = await leagueStandings(ctx, { id, ...page });
    expect(items.at(-1)).toMatchObject({ rank: 2, teamId: late.team.id, total: 0, rankChange: null });
  });

  test("come page by page", async ({ database: { db } }) => {
    const { season, entrants } = await aPlayedSeason(db, { captains: [0, 1, 1, 2, 3], finishes: [[0, 1, 2, 3]] });
    const { id, ctx } = await aLeagueOf(db, season, entrants);
    const whole = (await leagueStandings(ctx, { id, ...page })).items;
    const pages = await Promise.all([0, 2, 4].map((offset) => leagueStandings(ctx, { id, limit: 2, offset })));
    expect(pages.flatMap(({ items }) => items)).toEqual(whole);
    expect(whole).toHaveLength(5);
  });

  test("of a private league do not exist for outsiders; of a public one everybody sees them", async ({
    database: { db },
  }) => {
    const { season, entrants } = await aPlayedSeason(db, { captains: [0], finishes: [[0]] });
    const closed = await aLeagueOf(db, season, entrants);
    const outsiders = [asGuest(db), asUser(db, await aUser(db))];
    for (const ctx of outsiders)
      await expect(leagueStandings(ctx, { id: closed.id, ...page })).rejects.toMatchObject(notFound);

    const more = await aPlayedSeason(db, { captains: [0], finishes: [[0]] });
    const open = await aLeagueOf(db, more.season, more.entrants, false);
    for (const ctx of outsiders) expect((await leagueStandings(ctx, { id: open.id, ...page })).items).toHaveLength(1);
    await expect(leagueStandings(asGuest(db), { id: entrants[0]?.team.id ?? "", ...page })).rejects.toMatchObject(
      notFound,
    );
  });
});

describe("my standing in a league", () => {
  test("is that of my team", async ({ database: { db } }) => {
    const { season, entrants } = await aPlayedSeason(db, { captains: [0, 1], finishes: [[0, 1]] });
    const { id } = await aLeagueOf(db, season, entrants);
    const [, second] = entrants;
    const mine = await myLeagueStanding(asUser(db, second?.owner ?? (await aUser(db))), { id });
    expect(mine).toMatchObject({ rank: 2, teamId: second?.team.id, total: 270 });
  });

  test("is each one's own, whoever else asks at the same time, of whichever league and race", async ({
    database: { db },
  }) => {
    const finishes = [
      [0, 1, 2],
      [2, 1, 0],
    ];
    const { season, entrants, slugs } = await aPlayedSeason(db, { captains: [0, 1, 2], finishes });
    const leagues = [
      { members: entrants, ...(await aLeagueOf(db, season, entrants)) },
      { members: entrants.slice(1), ...(await aLeagueOf(db, season, entrants.slice(1))) },
    ];
    const asOf = [{}, { by: "race" }, { race: slugs[0] }] as const;
    const asked = leagues.flatMap(({ id, members, ctx }) =>
      asOf.flatMap((how) => members.map(({ owner, team }) => ({ input: { id, ...how }, owner, team, ctx }))),
    );
    const mine = await Promise.all(asked.map(({ input, owner }) => myLeagueStanding(asUser(db, owner), input)));
    expect(mine).toHaveLength(15);
    for (const [nth, { input, team, ctx }] of asked.entries()) {
      const { items } = await leagueStandings(ctx, { ...input, ...page });
      expect(mine[nth]).toEqual(items.find(({ teamId }) => teamId === team.id));
    }
  });

  test("is none without a team in it, and a guest is asked to sign in", async ({ database: { db } }) => {
    const { season, entrants } = await aPlayedSeason(db, { captains: [0], finishes: [[0]] });
    const open = await aLeagueOf(db, season, entrants, false);
    await expect(myLeagueStanding(asGuest(db), open)).rejects.toMatchObject({ kind: "unauthenticated" });
    await expect(myLeagueStanding(asUser(db, await aUser(db)), open)).rejects.toMatchObject({
      kind: "not_found",
      reason: "league.not_a_member",
    });
  });

  test("in a private league that is not mine does not exist", async ({ database: { db } }) => {
    const { season, entrants } = await aPlayedSeason(db, { captains: [0], finishes: [[0]] });
    const { id } = await aLeagueOf(db, season, entrants);
    await expect(myLeagueStanding(asUser(db, await aUser(db)), { id })).rejects.toMatchObject(notFound);
  });
});
