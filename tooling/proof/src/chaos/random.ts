import { drawsOf } from "../draws.ts";

/** Draws by a seed: the same seed draws the same. */
export interface Random {
  /** From 0 up to, and without, 1. */
  next(): number;
  between(least: number, most: number): number;
  one<T>(of: readonly T[]): T;
}

export function aRandom(seed: number): Random {
  const next = drawsOf(seed);
  return {
    next,
    between: (least, most) => least + next() * (most - least),
    one<T>(of: readonly T[]): T {
      const drawn = of[Math.floor(next() * of.length)];
      if (drawn === undefined) throw new RangeError("there is nothing to draw from");
      return drawn;
    },
  };
}

/** Around so many milliseconds. */
export function jittered(random: Random, ms: number): number {
  return random.between(ms / 2, (ms * 3) / 2);
}
