import { type SeasonFacts, seasonFacts } from "@pitwall/db/facts";
import { DAY } from "@pitwall/domain/durations";
import { test } from "@pitwall/testing/database";
import { expect } from "vitest";
import { contextAs } from "../context.fixture.ts";
import { seedSeason } from "../seasons/seed.ts";
import { updateDriver } from "./editing.ts";
import { entriesOf } from "./entries.ts";
import { driverById } from "./reading.ts";

test("what an admin said of a driver stays when the season is seeded again: name, car and absence", async ({
  database: { db },
}) => {
  const season = 2031;
  const facts = toCome(season);
  const ctx = contextAs(db, { kind: "system", name: "script" });
  await seedSeason(ctx, facts);
  const named = { season, slug: facts.races[0]?.slug ?? "" };
  const shipped = (await entriesOf(ctx, named)).items;
  await updateDriver(ctx, { id: "norris", familyName: "Norris-Edited", withdrawFrom: season });
  await updateDriver(ctx, { id: "piastri", entry: { season, constructorId: "ferrari", number: 99 } });
  await seedSeason(ctx, facts);
  const { items } = await entriesOf(ctx, named);
  expect(items).toHaveLength(shipped.length - 1);
  expect(items.at(-1)).toMatchObject({ driverId: "piastri", constructorId: "ferrari", number: 99 });
  const norris = await driverById(ctx, { id: "norris", season });
  expect(norris).toMatchObject({ name: "Lando Norris-Edited", number: null, status: "absent" });
});

/** What is shipped of 2025, made a season whose only race is tomorrow. */
function toCome(season: number): SeasonFacts {
  const facts = seasonFacts(2025);
  const at = (days: number) => new Date(Date.now() + days * DAY);
  const races = facts.races.slice(0, 1).map((race) => ({
    ...race,
    sessions: { qualifying: at(1), race: at(2) },
    revisions: [],
  }));
  return { ...facts, season, races };
}
