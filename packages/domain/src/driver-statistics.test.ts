import { expect, test } from "vitest";
import type { ClassifiedCar } from "./classifications.ts";
import { countedStatistics } from "./driver-statistics.ts";
import { standard } from "./rulesets.ts";

const car = (position: number, more: Partial<ClassifiedCar> = {}): ClassifiedCar => ({
  ...{ driverId: "ann", constructorId: "one", number: 1, position, finish: "classified", grid: 1, laps: 50, points: 0 },
  fastestLap: false,
  ...more,
});

test("a season is counted from its classifications", () => {
  const cars = [
    car(1, { fastestLap: true }),
    car(3),
    car(11),
    car(18, { finish: "not_classified" }),
    car(20, { finish: "disqualified" }),
    car(22, { finish: "not_started" }),
  ];
  const races = cars.map((one, at) => ({ slug: `race-${at + 1}`, classification: { race: [one] } }));
  expect(countedStatistics(races, standard).get("ann")).toEqual({
    points: 410,
    stats: {
      ...{ races: 5, wins: 1, podiums: 2, pointsFinishes: 2, fastestLaps: 1 },
      ...{ notClassified: 1, notStarted: 1, disqualified: 1, bestPlace: 1, average: 82 },
      bestRace: { slug: "race-1", points: 260 },
      form: ["race-6", "race-5", "race-4", "race-3", "race-2"].map((slug) => ({
        slug,
        points: slug === "race-2" ? 150 : 0,
      })),
    },
  });
});

test("whoever never started has no average, and whoever is not listed is not counted", () => {
  const races = [{ slug: "only", classification: { race: [car(20, { finish: "not_started" })] } }];
  const counted = countedStatistics(races, standard);
  expect(counted.get("ann")?.stats).toMatchObject({ races: 0, average: null, bestPlace: null });
  expect(counted.has("ben")).toBe(false);
});

test("of two equal races the earlier is the best", () => {
  const races = ["early", "late"].map((slug) => ({ slug, classification: { race: [car(2)] } }));
  expect(countedStatistics(races, standard).get("ann")?.stats.bestRace).toEqual({ slug: "early", points: 180 });
});
