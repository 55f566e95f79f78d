import type { Classification } from "./classifications.ts";

export interface UnlistedCars {
  readonly constructorIds: readonly string[];
  readonly count: number;
}

/** Whoever else drove: a reserve takes a car, and does not add one. */
const CARS_OF_A_CONSTRUCTOR = 2;

/**
 * The cars that were to start and are not in the document of the race, by their constructors. A driver who withdraws after
 * qualifying stands in one document as not started and is left out of the next one for good, as Stroll was in Spain in
 * 2025; but so is everybody whose row is still to be typed in. One document does not tell which.
 */
export function unlistedCars(
  { race }: Classification,
  entries: readonly { readonly constructorId: string }[],
): UnlistedCars {
  const [listed, entered] = [carsOf(race), carsOf(entries)];
  const constructorIds = [...entered].flatMap(([constructorId, cars]) =>
    Array<string>(Math.max(0, Math.min(cars, CARS_OF_A_CONSTRUCTOR) - (listed.get(constructorId) ?? 0))).fill(
      constructorId,
    ),
  );
  return { constructorIds: [...new Set(constructorIds)].sort(), count: constructorIds.length };
}

function carsOf(rows: readonly { readonly constructorId: string }[]): Map<string, number> {
  const cars = new Map<string, number>();
  for (const { constructorId } of rows) cars.set(constructorId, (cars.get(constructorId) ?? 0) + 1);
  return cars;
}
