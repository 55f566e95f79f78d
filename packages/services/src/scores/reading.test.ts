import type { Db } from "@pitwall/db/database";
import type { Classification, ClassifiedCar } from "@pitwall/domain/classifications";
import { HOUR } from "@pitwall/domain/durations";
import { standard } from "@pitwall/domain/rulesets";
import { lineupLedger, scoreDrivers } from "@pitwall/domain/scoring";
import { aRace, aSeason, aTeam, aUser, type BuiltDriver, lockNow, someDrivers } from "@pitwall/testing/builders";
import { test } from "@pitwall/testing/database";
import fc from "fast-check";
import { describe, expect } from "vitest";
import { asGuest } from "../context.fixture.ts";
import { aLockedRace, at, record, result } from "../results/results.fixture.ts";
import { globalStandings } from "../standings/reading.ts";
import { driverPoints, ledgerOf, raceScores, teamScores } from "./reading.ts";

describe("a team's ledger", () => {
  test("explains every point of the score by driver, rule and multiplier", async ({ database: { db } }) => {
    const { season, drivers, race, annsTeam } = await aLockedRace(db);
    await record(db, race, result(drivers));
    const ledger = await ledgerOf(asGuest(db), { teamId: annsTeam.id, season, slug: race.slug });
    const [captain, third] = at(drivers, 0, 2);
    expect(ledger).toMatchObject({ teamId: annsTeam.id, season, slug: race.slug, revision: 1, points: 720 });
    expect(ledger.lines).toContainEqual({
      driverId: captain?.id,
      session: "race",
      rule: "race_position",
      detail: "P1",
      points: 250,
      multiplier: 15,
      total: 375,
    });
    expect(ledger.lines).toContainEqual(
      expect.objectContaining({ driverId: captain?.id, rule: "fastest_lap", total: 15 }),
    );
    expect(ledger.lines).toContainEqual(expect.objectContaining({ driverId: third?.id, multiplier: 10, total: 150 }));
    expect(ledger.run).toMatchObject({ ruleSet: standard.id, digestIn: expect.stringMatching(/^[0-9a-f]{64}$/) });
  });

  test("can still be asked for as it was before a correction", async ({ database: { db } }) => {
    const { season, drivers, race, annsTeam } = await aLockedRace(db);
    await record(db, race, result(drivers));
    await record(db, race, result(drivers.slice(1), at(drivers, 0)), 27);
    const asked = { teamId: annsTeam.id, season, slug: race.slug };
    expect(await ledgerOf(asGuest(db), asked)).toMatchObject({ revision: 2, points: 420 });
    expect(await ledgerOf(asGuest(db), { ...asked, revision: 1 })).toMatchObject({ revision: 1, points: 720 });
    await expect(ledgerOf(asGuest(db), { ...asked, revision: 3 })).rejects.toMatchObject({
      kind: "not_found",
      reason: "result.no_such_revision",
    });
  });

  test("is not found without a result, for a team that fielded nobody, and in a race that is not there", async ({
    database: { db },
  }) => {
    const { season, drivers, race, annsTeam } = await aLockedRace(db);
    const asked = { teamId: annsTeam.id, season, slug: race.slug };
    await expect(ledgerOf(asGuest(db), asked)).rejects.toMatchObject({ reason: "result.none_yet" });
    await record(db, race, result(drivers));
    const idle = await aTeam(db, { owner: await aUser(db), season });
    for (const [wrong, reason] of [
      [{ ...asked, teamId: idle.id }, "lineup.none_fielded"],
      [{ ...asked, slug: "atlantis-grand-prix" }, "race.not_found"],
    ] as const)
      await expect(ledgerOf(asGuest(db), wrong)).rejects.toMatchObject({ kind: "not_found", reason });
  });
});

describe("what the drivers earned", () => {
  test("is shown for every car, the best first", async ({ database: { db } }) => {
    const { season, drivers, race } = await aLockedRace(db);
    await record(db, race, result(drivers.slice(1), at(drivers, 0)));
    const { items, revision } = await raceScores(asGuest(db), { season, slug: race.slug });
    expect(revision).toBe(1);
    expect(items).toHaveLength(20);
    expect(items[0]).toMatchObject({ driverId: drivers[1]?.id, points: 260 });
    expect(items.find(({ driverId }) => driverId === drivers[0]?.id)).toMatchObject({ points: 0 });
  });

  test("is not there before the result", async ({ database: { db } }) => {
    const { season, race } = await aLockedRace(db);
    await expect(raceScores(asGuest(db), { season, slug: race.slug })).rejects.toMatchObject({
      reason: "result.none_yet",
    });
  });
});

