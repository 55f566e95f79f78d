import { classificationFaults } from "@pitwall/domain/classification-faults";
import { classificationDiff } from "@pitwall/domain/classifications";
import { lockAt } from "@pitwall/domain/races";
import { extended, ruleset, standard } from "@pitwall/domain/rulesets";
import { describe, expect, test } from "vitest";
import { type RaceFacts, type SeasonFacts, seasonFacts, shippedSeasons } from "./facts.ts";

test("two seasons are shipped", () => {
  expect(shippedSeasons()).toEqual([2025, 2026]);
  expect(seasonFacts(2025).races).toHaveLength(24);
  expect(seasonFacts(2026).races).toHaveLength(23);
});

test("a season that is not shipped is an error", () => {
  expect(() => seasonFacts(1950)).toThrow();
});

describe.each(shippedSeasons())("the season %i", (year) => {
  const facts = seasonFacts(year);

  test("says whose data it is, and names rules that exist", () => {
    expect(facts.season).toBe(year);
    expect(facts.attribution).toBe("Season data: F1DB (CC BY 4.0)");
    expect(ruleset(facts.ruleset)).toBeDefined();
  });

  test("knows every circuit, driver and constructor of its races", () => {
    for (const { circuitId, entries } of facts.races) {
      expect(facts.circuits).toHaveProperty(circuitId);
      for (const { driverId, constructorId } of entries) {
        expect(facts.drivers).toHaveProperty(driverId);
        expect(facts.constructors).toHaveProperty(constructorId);
      }
    }
  });

  test("has rounds, names and moments in one order", () => {
    expect(new Set(facts.races.map(({ slug }) => slug)).size).toBe(facts.races.length);
    expect(facts.races.map(({ round }) => round)).toEqual(facts.races.map((_, index) => index + 1));
    const starts = facts.races.map(({ sessions }) => sessions.race.getTime());
    expect(starts).toEqual(starts.toSorted((a, b) => a - b));
    for (const { sessions } of facts.races) expect(lockAt(sessions).getTime()).toBeLessThan(sessions.race.getTime());
  });

  test("enters as many cars in every race as the season has, two to a constructor", () => {
    for (const { entries } of facts.races) {
      expect(entries).toHaveLength(2 * Object.keys(facts.constructors).length);
      expect(new Set(entries.map(({ number }) => number)).size).toBe(entries.length);
    }
  });

  test("holds results that anybody would believe, in the order of their publication", () => {
    const knownDriverIds = new Set(Object.keys(facts.drivers));
    for (const { revisions } of facts.races) {
      for (const { classification } of revisions) {
        expect(classificationFaults(classification, { knownDriverIds, season: year })).toEqual([]);
      }
      const hours = revisions.map(({ hoursAfterFlag }) => hoursAfterFlag);
      expect(hours).toEqual(hours.toSorted((a, b) => a - b));
    }
  });

  test("changes something with every correction", () => {
    for (const { revisions } of facts.races) {
      for (const [index, { classification }] of revisions.entries()) {
        const before = revisions[index - 1];
        if (before) expect(classificationDiff(before.classification, classification, extended)).not.toEqual([]);
      }
    }
  });

  test("has a sprint result exactly where there was a sprint, and a qualifying everywhere", () => {
    for (const { sessions, revisions } of facts.races) {
      for (const { classification } of revisions) {
        expect(classification.sprint !== undefined).toBe(sessions.sprint !== undefined);
        expect(classification.qualifying).toBeDefined();
      }
    }
  });

  test("is priced so that choosing matters", () => {
    const ranked = Object.values(facts.drivers)
      .map(({ price }) => price)
      .sort((a, b) => b - a);
    const middle = Math.floor(ranked.length / 2);
    expect(sum(ranked.slice(0, 5))).toBeGreaterThan(1300);
    expect(sum(ranked.slice(middle - 2, middle + 3))).toBeGreaterThan(850);
    expect(sum(ranked.slice(middle - 2, middle + 3))).toBeLessThan(standard.lineup.budget);
    expect(sum(ranked.slice(-5))).toBeLessThan(400);
    expect(ranked.at(0)).toBe(305);
    expect(ranked.at(-1)).toBe(50);
  });
});

