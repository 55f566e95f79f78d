/** Numbers that look like chance and are the same for the same seed. */
export interface Luck {
  below(limit: number): number;
  pick<T>(list: readonly T[]): T;
}

export function luckOf(seed: number): Luck {
  let state = Math.imul(seed, 0x9e3779b1) >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
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
