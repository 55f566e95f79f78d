import { asGuest, asUser } from "@pitwall/services/context.fixture";
import { createLeague } from "@pitwall/services/leagues/membership";
import { aPlayedSeason } from "@pitwall/services/standings/standings.fixture";
import { aUser } from "@pitwall/testing/builders";
import { test } from "@pitwall/testing/database";
import { describe, expect } from "vitest";
import { contextOf } from "../context.ts";
import { appRouter } from "../router.ts";

type Db = Parameters<typeof asGuest>[0];

async function aLeague(db: Db) {
  const played = await aPlayedSeason(db, {
    captains: [0, 1, 2],
    finishes: [
      [0, 1, 2],
      [2, 1, 0],
    ],
  });
  const [first] = played.entrants;
  if (!first) throw new Error("three entered");
  const founder = asUser(db, first.owner);
  const ofFounder = { season: played.season, name: "Friends", isPrivate: true, seats: 20, teamId: first.team.id };
  const { id } = await createLeague(founder, ofFounder);
  const callers = {
    founder: appRouter.createCaller(contextOf(founder)),
    guest: appRouter.createCaller(contextOf(asGuest(db))),
    outsider: appRouter.createCaller(contextOf(asUser(db, await aUser(db)))),
  };
  return { ...played, id, teamId: first.team.id, ...callers };
}

describe("standings", () => {
  test("are asked for by order, race and revision, in points with a decimal", async ({ database: { db } }) => {
    const { season, slugs, guest } = await aLeague(db);
    const race = slugs[0] ?? "";
    const { items } = await guest.standings.global({ season, by: "race", race, revision: 1 });
    expect(items.map(({ rank, racePoints }) => [rank, racePoints])).toEqual([
      [1, 39],
      [2, 27],
      [3, 22.5],
    ]);
    const newest = await guest.standings.global({ season, limit: 1 });
    expect(newest.items).toMatchObject([{ rank: 1, total: 61.5 }]);
    const next = await guest.standings.global({ season, limit: 2, cursor: newest.nextCursor ?? "" });
    expect(next.items).toHaveLength(2);
  });

  test("refuse a revision that never was, one of no race, and the cursor of another order", async ({
    database: { db },
  }) => {
    const { season, slugs, guest } = await aLeague(db);
    const asked = (rest: object) => guest.standings.global({ season, ...rest });
    await expect(asked({ race: slugs[0], revision: 9 })).rejects.toMatchObject({
      fault: { status: 404, reason: "result.no_such_revision" },
    });
    await expect(asked({ revision: 1 })).rejects.toMatchObject({ fault: { reason: "standings.race_missing" } });
    const { nextCursor } = await guest.standings.global({ season, limit: 1 });
    await expect(asked({ by: "race", cursor: nextCursor })).rejects.toMatchObject({
      fault: { reason: "standings.bad_cursor" },
    });
  });

  test("of a private league are for those who are in it", async ({ database: { db } }) => {
    const { id, teamId, slugs, founder, guest, outsider } = await aLeague(db);
    const around = { id, teamId, race: slugs[0] };
    expect((await founder.standings.leagueAround(around)).items).toMatchObject([{ rank: 1, teamId, total: 39 }]);
    expect(await founder.standings.leagueMe({ id, by: "race" })).toMatchObject({ rank: 1, racePoints: 22.5 });
    for (const caller of [guest, outsider])
      await expect(caller.standings.leagueAround(around)).rejects.toMatchObject({
        fault: { status: 404, reason: "league.not_found" },
      });
  });
});
