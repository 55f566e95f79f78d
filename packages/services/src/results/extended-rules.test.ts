import type { Db } from "@pitwall/db/database";
import { rankSteps, revisions, scoringRuns, standings } from "@pitwall/db/schema";
import type { Classification } from "@pitwall/domain/classifications";
import { HOUR } from "@pitwall/domain/durations";
import { extended, standard } from "@pitwall/domain/rulesets";
import { aRace, type BuiltDriver, type BuiltRace, lockNow } from "@pitwall/testing/builders";
import { test } from "@pitwall/testing/database";
import { asc, desc, eq } from "drizzle-orm";
import { describe, expect } from "vitest";
import { asClock, asGuest } from "../context.fixture.ts";
import { ledgerOf } from "../scores/reading.ts";
import { aroundTeam, globalStandings } from "../standings/reading.ts";
import { receiveAnswer } from "./receive.ts";
import { aLockedRace, answer, result } from "./results.fixture.ts";

const SPRINT = [80, 70, 60, 50, 40, 30, 20, 10];

/** Qualifying, both grids and the sprint in the order of the drivers; so ends the race, behind which whoever retired is listed. */
function weekend(drivers: readonly BuiltDriver[], retired: readonly number[] = []): Classification {
  const cars = result(drivers).race;
  const isOut = (place: number) => retired.includes(place);
  const order = [...cars.filter((_, place) => !isOut(place)), ...cars.filter((_, place) => isOut(place))];
  return {
    race: order.map((car, place) => {
      const isClassified = place < cars.length - retired.length;
      const points = isClassified ? (standard.racePoints[place] ?? 0) : 0;
      return { ...car, position: place + 1, points, finish: isClassified ? "classified" : "not_classified" };
    }),
    sprint: cars.map((car, place) => ({ ...car, points: SPRINT[place] ?? 0, fastestLap: false })),
    qualifying: cars.map((car) => ({ ...car, grid: null, points: 0, fastestLap: false })),
  };
}

const ANNS_DRIVERS = [0, 2, 4, 6, 8];

function receive(db: Db, race: BuiltRace, classification: Classification, hours: number) {
  const clock = asClock(db, new Date(race.flagDueAt.getTime() + hours * HOUR));
  return receiveAnswer(clock, { raceId: race.id, source: "test", answer: answer(classification) });
}

