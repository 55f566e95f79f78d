/** All that is left to chance in a run. The same seed brings the same. */
export interface Chance {
  /** From 0 up to, and without, 1. */
  next(): number;
  /** A whole number from 0, below `limit`. */
  below(limit: number): number;
  between(least: number, most: number): number;
  /** Around so many. */
  around(middle: number): number;
  happens(probability: number): boolean;
  /** Nothing of an empty list. */
  of<T>(list: readonly T[]): T | undefined;
  /** Of a list that is not empty. */
  one<T>(list: readonly T[]): T;
  shuffled<T>(list: readonly T[]): T[];
}

export function chanceOf(seed: number): Chance {
  const next = drawsOf(seed);
  const below = (limit: number) => Math.floor(next() * limit);
  const between = (least: number, most: number) => least + next() * (most - least);
  return {
    ...{ next, below, between },
    around: (middle) => between(middle / 2, (middle * 3) / 2),
    happens: (probability) => next() < probability,
    of: (list) => list[below(list.length)],
    one(list) {
      const drawn = list[below(list.length)];
      if (drawn === undefined) throw new RangeError("there is nothing to draw from");
      return drawn;
    },
    shuffled: (list) =>
      list
        .map((item) => ({ item, at: next() }))
        .sort((a, b) => a.at - b.at)
        .map(({ item }) => item),
  };
}

/** Numbers from 0 up to, and without, 1, that look like chance and are the same for the same seed. */
function drawsOf(seed: number): () => number {
  let state = (seed * 0x9e37_79b9) >>> 0;
  return () => {
    state = (state + 0x6d2b_79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
