/** The entries that were set or asked for last, between `most` and twice as many, each reached in the same short time. */
export interface Recent<Key, Value> {
  get(key: Key): Value | undefined;
  /** The same, made where there is none. */
  of(key: Key, make: (key: Key) => Value): Value;
  set(key: Key, value: Value): void;
  delete(key: Key): void;
  clear(): void;
}

/**
 * Two generations: whatever is used moves to the younger one, and once that is full the older one goes as a whole. To let go of
 * one entry for each that comes would leave a hole in the map each time, and the oldest would be looked for behind all of them.
 */
export function recent<Key, Value>(most: number): Recent<Key, Value> {
  let young = new Map<Key, Value>();
  let old = new Map<Key, Value>();

  function set(key: Key, value: Value): void {
    if (young.size >= most && !young.has(key)) [old, young] = [young, new Map()];
    young.set(key, value);
  }

  function get(key: Key): Value | undefined {
    const known = young.get(key);
    if (known !== undefined) return known;
    const older = old.get(key);
    if (older !== undefined) set(key, older);
    return older;
  }

  return {
    get,
    of(key, make) {
      const known = get(key);
      if (known !== undefined) return known;
      const made = make(key);
      set(key, made);
      return made;
    },
    set,
    delete(key) {
      young.delete(key);
      old.delete(key);
    },
    clear() {
      young = new Map();
      old = new Map();
    },
  };
}