describe("a weekend under the extended rules", () => {
  test("may cost points: ledger, score, standings and ranks agree below zero", async ({ database: { db } }) => {
    const { season, race, drivers, annsTeam, bensTeam } = await aLockedRace(db, extended);
    expect(await receive(db, race, weekend(drivers, ANNS_DRIVERS), 3)).toBe("recorded");

    // Each of Ann's: −20, and what sprint and qualifying brought: (−2) × 1.5, −6, −10, −14, −18.
    const ledger = await ledgerOf(asGuest(db), { teamId: annsTeam.id, season, slug: race.slug });
    expect(ledger.points).toBe(-510);
    expect(ledger.lines.reduce((sum, line) => sum + line.total, 0)).toBe(-510);
    // Ben's: 42 × 1.5 (win 25, a place 1, sprint 7, qualifying 9), 32, 26, 20, 16.
    const first = await globalStandings(asGuest(db), { season, limit: 1 });
    const second = await globalStandings(asGuest(db), { season, limit: 1, cursor: first.nextCursor ?? "" });
    expect([...first.items, ...second.items].map(({ rank, teamId, total }) => [rank, teamId, total])).toEqual([
      [1, bensTeam.id, 1570],
      [2, annsTeam.id, -510],
    ]);
    expect(second.nextCursor).toBeNull();
    const around = await aroundTeam(asGuest(db), { teamId: annsTeam.id, each: 2 });
    expect(around.items.map(({ teamId }) => teamId)).toEqual([bensTeam.id, annsTeam.id]);
    const [anns] = await db.select().from(standings).where(eq(standings.teamId, annsTeam.id));
    expect(anns).toMatchObject({ racePoints: -510, total: -510, best: -510 });
    const steps = await db
      .select()
      .from(rankSteps)
      .where(eq(rankSteps.buildId, anns?.buildId ?? 0))
      .orderBy(desc(rankSteps.total));
    expect(steps).toMatchObject([
      { total: 1570, above: 0, teams: 1 },
      { total: -510, above: 1, teams: 1 },
    ]);
  });

  test("is corrected by its sprint, by its qualifying and by its grid, each told of by the car", async ({
    database: { db },
  }) => {
    const { race, drivers } = await aLockedRace(db, extended);
    const first = weekend(drivers);
    const [id = ""] = drivers.map((driver) => driver.id);
    const cars = (session: keyof Classification) => first[session] ?? [];
    const changes: Partial<Classification>[] = [
      { sprint: cars("sprint").map((car, at) => ({ ...car, fastestLap: at === 0 })) },
      { qualifying: cars("qualifying").map((car, at) => (at === 0 ? { ...car, finish: "disqualified" } : car)) },
      { race: cars("race").map((car, at) => (at === 0 ? { ...car, grid: 0 } : car)) },
    ];
    await receive(db, race, first, 3);
    let said = first;
    for (const [at, change] of changes.entries()) {
      said = { ...said, ...change };
      expect(await receive(db, race, said, 27 + at)).toBe("corrected");
      expect(await receive(db, race, said, 27.5 + at)).toBe("unchanged");
    }
    const rows = await db.select().from(revisions).where(eq(revisions.raceId, race.id)).orderBy(asc(revisions.n));
    expect(rows.slice(1).map(({ diff }) => diff)).toEqual([
      [{ driverId: id, session: "sprint", field: "fastestLap", from: null, to: "yes" }],
      [
        { driverId: id, session: "qualifying", field: "finish", from: "classified", to: "disqualified" },
        { driverId: id, session: "qualifying", field: "position", from: "1", to: null },
      ],
      [{ driverId: id, session: "race", field: "grid", from: "1", to: "21" }],
    ]);
  });

  test("that is corrected there and back has the digests and the standings that it had", async ({
    database: { db },
  }) => {
    const { season, race, drivers } = await aLockedRace(db, extended);
    await receive(db, race, weekend(drivers), 3);
    const before = await globalStandings(asGuest(db), { season, limit: 9 });
    await receive(db, race, weekend(drivers, ANNS_DRIVERS), 27);
    await receive(db, race, weekend(drivers), 50);
    const runs = await db
      .select()
      .from(scoringRuns)
      .where(eq(scoringRuns.raceId, race.id))
      .orderBy(asc(scoringRuns.revision));
    const [first, second, third] = runs.map(({ digestIn, digestOut }) => ({ digestIn, digestOut }));
    expect(third).toEqual(first);
    expect(second).not.toEqual(first);
    expect((await globalStandings(asGuest(db), { season, limit: 9 })).items).toEqual(before.items);
  });

  test("ends the same whichever of two races has its result first", async ({ database: { db } }) => {
    const played = async (order: readonly number[]) => {
      const { season, race, drivers, annsTeam } = await aLockedRace(db, extended);
      const races = [race, await lockNow(db, await aRace(db, { season, lockIn: HOUR, drivers }))];
      const results = [weekend(drivers, ANNS_DRIVERS), weekend(drivers)];
      for (const at of order) {
        const [which, said] = [races[at], results[at]];
        if (which && said) await receive(db, which, said, 30);
      }
      const { items } = await globalStandings(asGuest(db), { season, limit: 9 });
      return items.map(({ teamId, rank, total, racePoints }) => [teamId === annsTeam.id, rank, total, racePoints]);
    };
    expect(await played([1, 0])).toEqual(await played([0, 1]));
  });
});

test("under the standard rules a changed sprint, qualifying or grid is no correction", async ({ database: { db } }) => {
  const { race, drivers } = await aLockedRace(db);
  const first = weekend(drivers);
  await receive(db, race, first, 3);
  const withoutGrid = { ...first, race: first.race.map((car) => ({ ...car, grid: null })) };
  const turned = {
    ...withoutGrid,
    qualifying: first.qualifying?.toReversed() ?? [],
    sprint: weekend(drivers.toReversed()).sprint ?? [],
  };
  expect(await receive(db, race, turned, 27)).toBe("unchanged");
});
