import type { Classification, ClassifiedCar } from "@pitwall/domain/classifications";
import type { Rarities } from "./season.ts";

export type Rearranging = (document: Classification) => Classification;

/** Who drives: what moves when two change places. */
type Who = Pick<ClassifiedCar, "driverId" | "constructorId" | "number">;

/** Puts the pair that some field eighth and ninth, and the rare one tenth and eleventh. */
export function placed(document: Classification, { rare, some }: Rarities): Classification {
  return [...some, ...rare].reduce((arranged, driverId, nth) => {
    const at = byPlace(arranged).findIndex((car) => car.driverId === driverId);
    return exchanged(at, 7 + nth)(arranged);
  }, document);
}

/** Those of the points' edge change places: one team in a thousand has other points. */
export const aboutFew: Rearranging = exchanged(9, 10);
/** One in ten. */
export const aboutSome: Rearranging = exchanged(7, 8);
/** Whoever was classified stands in the opposite order: nearly everybody has other points. */
export const aboutAll: Rearranging = (document) => {
  const cars = byPlace(document).filter((car) => car.finish === "classified");
  return rearranged(document, (at) => cars.at(-1 - at));
};

function exchanged(one: number, other: number): Rearranging {
  return (document) => {
    const cars = byPlace(document);
    const who = new Map([
      [one, cars[other]],
      [other, cars[one]],
    ]);
    return rearranged(document, (at) => who.get(at));
  };
}

function byPlace({ race }: Classification): ClassifiedCar[] {
  return race.toSorted((a, b) => a.position - b.position);
}

function rearranged(document: Classification, whoAt: (at: number) => Who | undefined): Classification {
  const race = byPlace(document).map((car, at) => {
    const { driverId, constructorId, number } = whoAt(at) ?? car;
    return { ...car, driverId, constructorId, number };
  });
  return { ...document, race };
}
