import { HOUR } from "@pitwall/domain/durations";
import { aRace, aSeason, someDrivers } from "@pitwall/testing/builders";
import { test } from "@pitwall/testing/database";
import { expect } from "vitest";
import { listConstructors } from "./constructors.ts";
import { asGuest, contextAs } from "./context.fixture.ts";
import { updateDriver } from "./drivers/editing.ts";
import { aLockedRace, at, record, result } from "./results/results.fixture.ts";

test("the constructors of a season are those that enter a car in it, all first before anybody has scored", async ({
  database: { db },
}) => {
  const season = await aSeason(db);
  const drivers = await someDrivers(db, season, [100, 100, 100]);
  await someDrivers(db, season);
  await aRace(db, { season, lockIn: HOUR, drivers });
  const { items } = await listConstructors(asGuest(db), { season });
  expect(items.map(({ id }) => id)).toEqual([...new Set(drivers.map(({ constructorId }) => constructorId))]);
  expect(items.map(({ rank, points }) => [rank, points])).toEqual([
    [1, 0],
    [1, 0],
  ]);
  await expect(listConstructors(asGuest(db), { season: 1950 })).rejects.toMatchObject({ reason: "season.not_found" });
});

test("a constructor has the points that its cars earned, and keeps them when a driver leaves it", async ({
  database: { db },
}) => {
  const { season, drivers, race } = await aLockedRace(db);
  await record(db, race, result(drivers));
  await aRace(db, { season, lockIn: HOUR, drivers });
  const [winner, second, third] = at(drivers, 0, 1, 2);
  const entry = { season, constructorId: third?.constructorId ?? "", number: 99 };
  await updateDriver(contextAs(db, { kind: "system", name: "test" }), { id: winner?.id ?? "", entry });
  const { items } = await listConstructors(asGuest(db), { season });
  expect(items.slice(0, 2)).toMatchObject([
    {
      id: winner?.constructorId,
      rank: 1,
      points: 250 + 10 + 180,
      drivers: [
        { driverId: winner?.id, points: 260 },
        { driverId: second?.id, points: 180 },
      ],
    },
    { id: third?.constructorId, rank: 2, points: 150 + 120 },
  ]);
  expect(items[1]?.drivers).toContainEqual({ driverId: winner?.id, points: 0 });

  await record(db, race, result(drivers.slice(1), at(drivers, 0)), 27);
  const [first] = (await listConstructors(asGuest(db), { season })).items;
  expect(first).toMatchObject({ id: third?.constructorId, points: 180 + 150 });
});
