import { test } from "@pitwall/testing/database";
import { describe, expect } from "vitest";
import { aCaller, aPlayableSeason, aScoredRace, callerOf, guest } from "../play.fixture.ts";

describe("entering a team", () => {
  test("answers the team, which everybody may see", async ({ database: { db } }) => {
    const { season, driverIds, captainId } = await aPlayableSeason(db);
    const { user, caller } = await aCaller(db);
    const team = await caller.teams.create({ season, name: "Slipstream", driverIds, captainId });
    expect(team).toEqual({
      id: expect.any(String),
      season,
      name: "Slipstream",
      owner: { id: user.id, username: user.username },
      version: 1,
      createdAt: expect.any(Date),
    });
    expect(await guest(db).teams.byId({ id: team.id })).toEqual(team);
    expect(await caller.teams.list({ mine: true })).toEqual({ items: [team], total: 1, nextCursor: null });
    expect(await guest(db).teams.list({ season })).toEqual({ items: [team], nextCursor: null });
    const second = await caller.teams.create({ season, name: "Undercut", driverIds, captainId });
    const { items, nextCursor } = await guest(db).teams.list({ season, limit: 1 });
    expect({ items, nextCursor }).toEqual({ items: [second], nextCursor: second.id });
    expect(await guest(db).teams.list({ season, limit: 1, cursor: second.id })).toEqual({
      items: [team],
      nextCursor: null,
    });
  });

  test("is refused with every rule that the line-up breaks", async ({ database: { db } }) => {
    const { season, driverIds } = await aPlayableSeason(db);
    const { caller } = await aCaller(db);
    const attempt = caller.teams.create({
      season,
      name: "Too few",
      driverIds: driverIds.slice(0, 4),
      captainId: "nobody",
    });
    await expect(attempt).rejects.toMatchObject({ fault: { status: 422, reason: "lineup.breaks_rules" } });
    await attempt.catch(({ fault }) =>
      expect(fault.errors.map(({ reason }: { reason: string }) => reason)).toEqual([
        "lineup.wrong_size",
        "lineup.captain_not_in_lineup",
      ]),
    );
  });

  test("takes no field that is not asked for", async ({ database: { db } }) => {
    const { caller } = await aCaller(db);
    const { season, driverIds, captainId } = await aPlayableSeason(db);
    const grab = { season, name: "Slipstream", driverIds, captainId, ownerId: "somebody", totalPoints: 1000, price: 1 };
    await expect(caller.teams.create(grab)).rejects.toMatchObject({
      fault: { status: 400, errors: [{ field: "ownerId" }, { field: "totalPoints" }, { field: "price" }] },
    });
    expect(await caller.teams.list({ mine: true })).toMatchObject({ total: 0 });
  });
});

describe("a line-up", () => {
  test("is priced in millions, and shown to its owner alone before the lock", async ({ database: { db } }) => {
    const { season, race, driverIds, captainId } = await aPlayableSeason(db);
    const { caller } = await aCaller(db);
    const { id } = await caller.teams.create({ season, name: "Slipstream", driverIds, captainId });
    const lineup = await caller.teams.lineup({ id });
    expect(lineup).toMatchObject({
      captainId,
      cost: 75,
      budget: 100,
      remaining: 25,
      race: { slug: race.slug, isLocked: false },
    });
    expect(await caller.teams.lineup({ id, race: race.slug })).toEqual(lineup);
    expect(await caller.teams.lineups({ id })).toMatchObject({ items: [{ version: 1, cost: 75, captainId }] });

    const stranger = (await aCaller(db)).caller;
    for (const other of [stranger, guest(db)])
      await expect(other.teams.lineup({ id, race: race.slug })).rejects.toMatchObject({
        fault: { status: 403, reason: "lineup.hidden" },
      });
    await expect(stranger.teams.lineups({ id })).rejects.toMatchObject({
      fault: { status: 403, reason: "team.not_yours" },
    });
  });

  test("is replaced by its owner, on the version that he read", async ({ database: { db } }) => {
    const { season, driverIds, captainId } = await aPlayableSeason(db);
    const { caller } = await aCaller(db);
    const { id } = await caller.teams.create({ season, name: "Slipstream", driverIds, captainId });
    const change = { id, driverIds, captainId: driverIds[1] ?? "", version: 1 };
    await expect((await aCaller(db)).caller.teams.setLineup(change)).rejects.toMatchObject({
      fault: { status: 403, reason: "team.not_yours" },
    });
    expect(await caller.teams.setLineup(change)).toMatchObject({ version: 2 });
    await expect(caller.teams.setLineup(change)).rejects.toMatchObject({
      fault: { status: 409, reason: "team.version_stale" },
    });
  });

  test("can be checked without a team", async ({ database: { db } }) => {
    const { season, race, driverIds, captainId } = await aPlayableSeason(db);
    const fine = { race: { season, slug: race.slug }, cost: 75, budget: 100, remaining: 25, faults: [] };
    expect(await guest(db).teams.checkLineup({ season, driverIds, captainId })).toEqual(fine);
    const { faults } = await guest(db).teams.checkLineup({ season, driverIds: [...driverIds, "nobody"], captainId });
    expect(faults.map(({ reason }) => reason)).toEqual(["lineup.wrong_size", "lineup.unknown_driver"]);
  });
});

