import type { Cache, Caching } from "./cache.ts";

/** Counts what becomes of the questions to a cache. */
export function tallied(find: Cache["cached"], outages: () => number = () => 0): Pick<Cache, "cached" | "stats"> {
  const counts = { hits: 0, misses: 0 };
  return {
    async cached<T>(key: string, how: Caching<T>, load: () => Promise<T>): Promise<T> {
      let isLoaded = false;
      const value = await find(key, how, () => {
        isLoaded = true;
        counts.misses += 1;
        return load();
      });
      if (!isLoaded) counts.hits += 1;
      return value;
    },
    stats: () => ({ ...counts, outages: outages() }),
  };
}
