/** Draws by a seed: the same seed draws the same. */
export interface Random {
  /** From 0 up to, and without, 1. */
  next(): number;
  between(least: number, most: number): number;
  one<T>(of: readonly T[]): T;
}

export function aRandom(seed: number): Random {
  let state = (seed * 0x9e3779b1) >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
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
