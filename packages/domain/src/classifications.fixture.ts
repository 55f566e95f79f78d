import fc from "fast-check";
import type { Classification, ClassifiedCar, FinishClass } from "./classifications.ts";
import { standard } from "./rulesets.ts";

const SPRINT_POINTS = [80, 70, 60, 50, 40, 30, 20, 10];

/** A car in this place of a race where everybody finished: driver "d3" is third, in one of two cars of "c2". */
export function aCar(position: number, changes: Partial<ClassifiedCar> = {}): ClassifiedCar {
  return {
    driverId: `d${position}`,
    constructorId: `c${Math.ceil(position / 2)}`,
    number: position,
    position,
    finish: "classified",
    grid: position,
    laps: 50,
    points: standard.racePoints[position - 1] ?? 0,
    fastestLap: false,
    ...changes,
  };
}

export function aRace(size = 20): ClassifiedCar[] {
  return Array.from({ length: size }, (_, index) => aCar(index + 1));
}

export function aSprint(size = 20): ClassifiedCar[] {
  return aRace(size).map((car) => ({ ...car, laps: 19, points: SPRINT_POINTS[car.position - 1] ?? 0 }));
}

/** The same cars, with something else said of the one in this place. */
export function changed(
  cars: readonly ClassifiedCar[],
  position: number,
  changes: Partial<ClassifiedCar>,
): ClassifiedCar[] {
  return cars.map((car) => (car.position === position ? { ...car, ...changes } : car));
}

/** Any race: some finish, the rest retire, stay away or are thrown out, and perhaps one holds the fastest lap. */
export const anyRace: fc.Arbitrary<ClassifiedCar[]> = fc
  .record({
    finishers: fc.integer({ min: 1, max: 24 }),
    others: fc.array(fc.constantFrom<FinishClass>("not_classified", "not_started", "disqualified"), {
      minLength: 18,
      maxLength: 24,
    }),
    fastest: fc.integer({ min: 0, max: 24 }),
  })
  .map(({ finishers, others, fastest }) =>
    others.map((other, index) =>
      aCar(index + 1, { finish: index < finishers ? "classified" : other, fastestLap: index + 1 === fastest }),
    ),
  );

/** Any race, and its rows in any other order. */
export const anyRaceShuffled: fc.Arbitrary<readonly [ClassifiedCar[], ClassifiedCar[]]> = anyRace.chain((race) =>
  fc.tuple(fc.constant(race), fc.shuffledSubarray(race, { minLength: race.length })),
);

/** A place on the grid, the pit lane, or nobody knows. */
const anyGrid = fc.integer({ min: -1, max: 24 }).map((place) => (place === -1 ? null : place));

const anyStartedRace = fc
  .tuple(anyRace, fc.array(anyGrid, { minLength: 24, maxLength: 24 }))
  .map(([cars, grid]) => cars.map((car, at) => ({ ...car, grid: grid[at] ?? null })));

/** Any race weekend, its cars started from anywhere. */
export const anyWeekend: fc.Arbitrary<Classification> = fc.record({
  race: anyStartedRace,
  sprint: anyStartedRace,
  qualifying: anyRace,
});

/** Any race weekend, and its rows in any other order. */
export const anyWeekendShuffled: fc.Arbitrary<readonly [Classification, Classification]> = anyWeekend.chain((weekend) =>
  fc.tuple(
    fc.constant(weekend),
    fc.record({
      race: shuffled(weekend.race),
      sprint: shuffled(weekend.sprint ?? []),
      qualifying: shuffled(weekend.qualifying ?? []),
    }),
  ),
);

function shuffled(cars: readonly ClassifiedCar[]): fc.Arbitrary<ClassifiedCar[]> {
  return fc.shuffledSubarray([...cars], { minLength: cars.length });
}
