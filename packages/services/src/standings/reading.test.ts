import { teams } from "@pitwall/db/schema";
import { DAY, HOUR } from "@pitwall/domain/durations";
import { aRace, aSeason, aTeam, aUser, lockNow, someDrivers } from "@pitwall/testing/builders";
import { test } from "@pitwall/testing/database";
import { eq } from "drizzle-orm";
import { describe, expect } from "vitest";
import { asGuest, asUser } from "../context.fixture.ts";
import { record, result } from "../results/results.fixture.ts";
import { aroundTeam, globalStandings, myStandings } from "./reading.ts";
import { aPlayedSeason, enteredAt } from "./standings.fixture.ts";
import type { StandingView } from "./views.ts";

const ranksAndTeams = (items: readonly StandingView[]) => items.map(({ rank, teamId }) => [rank, teamId]);

describe("the standings of the whole game", () => {
  test("share a rank among equals, and leave out the next: 1, 2, 2, 4", async ({ database: { db } }) => {
    // Winner with fastest lap, second twice, fourth; each as captain.
    const { season, entrants, slugs } = await aPlayedSeason(db, { captains: [3, 1, 0, 1], finishes: [[0, 1, 2, 3]] });
    const { items, total, race } = await globalStandings(asGuest(db), { season, limit: 50 });
    const [fourth, second, first, alsoSecond] = entrants.map(({ team }) => team.id);
    expect(ranksAndTeams(items)).toEqual([
      [1, first],
      [2, second],
      [2, alsoSecond],
      [4, fourth],
    ]);
    expect(items.map((one) => [one.racePoints, one.total])).toEqual([
      [390, 390],
      [270, 270],
      [270, 270],
      [180, 180],
    ]);
    expect(items[0]).toMatchObject({ username: entrants[2]?.owner.username, teamName: entrants[2]?.team.name });
    expect({ total, race }).toEqual({ total: 4, race: { season, slug: slugs[0], revision: 1 } });
  });

  test("put the better single race first among equals, then the earlier team", async ({ database: { db } }) => {
    // 39.0 + 15.0 = 27.0 + 27.0.
    const { season, entrants } = await aPlayedSeason(db, {
      captains: [1, 0, 1],
      finishes: [
        [0, 1],
        [2, 1, 3, 4, 0],
      ],
    });
    const { items } = await globalStandings(asGuest(db), { season, limit: 50 });
    const [earlier, better, later] = entrants.map(({ team }) => team.id);
    expect(items.map(({ total }) => total)).toEqual([540, 540, 540]);
    expect(ranksAndTeams(items)).toEqual([
      [1, better],
      [1, earlier],
      [1, later],
    ]);
  });

  test("say how many places were gained since the race before, and nothing of a team that was not there", async ({
    database: { db },
  }) => {
    const season = await aSeason(db);
    const drivers = await someDrivers(db, season, Array(20).fill(150));
    const race = await aRace(db, { season, lockIn: HOUR, drivers });
    const five = (captain: number) => [...drivers.slice(captain, captain + 1), ...drivers.slice(15, 19)];
    const owner = await aUser(db);
    const faller = await aTeam(db, { owner, season, lineup: { race, drivers: five(0) } });
    const riser = await aTeam(db, { owner, season, lineup: { race, drivers: five(1) } });
    const first = await lockNow(db, race);
    const late = await enteredAt(db, season, first.flagDueAt);
    await record(db, first, result(drivers));
    const second = await lockNow(db, await aRace(db, { season, lockIn: HOUR, drivers }));
    await record(db, second, result([...drivers.slice(1), ...drivers.slice(0, 1)]));

    const after = async (slug?: string) =>
      (await globalStandings(asGuest(db), { season, race: slug, limit: 50 })).items.map((one) => [
        one.teamId,
        one.rank,
        one.rankChange,
      ]);
    expect(await after(first.slug)).toEqual([
      [faller.id, 1, null],
      [riser.id, 2, null],
    ]);
    const newest = [
      [riser.id, 1, 1],
      [faller.id, 2, -1],
      [late.team.id, 3, null],
    ];
    expect(await after(second.slug)).toEqual(newest);
    expect(await after()).toEqual(newest);
  });

  test("page by page show every team once, in one order, whatever the size of a page", async ({ database: { db } }) => {
    // Three captains for twelve teams: pages end in the middle of ties.
    const captains = [0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2];
    const { season } = await aPlayedSeason(db, { captains, finishes: [[0, 1, 2]] });
    const whole = await globalStandings(asGuest(db), { season, limit: 50 });
    expect(whole).toMatchObject({ total: 12, nextCursor: null });
    for (const limit of [1, 4, 5, 12]) {
      const seen: StandingView[] = [];
      for (let cursor: string | null | undefined; cursor !== null; ) {
        const page = await globalStandings(asGuest(db), { season, limit, cursor });
        expect(page.items.length).toBeLessThanOrEqual(limit);
        seen.push(...page.items);
        cursor = page.nextCursor;
      }
      expect(seen).toEqual(whole.items);
    }
  });

  test("are empty before the first result, and not found in a season that is not there", async ({
    database: { db },
  }) => {
    const season = await aSeason(db);
    await aRace(db, { season, lockIn: DAY });
    expect(await globalStandings(asGuest(db), { season, limit: 50 })).toEqual({
      race: null,
      items: [],
      total: 0,
      nextCursor: null,
    });
    const nowhere = globalStandings(asGuest(db), { season: 1950, limit: 50 });
    await expect(nowhere).rejects.toMatchObject({ kind: "not_found", reason: "season.not_found" });
    const never = globalStandings(asGuest(db), { season, race: "atlantis-grand-prix", limit: 50 });
    await expect(never).rejects.toMatchObject({ kind: "not_found", reason: "race.not_found" });
  });

  test("refuse a cursor that is not one of theirs", async ({ database: { db } }) => {
    const { season } = await aPlayedSeason(db, { captains: [0], finishes: [[0]] });
    for (const cursor of ["", "next", "1.2.3", "1.2.00000000-0000-0000-0000-00000000000'", "99999999999.1.x"])
      await expect(globalStandings(asGuest(db), { season, limit: 5, cursor })).rejects.toMatchObject({
        kind: "malformed",
        reason: "standings.bad_cursor",
      });
  });

  test("no longer show a team that was removed", async ({ database: { db } }) => {
    const { season, entrants, drivers } = await aPlayedSeason(db, { captains: [0, 1], finishes: [[0, 1]] });
    const [gone, stays] = entrants;
    await db
      .update(teams)
      .set({ removedAt: new Date() })
      .where(eq(teams.id, gone?.team.id ?? ""));
    await record(db, await lockNow(db, await aRace(db, { season, lockIn: HOUR, drivers })), result(drivers));
    const { items } = await globalStandings(asGuest(db), { season, limit: 50 });
    expect(ranksAndTeams(items)).toEqual([[1, stays?.team.id]]);
  });
});

