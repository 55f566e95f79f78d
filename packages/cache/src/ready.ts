/** What is ready to be handed out again, as long as nothing that it shows can have changed. */
export interface Ready<T> {
  /** What is ready under this key, if anything is. */
  get(key: string): T | undefined;
  /**
   * The same, else what `load` makes. Whoever asks meanwhile shares it, but nobody shares what began before a drop. What is
   * made while it is not certain that drops are heard of is shared with nobody.
   */
  of(key: string, load: () => Promise<T>): Promise<T>;
  /** Forgets everything, also what is being loaded right now. */
  drop(): void;
}

export interface ReadyOptions<T> {
  /** Whether a drop would be heard of. While it would not, nothing is ready. */
  readonly isCertain: () => boolean;
  /** How old anything gets, in milliseconds, counted from when its loading began. */
  readonly livesFor: number;
  /** In bytes, roughly. */
  readonly sizeOf: (value: T) => number;
  readonly mostBytes?: number;
  readonly now?: () => number;
}

/** Beside the bytes, so that small answers cannot fill the memory with their keys. */
const MOST_KEPT = 1_000;
const LONGEST_KEY = 500;

export function createReady<T>(options: ReadyOptions<T>): Ready<T> {
  const { isCertain, livesFor, sizeOf, mostBytes = 16 * 1024 * 1024, now = () => performance.now() } = options;
  const kept = new Map<string, Kept<T>>();
  const loads = new Map<string, Promise<T>>();
  let generation = 0;
  let bytes = 0;

  function get(key: string): T | undefined {
    const found = kept.get(key);
    return found && found.goodUntil > now() && isCertain() ? found.value : undefined;
  }

  function keep(key: string, value: T, goodUntil: number): void {
    forget(key);
    const size = sizeOf(value) + 2 * key.length;
    kept.set(key, { value, size, goodUntil });
    bytes += size;
    // The oldest come first, and whatever is over goes with them.
    for (const [oldest, { goodUntil: end }] of kept) {
      if (bytes <= mostBytes && kept.size <= MOST_KEPT && end > now()) break;
      forget(oldest);
    }
  }

  function forget(key: string): void {
    bytes -= kept.get(key)?.size ?? 0;
    kept.delete(key);
  }

  async function loaded(key: string, load: () => Promise<T>): Promise<T> {
    const [born, goodUntil] = [generation, now() + livesFor];
    const value = await load();
    if (born === generation && isCertain() && key.length <= LONGEST_KEY) keep(key, value, goodUntil);
    return value;
  }

  return {
    get,
    async of(key, load) {
      if (!isCertain()) return load();
      const found = get(key) ?? loads.get(key);
      if (found !== undefined) return found;
      const loading = loaded(key, load);
      loads.set(key, loading);
      try {
        return await loading;
      } finally {
        if (loads.get(key) === loading) loads.delete(key);
      }
    },
    drop() {
      generation += 1;
      bytes = 0;
      kept.clear();
      loads.clear();
    },
  };
}

interface Kept<T> {
  readonly value: T;
  readonly size: number;
  readonly goodUntil: number;
}
