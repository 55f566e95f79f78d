import { drawsOf } from "../draws.ts";

/** Numbers that look like chance and are the same for the same seed. */
export interface Luck {
  below(limit: number): number;
  pick<T>(list: readonly T[]): T;
}

export function luckOf(seed: number): Luck {
  const next = drawsOf(seed);
  const below = (limit: number) => Math.floor(next() * limit);
  return {
    below,
    pick(list) {
      const chosen = list[below(list.length)];
      if (chosen === undefined) throw new RangeError("there is nothing to pick from");
      return chosen;
    },
  };
}