test("the published points of 2025 add up to the championship", () => {
  const facts = seasonFacts(2025);
  expect([pointsOf(facts, "norris"), pointsOf(facts, "max_verstappen"), pointsOf(facts, "piastri")]).toEqual([
    4230, 4210, 4100,
  ]);
});

test("Las Vegas 2025 first came without the two disqualifications", () => {
  const [first, second] = raceOf(2025, "las-vegas-grand-prix").revisions;
  expect(first?.classification.race.find(({ driverId }) => driverId === "norris")).toMatchObject({
    position: 2,
    finish: "classified",
  });
  expect(
    second?.classification.race.filter(({ finish }) => finish === "disqualified").map(({ driverId }) => driverId),
  ).toEqual(["norris", "piastri"]);
  expect(second?.classification.qualifying).toEqual(first?.classification.qualifying);
});

test("qualifying tells who set no time and who was disqualified from it, in Singapore 2025 only after a correction", () => {
  const unplaced = seasonFacts(2025).races.flatMap(({ slug, revisions }) =>
    revisions.flatMap(({ classification }, at) =>
      (classification.qualifying ?? [])
        .filter(({ finish }) => finish !== "classified")
        .map(({ driverId, finish }) => `${slug} ${at + 1} ${driverId} ${finish}`),
    ),
  );
  expect(unplaced).toEqual([
    "australian-grand-prix 1 bearman not_classified",
    "australian-grand-prix 2 bearman not_classified",
    "emilia-romagna-grand-prix 1 tsunoda not_classified",
    "dutch-grand-prix 1 stroll not_classified",
    "azerbaijan-grand-prix 1 ocon not_classified",
    "singapore-grand-prix 3 albon disqualified",
    "singapore-grand-prix 3 sainz disqualified",
    "united-states-grand-prix 1 hadjar not_classified",
  ]);
});

test("seven races of 2025 and 2026 were corrected, one of them back to what it was", () => {
  const corrected = shippedSeasons().flatMap((year) =>
    seasonFacts(year)
      .races.filter(({ revisions }) => revisions.length > 1)
      .map(({ slug }) => `${year}/${slug}`),
  );
  expect(corrected).toEqual([
    "2025/australian-grand-prix",
    "2025/chinese-grand-prix",
    "2025/bahrain-grand-prix",
    "2025/miami-grand-prix",
    "2025/singapore-grand-prix",
    "2025/las-vegas-grand-prix",
    "2026/monaco-grand-prix",
  ]);
  const [first, second, third] = raceOf(2026, "monaco-grand-prix").revisions;
  expect(second?.classification.race[2]?.driverId).toBe("gasly");
  expect(third?.classification).toEqual(first?.classification);
});

test("drivers change their cars during a season", () => {
  const carsOf = (slug: string) =>
    raceOf(2025, slug)
      .entries.filter(({ driverId }) => driverId === "lawson" || driverId === "tsunoda")
      .map(({ driverId, constructorId }) => `${driverId} ${constructorId}`);
  expect(carsOf("chinese-grand-prix")).toEqual(["tsunoda rb", "lawson red_bull"]);
  expect(carsOf("japanese-grand-prix")).toEqual(["lawson rb", "tsunoda red_bull"]);
});

test("races to come expect whoever took part last", () => {
  const races = seasonFacts(2026).races.filter(({ revisions }) => revisions.length === 0);
  expect(races.length).toBeGreaterThan(0);
  for (const race of races) expect(race.entries).toEqual(races[0]?.entries);
});

function raceOf(year: number, slug: string): RaceFacts {
  const race = seasonFacts(year).races.find((one) => one.slug === slug);
  if (!race) throw new Error(`${slug} is not in the season ${year}`);
  return race;
}

function pointsOf(facts: SeasonFacts, driverId: string): number {
  const last = facts.races.flatMap(({ revisions }) => revisions.at(-1)?.classification ?? []);
  const cars = last.flatMap(({ race, sprint }) => [...race, ...(sprint ?? [])]);
  return sum(cars.filter((car) => car.driverId === driverId).map(({ points }) => points));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