describe("my standings", () => {
  test("are those of all my teams, and of nobody else's", async ({ database: { db } }) => {
    const { season, entrants } = await aPlayedSeason(db, { captains: [0, 1], finishes: [[0, 1]] });
    const [, second] = entrants;
    const mine = await myStandings(asUser(db, second?.owner ?? (await aUser(db))), { season });
    expect(ranksAndTeams(mine.items)).toEqual([[2, second?.team.id]]);
    expect(await myStandings(asUser(db, await aUser(db)), { season })).toEqual({ items: [] });
  });

  test("are empty before the first result", async ({ database: { db } }) => {
    const season = await aSeason(db);
    expect(await myStandings(asUser(db, await aUser(db)), { season })).toEqual({ items: [] });
  });

  test("ask a guest to sign in", async ({ database: { db } }) => {
    const season = await aSeason(db);
    await expect(myStandings(asGuest(db), { season })).rejects.toMatchObject({ kind: "unauthenticated" });
  });
});

describe("around a team", () => {
  test("stand so many above it and so many below, ties included", async ({ database: { db } }) => {
    const captains = [0, 1, 1, 1, 2, 3];
    const { entrants } = await aPlayedSeason(db, { captains, finishes: [[0, 1, 2, 3]] });
    const ids = entrants.map(({ team }) => team.id);
    const around = async (place: number, each: number) => {
      const { items } = await aroundTeam(asGuest(db), { teamId: ids[place] ?? "", each });
      return items.map(({ rank, teamId }) => [rank, ids.indexOf(teamId)]);
    };
    expect(await around(2, 1)).toEqual([
      [2, 1],
      [2, 2],
      [2, 3],
    ]);
    expect(await around(0, 2)).toEqual([
      [1, 0],
      [2, 1],
      [2, 2],
    ]);
    expect(await around(5, 2)).toEqual([
      [2, 3],
      [5, 4],
      [6, 5],
    ]);
    expect(await around(3, 9)).toHaveLength(6);
  });

  test("is nobody before the first result, and an unknown team is not found", async ({ database: { db } }) => {
    const season = await aSeason(db);
    const owner = await aUser(db);
    const team = await aTeam(db, { owner, season });
    expect(await aroundTeam(asGuest(db), { teamId: team.id, each: 3 })).toEqual({ items: [] });
    await expect(aroundTeam(asGuest(db), { teamId: owner.id, each: 3 })).rejects.toMatchObject({
      kind: "not_found",
      reason: "team.not_found",
    });
  });
});
