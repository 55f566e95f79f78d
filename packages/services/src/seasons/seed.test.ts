import { seasonFacts, shippedSeasons } from "@pitwall/db/facts";
import { broadcasts, driverPrices, drivers, races, revisions } from "@pitwall/db/schema";
import { aUser } from "@pitwall/testing/builders";
import { test } from "@pitwall/testing/database";
import { and, count, eq } from "drizzle-orm";
import { describe, expect } from "vitest";
import { asGuest, contextAs } from "../context.fixture.ts";
import { driverById, listDrivers } from "../drivers/reading.ts";
import { classificationOf, revisionsOf } from "../results/reading.ts";
import { recordShippedResults } from "../results/shipped.ts";
import { raceScores } from "../scores/reading.ts";
import { listSeasons, rulesOf } from "./reading.ts";
import { seedSeason } from "./seed.ts";

const seeder = { kind: "system", name: "seed" } as const;

describe("a fresh install", () => {
  test("has both shipped seasons with calendar, entries, prices and every known result, and has told nobody", async ({
    database: { db },
  }) => {
    for (const year of shippedSeasons()) {
      const facts = seasonFacts(year);
      await seedSeason(contextAs(db, seeder), facts);
      await recordShippedResults(contextAs(db, seeder), facts);
    }
    expect((await listSeasons(asGuest(db))).items).toMatchObject([
      { year: 2026, races: 23, completed: 11 },
      { year: 2025, races: 24, completed: 24 },
    ]);
    expect((await listDrivers(asGuest(db), { season: 2025 })).total).toBe(21);
    expect((await db.select({ n: count() }).from(broadcasts))[0]?.n).toBe(0);
  });

  test("scores every classified car of 2025 what the official points say, fastest laps apart", async ({
    database: { db },
  }) => {
    for (const race of seasonFacts(2025).races) {
      const scores = await raceScores(asGuest(db), { season: 2025, slug: race.slug });
      const [session] = (await classificationOf(asGuest(db), { season: 2025, slug: race.slug })).sessions;
      const official = new Map(session?.cars.map((car) => [car.driverId, car.points]));
      for (const driver of scores.items) {
        const place = driver.lines.find((line) => line.rule === "race_position");
        expect([race.slug, driver.driverId, place?.points]).toEqual([
          race.slug,
          driver.driverId,
          official.get(driver.driverId),
        ]);
      }
    }
  });

  test("knows the disqualifications of Las Vegas as a second revision", async ({ database: { db } }) => {
    const { items } = await revisionsOf(asGuest(db), { season: 2025, slug: "las-vegas-grand-prix" });
    expect(items.map((revision) => revision.revision)).toEqual([1, 2]);
    const disqualified = items[1]?.diff
      .filter((change) => change.to === "disqualified")
      .map((change) => change.driverId);
    expect(disqualified).toEqual(["norris", "piastri"]);
  });
});

describe("seeding again", () => {
  test("changes nothing", async ({ database: { db } }) => {
    const before = await db.select({ n: count() }).from(revisions);
    await seedSeason(contextAs(db, seeder), seasonFacts(2025));
    expect(await recordShippedResults(contextAs(db, seeder), seasonFacts(2025))).toBe(0);
    expect(await db.select({ n: count() }).from(revisions)).toEqual(before);
    expect(
      await db
        .select()
        .from(driverPrices)
        .where(and(eq(driverPrices.season, 2025), eq(driverPrices.driverId, "norris"))),
    ).toHaveLength(1);
  });

  test("leaves alone what an admin edited, and every price", async ({ database: { db } }) => {
    const admin = await aUser(db, { role: "admin" });
    const slug = "abu-dhabi-grand-prix";
    await db
      .update(races)
      .set({ name: "Season Finale", said: { admin: { name: "Season Finale" } } })
      .where(and(eq(races.season, 2026), eq(races.slug, slug)));
    await db.update(drivers).set({ familyName: "Norris-Edited", editedAt: new Date() }).where(eq(drivers.id, "norris"));
    await db.insert(driverPrices).values({ season: 2026, driverId: "norris", price: 333, setBy: admin.id });
    await seedSeason(contextAs(db, seeder), seasonFacts(2026));
    const [race] = await db
      .select()
      .from(races)
      .where(and(eq(races.season, 2026), eq(races.slug, slug)));
    expect(race?.name).toBe("Season Finale");
    expect(await driverById(asGuest(db), { id: "norris", season: 2026 })).toMatchObject({
      name: "Lando Norris-Edited",
      price: 333,
    });
  });

  test("refuses figures of a rule set that differ from those in use", async ({ database: { db } }) => {
    expect((await rulesOf(asGuest(db), { season: 2025 })).digest).toMatch(/^[0-9a-f]{64}$/);
    const facts = { ...seasonFacts(2025), ruleset: "unheard-of-9" };
    await expect(seedSeason(contextAs(db, seeder), facts)).rejects.toThrow(/unknown rule set/);
  });
});
