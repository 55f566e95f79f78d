import { drawsOf } from "../draws.ts";

/** All that is left to chance in a run. The same seed brings the same. */
export interface Chance {
  /** A whole number from 0, below `limit`. */
  below(limit: number): number;
  happens(probability: number): boolean;
  /** Nothing of an empty list. */
  of<T>(list: readonly T[]): T | undefined;
  shuffled<T>(list: readonly T[]): T[];
}

export function chanceOf(seed: number): Chance {
  const next = drawsOf(seed);
  const below = (limit: number) => Math.floor(next() * limit);
  return {
    below,
    happens: (probability) => next() < probability,
    of: (list) => list[below(list.length)],
    shuffled: (list) =>
      list
        .map((item) => ({ item, at: next() }))
        .sort((a, b) => a.at - b.at)
        .map(({ item }) => item),
  };
}
