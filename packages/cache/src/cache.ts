/** What may be forgotten at any moment: the database stays the authority, and a miss is always answered from it. */
export interface Cache {
  /**
   * The stored value, else what `load` finds. Readers who miss at the same time share one `load`, never one that began before
   * a drop they may know of. A store that is away is a miss; only `load` can make this reject. The result may be shared.
   */
  cached<T>(key: string, how: Caching<T>, load: () => Promise<T>): Promise<T>;
  /**
   * Forgets the values with one of these names as key or tag, also those that are being loaded right now. Call it after the
   * commit. Never rejects.
   */
  drop(names: readonly string[]): Promise<void>;
  /**
   * Counts one attempt in every window, or in none if one of them is full, so nobody can keep himself locked out by going on.
   * A window opens with its first attempt. Never rejects: without the store each process counts on its own.
   */
  hit(key: string, windows: readonly Window[]): Promise<Hit>;
  /** Takes back one attempt that `hit` has counted, as if it had not been. Never rejects. */
  giveBack(key: string, windows: readonly Window[]): Promise<void>;
  /** Whether the store answers. */
  ping(): Promise<boolean>;
  /** What `cached` has come to in this process so far. */
  stats(): CacheStats;
  close(): Promise<void>;
}

export interface Caching<T> {
  readonly ttlSeconds: number;
  /** Subjects that the value speaks of: dropping one of them drops the value. */
  readonly tags?: readonly string[];
  /** Makes a value of what JSON kept of it, or throws, which is a miss: the store is not trusted. */
  readonly parse: (stored: unknown) => T;
}

/** How many attempts fit into how many seconds. A key is always counted in the same windows. */
export interface Window {
  readonly limit: number;
  readonly seconds: number;
}

export interface Hit {
  readonly allowed: boolean;
  /** In the tightest of the windows. */
  readonly remaining: number;
  /** Until the tightest window closes, or after a refusal every full one; rounded up. */
  readonly resetSeconds: number;
}

export interface CacheStats {
  /** Answers that spared the database, also those that waited for another reader's load. */
  readonly hits: number;
  /** Answers that had to be loaded. */
  readonly misses: number;
  /** Commands that the store has not answered. Those it was spared while it was left alone are not counted. */
  readonly outages: number;
}

/** The value within a parsed text of the store, or undefined when there is nothing to be trusted in it. */
export function revive<T>(text: string, parse: (stored: unknown) => T): { readonly value: T } | undefined {
  try {
    return { value: parse(JSON.parse(text)) };
  } catch {
    return undefined;
  }
}

/** In milliseconds: up to a tenth less than it may be, so that what was loaded together is not missed together. */
export function lifetime({ ttlSeconds }: Pick<Caching<unknown>, "ttlSeconds">): number {
  return Math.ceil(ttlSeconds * 1000 * (1 - Math.random() / 10));
}

/** Safe as long as a key stands for one kind of value, which is what a key is for. */
export function sameKind<T>(value: unknown): T {
  return value as T;
}
