import type { Db } from "@pitwall/db/database";
import { races } from "@pitwall/db/schema";
import { HOUR } from "@pitwall/domain/durations";
import { aRace, aSeason, aTeam, aUser, type BuiltDriver, lockNow, someDrivers } from "@pitwall/testing/builders";
import { test } from "@pitwall/testing/database";
import { eq } from "drizzle-orm";
import { describe, expect } from "vitest";
import { asClock, asGuest } from "../context.fixture.ts";
import { lockDueRaces } from "../races.ts";
import { aLockedRace, at, record, result } from "../results/results.fixture.ts";
import { driverById, listDrivers } from "./reading.ts";

/** Another race of the season with this result; the first named has the fastest lap. */
async function raced(db: Db, season: number, order: readonly BuiltDriver[], out: readonly BuiltDriver[] = []) {
  const race = await lockNow(db, await aRace(db, { season, lockIn: HOUR, drivers: order }));
  await record(db, race, result(order, out));
  return race;
}

describe("the statistics of a season", () => {
  test("count wins, podiums, points, fastest laps and what went wrong", async ({ database: { db } }) => {
    const { season, drivers, race } = await aLockedRace(db);
    const [ann, ...others] = drivers;
    if (!ann) throw new Error("a grid without drivers");
    await record(db, race, result(drivers));
    const third = await raced(db, season, [...others.slice(0, 2), ann, ...others.slice(2)]);
    const eleventh = await raced(db, season, [...others.slice(0, 10), ann, ...others.slice(10)]);
    const disqualified = await raced(db, season, others, [ann]);
    expect(await driverById(asGuest(db), { season, id: ann.id })).toMatchObject({
      points: 250 + 10 + 150,
      rank: 5,
      stats: {
        races: 4,
        wins: 1,
        podiums: 2,
        pointsFinishes: 2,
        fastestLaps: 1,
        notClassified: 0,
        notStarted: 0,
        disqualified: 1,
        bestPlace: 1,
        bestRace: { slug: race.slug, points: 260 },
        average: 103,
        form: [disqualified, eleventh, third, race].map(({ slug }, index) => ({
          slug,
          points: [0, 0, 150, 260][index],
        })),
      },
    });
  });

  test("follow a correction, and forget a race that is cancelled", async ({ database: { db } }) => {
    const { season, drivers, race } = await aLockedRace(db);
    const [winner, second] = at(drivers, 0, 1);
    const statsOf = async (driver: BuiltDriver | undefined) =>
      (await driverById(asGuest(db), { season, id: driver?.id ?? "" })).stats;
    await record(db, race, result(drivers));
    await record(db, race, result(drivers.slice(1), at(drivers, 0)), 27);
    expect(await statsOf(winner)).toMatchObject({ races: 1, wins: 0, disqualified: 1, bestPlace: null, average: 0 });
    expect(await statsOf(second)).toMatchObject({ races: 1, wins: 1, fastestLaps: 1, bestRace: { points: 260 } });
    await db.update(races).set({ cancelledAt: new Date() }).where(eq(races.id, race.id));
    expect(await statsOf(second)).toMatchObject({ races: 0, wins: 0, average: null, bestRace: null, form: [] });
  });

  test("keep the form to five races, and take a race that was not started into it but not into the average", async ({
    database: { db },
  }) => {
    const { season, drivers, race } = await aLockedRace(db);
    await record(db, race, result(drivers));
    const { race: cars } = result(drivers.slice(1), at(drivers, 0));
    const absent = cars.map((car) =>
      car.finish === "disqualified" ? { ...car, finish: "not_started" as const } : car,
    );
    const missed = await lockNow(db, await aRace(db, { season, lockIn: HOUR, drivers }));
    await record(db, missed, { race: absent });
    for (let n = 0; n < 4; n += 1) await raced(db, season, drivers);
    const { stats } = await driverById(asGuest(db), { season, id: drivers[0]?.id ?? "" });
    expect(stats).toMatchObject({ races: 5, notStarted: 1, average: 260 });
    expect(stats.form.map(({ points }) => points)).toEqual([260, 260, 260, 260, 0]);
  });

  test("say how many percent of the teams fielded a driver in the race that locked last", async ({
    database: { db },
  }) => {
    const season = await aSeason(db);
    const drivers = await someDrivers(db, season);
    const race = await aRace(db, { season, lockIn: HOUR, drivers });
    for (const places of [
      [0, 2, 4, 6, 8],
      [0, 2, 4, 6, 9],
      [0, 2, 4, 7, 9],
    ])
      await aTeam(db, { owner: await aUser(db), season, lineup: { race, drivers: at(drivers, ...places) } });
    const shares = async () => {
      const { items } = await listDrivers(asGuest(db), { season, sort: "number" });
      return items.map(({ ownership }) => ownership);
    };
    expect(await shares()).toEqual(Array(10).fill(null));
    await lockNow(db, race);
    await lockDueRaces(asClock(db, new Date()));
    expect(await shares()).toEqual([100, 0, 100, 0, 100, 0, 66.7, 33.3, 33.3, 66.7]);
  });
});