describe("keeping a team", () => {
  test("renames it, shows its owner what is left and when it locks, and takes it away", async ({
    database: { db },
  }) => {
    const { season, race, driverIds, captainId } = await aPlayableSeason(db);
    const { caller } = await aCaller(db);
    const { id } = await caller.teams.create({ season, name: "Slipstream", driverIds, captainId });
    expect(await caller.teams.rename({ id, name: "Tow" })).toMatchObject({ id, name: "Tow", version: 2 });
    expect(await caller.teams.mine({ season })).toEqual({
      items: [
        {
          ...{ id, season, name: "Tow", createdAt: expect.any(Date), version: 2, cost: 75, budget: 100, remaining: 25 },
          lineup: { driverIds, captainId, savedAt: expect.any(Date) },
          nextRace: { slug: race.slug, name: race.name, lockAt: race.lockAt },
          locksInSeconds: expect.any(Number),
        },
      ],
    });
    expect(await caller.teams.lineups({ id, limit: 1 })).toMatchObject({
      items: [{ version: 1, cost: 75, fielded: [] }],
      total: 1,
    });
    expect(await caller.teams.remove({ id })).toEqual({});
    for (const look of [guest(db).teams.byId, guest(db).teams.lineup, caller.teams.lineups, caller.teams.remove])
      await expect(look({ id })).rejects.toMatchObject({ fault: { status: 404, reason: "team.not_found" } });
    expect(await caller.teams.mine({ season })).toEqual({ items: [] });
  });

  test("is nobody else's, and takes no name that is none, and no other field", async ({ database: { db } }) => {
    const { season, driverIds, captainId } = await aPlayableSeason(db);
    const [{ caller }, rival] = [await aCaller(db), await aCaller(db)];
    const { id } = await caller.teams.create({ season, name: "Slipstream", driverIds, captainId });
    for (const attempt of [
      () => rival.caller.teams.rename({ id, name: "Mine" }),
      () => rival.caller.teams.remove({ id }),
    ])
      await expect(attempt()).rejects.toMatchObject({ fault: { status: 403, reason: "team.not_yours" } });
    for (const wrong of [{ name: "ab" }, { name: " padded " }, { name: "x".repeat(51) }, { name: "Fine", season: 9 }])
      await expect(caller.teams.rename({ id, ...wrong })).rejects.toMatchObject({ fault: { status: 400 } });
    expect(await guest(db).teams.byId({ id })).toMatchObject({ name: "Slipstream", version: 1 });
  });
});

describe("points", () => {
  test("are explained line by line, with one decimal", async ({ database: { db } }) => {
    const { season, race, owner, team, drivers } = await aScoredRace(db);
    // P1 with the fastest lap as captain, then P3, P5, P7 and P9.
    const points = 26 * 1.5 + 15 + 10 + 6 + 2;
    expect(await guest(db).scores.byTeam({ id: team.id })).toEqual({
      items: [{ season, slug: race.slug, points, total: points, rank: 1 }],
    });
    const ledger = await callerOf(db, owner).scores.ledger({ id: team.id, season, slug: race.slug, revision: 1 });
    expect(ledger).toMatchObject({ points, revision: 1, run: { ruleSet: "standard-1" } });
    expect(ledger.lines[0]).toMatchObject({
      driverId: drivers[0]?.id,
      rule: "race_position",
      points: 25,
      multiplier: 1.5,
      total: 37.5,
    });
    expect(ledger.lines.reduce((sum, line) => sum + line.total, 0)).toBe(points);
  });

  test("of a race without a result are not there", async ({ database: { db } }) => {
    const { season, race, driverIds, captainId } = await aPlayableSeason(db);
    const { caller } = await aCaller(db);
    const { id } = await caller.teams.create({ season, name: "Slipstream", driverIds, captainId });
    expect(await caller.scores.byTeam({ id })).toEqual({ items: [] });
    await expect(caller.scores.ledger({ id, season, slug: race.slug })).rejects.toMatchObject({
      fault: { status: 404, reason: "result.none_yet" },
    });
  });
});
