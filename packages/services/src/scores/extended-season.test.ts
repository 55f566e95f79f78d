import { type RaceFacts, seasonFacts } from "@pitwall/db/facts";
import { scoringRuns } from "@pitwall/db/schema";
import type { Classification, ClassifiedCar } from "@pitwall/domain/classifications";
import { extended } from "@pitwall/domain/rulesets";
import { test } from "@pitwall/testing/database";
import { count } from "drizzle-orm";
import { describe, expect } from "vitest";
import { asGuest, contextAs } from "../context.fixture.ts";
import { recordShippedResults } from "../results/shipped.ts";
import { seedSeason } from "../seasons/seed.ts";
import { raceScores } from "./reading.ts";

const facts = { ...seasonFacts(2025), ruleset: extended.id };
const seeder = { kind: "system", name: "seed" } as const;

describe("the season of 2025 under the extended rules", () => {
  test("has every published revision, those of sprint and qualifying as well", async ({ database: { db } }) => {
    await seedSeason(contextAs(db, seeder), facts);
    await recordShippedResults(contextAs(db, seeder), facts);
    const published = facts.races.flatMap(({ revisions }) => revisions);
    expect(published).toHaveLength(24 + 7);
    expect((await db.select({ n: count() }).from(scoringRuns))[0]?.n).toBe(published.length);
  });

  test("pays every driver in every revision what a second reckoning does", async ({ database: { db } }) => {
    for (const { slug, revisions } of facts.races) {
      for (const [at, { classification }] of revisions.entries()) {
        const { items } = await raceScores(asGuest(db), { season: 2025, slug, revision: at + 1 });
        const paid = items.map(({ driverId, points }) => [driverId, points / 10] as const);
        const due = classification.race.map(({ driverId }) => [driverId, reckoned(classification, driverId)] as const);
        expect([slug, at + 1, new Map(paid)]).toEqual([slug, at + 1, new Map(due)]);
      }
    }
  });

  test.for<[string, string, readonly number[]]>([
    // Pole 10, win 25, fastest lap 10.
    ["australian-grand-prix", "norris", [45, 45]],
    // Fourteenth from the last place of the grid 6, no time in qualifying −5.
    ["australian-grand-prix", "bearman", [1, 1]],
    // Did not start 0; that became a retirement −20, beside an eleventh place in qualifying 0.
    ["australian-grand-prix", "hadjar", [0, -20]],
    // Pole 10, second 18, a place lost −1; then disqualified −20, and the pole stays.
    ["las-vegas-grand-prix", "norris", [27, -10]],
    // Fifth in qualifying 6, fourth 12, a place gained 1; then disqualified −20.
    ["las-vegas-grand-prix", "piastri", [19, -14]],
    // Second in qualifying 9, win 25, fastest lap 10, a place gained 1.
    ["las-vegas-grand-prix", "max_verstappen", [45, 45]],
    // Sprint won from its pole 8, fifth in qualifying 6, sixth 8, a place lost −1; then disqualified from the race −20.
    ["chinese-grand-prix", "hamilton", [21, -6]],
    // Third in qualifying 8, sixth 8, three places lost −3; sprint tenth from pole −9, then seventh 2 − 6.
    ["miami-grand-prix", "antonelli", [4, 9]],
    // Fourteenth from the twentieth place 6; twelfth in qualifying 0, and disqualified from it −5 in the end.
    ["singapore-grand-prix", "albon", [6, 6, 1]],
    // Sixth in qualifying 5, fastest lap 10, seventh 6 − 1, then eighth 4 − 2.
    ["singapore-grand-prix", "hamilton", [20, 17, 17]],
    // Did not start.
    ["austrian-grand-prix", "sainz", [0]],
  ])("%s pays %s what a hand works out: %s", async ([slug, driverId, points], { database: { db } }) => {
    for (const [at, due] of points.entries()) {
      const { items } = await raceScores(asGuest(db), { season: 2025, slug, revision: at + 1 });
      expect(items.find((score) => score.driverId === driverId)?.points).toBe(due * 10);
    }
    expect(revisionsOf(slug)).toHaveLength(points.length);
  });
});

function revisionsOf(slug: string): RaceFacts["revisions"] {
  return facts.races.find((race) => race.slug === slug)?.revisions ?? [];
}

// The second reckoning: the rules once more, in whole points, written without a look at the first.

const PAID = {
  race: [25, 18, 15, 12, 10, 8, 6, 4, 2, 1],
  sprint: [8, 7, 6, 5, 4, 3, 2, 1],
  qualifying: [10, 9, 8, 7, 6, 5, 4, 3, 2, 1],
};
const FASTEST = { race: 10, sprint: 5, qualifying: 0 };
const OUT = { race: -20, sprint: -10, qualifying: -5 };

function reckoned(weekend: Classification, driverId: string): number {
  let points = 0;
  for (const session of ["race", "sprint", "qualifying"] as const) {
    const cars = weekend[session] ?? [];
    const car = cars.find((one) => one.driverId === driverId);
    if (session === "race" && (!car || car.finish === "not_started")) return 0;
    if (car) points += sessionPoints(session, car, cars);
  }
  return points;
}

function sessionPoints(session: keyof typeof PAID, car: ClassifiedCar, cars: readonly ClassifiedCar[]): number {
  if (car.finish === "not_started") return 0;
  if (car.finish !== "classified") return OUT[session];
  const placed = (PAID[session][car.position - 1] ?? 0) + (car.fastestLap ? FASTEST[session] : 0);
  if (session === "qualifying" || car.grid === null) return placed;
  const last = Math.max(...cars.map(({ grid }) => grid ?? 0));
  return placed + (car.grid === 0 ? last + 1 : car.grid) - car.position;
}