describe("a team's scores", () => {
  test("add up race by race, with the rank after each", async ({ database: { db } }) => {
    const { season, drivers, race, annsTeam, bensTeam } = await aLockedRace(db);
    await record(db, race, result(drivers));
    const next = await lockNow(db, await aRace(db, { season, lockIn: HOUR, drivers }));
    await record(db, next, result([...drivers.slice(1), ...at(drivers, 0)]));
    expect((await teamScores(asGuest(db), { teamId: bensTeam.id })).items).toEqual([
      { season, slug: race.slug, points: 520, total: 520, rank: 2 },
      { season, slug: next.slug, points: 390 + 150 + 100 + 60 + 20, total: 520 + 720, rank: 1 },
    ]);
    expect((await teamScores(asGuest(db), { teamId: annsTeam.id })).items.map(({ rank }) => rank)).toEqual([1, 2]);
  });

  test("are none before the first result, and those of an unknown team are not found", async ({ database: { db } }) => {
    const { annsTeam, ann } = await aLockedRace(db);
    expect(await teamScores(asGuest(db), { teamId: annsTeam.id })).toEqual({ items: [] });
    await expect(teamScores(asGuest(db), { teamId: ann.id })).rejects.toMatchObject({ reason: "team.not_found" });
  });
});

test("the database scores any line-up as the pure rules do", async ({ database: { db } }) => {
  await fc.assert(
    fc.asyncProperty(fc.integer(), fc.integer({ min: 0, max: 4 }), fc.nat(17), async (seed, out, fastest) => {
      const { drivers, season, lineups } = await aRaceOfRandomLineups(db, seed);
      const race = await lockNow(db, await aRace(db, { season, lockIn: HOUR, drivers }));
      const classification = randomResult(drivers, { seed, out, fastest });
      // A car that is not listed is left out for good once the source says so again.
      for (const hour of [3, 4]) await record(db, race, classification, hour);
      const scores = new Map(scoreDrivers(classification, standard).map((score) => [score.driverId, score]));
      const { items } = await globalStandings(asGuest(db), { season, limit: 50 });
      expect(items).toHaveLength(lineups.size);
      for (const { teamId, total } of items) {
        const driverIds = lineups.get(teamId) ?? [];
        const pure = lineupLedger({ driverIds, captainId: driverIds[0] ?? "" }, scores, standard);
        const told = await ledgerOf(asGuest(db), { teamId, season, slug: race.slug });
        expect([total, told.points]).toEqual([pure.points, pure.points]);
        expect(told.lines.reduce((sum, line) => sum + line.total, 0)).toBe(total);
      }
    }),
    { numRuns: 8 },
  );
});

const MOST_TEAMS = 12;

/** Five of twenty drivers for each team, the first of them captain. */
async function aRaceOfRandomLineups(db: Db, seed: number) {
  const season = await aSeason(db);
  const drivers = await someDrivers(db, season, Array(20).fill(150));
  const race = await aRace(db, { season, lockIn: 2 * HOUR, drivers });
  const fives = fc.sample(fc.shuffledSubarray(drivers, { minLength: 5, maxLength: 5 }), { seed, numRuns: MOST_TEAMS });
  const lineups = new Map<string, string[]>();
  for (const five of fives) {
    const team = await aTeam(db, { owner: await aUser(db), season, lineup: { race, drivers: five } });
    lineups.set(
      team.id,
      five.map(({ id }) => id),
    );
  }
  return { season, drivers, lineups };
}

/** Any order, the last few retired, one car missing from the list, and anybody's fastest lap. */
function randomResult(
  drivers: readonly BuiltDriver[],
  { seed, out, fastest }: { readonly seed: number; readonly out: number; readonly fastest: number },
): Classification {
  const [order = []] = fc.sample(fc.shuffledSubarray([...drivers], { minLength: 19, maxLength: 19 }), {
    seed,
    numRuns: 1,
  });
  const cars = result(order).race.map(
    (car, index): ClassifiedCar => ({
      ...car,
      fastestLap: index === fastest,
      ...(index >= order.length - out && { finish: "not_classified" as const, laps: 30 }),
    }),
  );
  return { race: cars };
}

describe("a driver's points race by race", () => {
  test("are those of the current revision and add up to his season", async ({ database: { db } }) => {
    const { season, drivers, race } = await aLockedRace(db);
    await record(db, race, result(drivers));
    await record(db, race, result(drivers.slice(1), at(drivers, 0)), 27);
    const [lost, won] = at(drivers, 0, 1);
    expect(await driverPoints(asGuest(db), { driverId: won?.id ?? "", season })).toMatchObject({
      points: 260,
      items: [{ slug: race.slug, revision: 2, points: 260, lines: [{ detail: "P1" }, { rule: "fastest_lap" }] }],
    });
    expect(await driverPoints(asGuest(db), { driverId: lost?.id ?? "", season })).toMatchObject({ points: 0 });
  });

  test("are none of somebody whom nobody knows", async ({ database: { db } }) => {
    const season = await aSeason(db);
    const stranger = driverPoints(asGuest(db), { driverId: "nobody", season });
    await expect(stranger).rejects.toMatchObject({ kind: "not_found", reason: "driver.not_found" });
  });
});
