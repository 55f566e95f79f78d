import { type Cache, type Caching, type Hit, lifetime, revive, sameKind, type Window } from "./cache.ts";
import { recent } from "./recent.ts";
import { tallied } from "./tally.ts";

/** At least so many are kept and at most twice as many, so that strangers cannot fill the memory. */
const ENTRIES = 10_000;
const COUNTED = 20_000;
const DROPPED = 10_000;

/** For one process alone: others neither see its values nor its counts. */
export function memoryCache({ now = Date.now }: { readonly now?: () => number } = {}): Cache {
  const entries = recent<string, Entry>(ENTRIES);
  const loads = new Map<string, { readonly bornAt: number; readonly promise: Promise<unknown> }>();
  const counters = recent<string, Counter>(COUNTED);
  const drops = dropClock();

  async function load<T>(key: string, how: Caching<T>, names: readonly string[], work: () => Promise<T>): Promise<T> {
    const bornAt = drops.now();
    const promise = work();
    loads.set(key, { bornAt, promise });
    try {
      const value = await promise;
      const entry = { text: JSON.stringify(value), bornAt, expiresAt: now() + lifetime(how) };
      if (drops.outlivedBy(bornAt, names)) entries.set(key, entry);
      return value;
    } finally {
      if (loads.get(key)?.promise === promise) loads.delete(key);
    }
  }

  async function find<T>(key: string, how: Caching<T>, work: () => Promise<T>): Promise<T> {
    const names = [key, ...(how.tags ?? [])];
    const entry = entries.get(key);
    if (entry && entry.expiresAt > now() && drops.outlivedBy(entry.bornAt, names)) {
      const found = revive(entry.text, how.parse);
      if (found) return found.value;
    }
    const running = loads.get(key);
    if (running && drops.outlivedBy(running.bornAt, names)) return sameKind<T>(await running.promise);
    return load(key, how, names, work);
  }

  /** The counter of one of the windows that a key is counted in, a fresh one where it has closed. */
  function openCounter(key: string, { seconds }: Window, at: number, time: number): Counter {
    const name = nameOf(key, at);
    const known = counters.get(name);
    if (known && known.closesAt > time) return known;
    const counter = { count: 0, closesAt: time + seconds * 1000 };
    counters.set(name, counter);
    return counter;
  }

  return {
    ...tallied(find),

    async drop(names) {
      drops.drop(names);
    },

    async hit(key, windows): Promise<Hit> {
      const time = now();
      const rooms = windows.map((window, at) => {
        const counter = openCounter(key, window, at, time);
        return { counter, remaining: Math.max(0, window.limit - counter.count) };
      });
      const tightest = rooms.reduce((one, other) => (other.remaining < one.remaining ? other : one));
      const secondsUntil = (closesAt: number) => Math.ceil((closesAt - time) / 1000);
      if (tightest.remaining === 0) {
        const full = rooms.filter(({ remaining }) => remaining === 0);
        const closesAt = Math.max(...full.map(({ counter }) => counter.closesAt));
        return { allowed: false, remaining: 0, resetSeconds: secondsUntil(closesAt) };
      }
      for (const { counter } of rooms) counter.count += 1;
      const resetSeconds = secondsUntil(tightest.counter.closesAt);
      return { allowed: true, remaining: tightest.remaining - 1, resetSeconds };
    },

    async giveBack(key, windows) {
      for (const at of windows.keys()) {
        const counter = counters.get(nameOf(key, at));
        if (counter) counter.count = Math.max(0, counter.count - 1);
      }
    },

    async ping() {
      return true;
    },

    async close() {
      entries.clear();
      counters.clear();
    },
  };
}

interface Counter {
  readonly closesAt: number;
  count: number;
}

/** Nearly everything is counted in one window, so its name is the key itself; the number stands where no key begins with one. */
function nameOf(key: string, at: number): string {
  return at === 0 ? key : `${at}:${key}`;
}

interface Entry {
  readonly text: string;
  readonly bornAt: number;
  readonly expiresAt: number;
}

/** A clock that ticks with every drop, and knows for each name when it was dropped last. */
function dropClock() {
  const droppedAt = new Map<string, number>();
  let time = 0;
  /** What is older than this may have been dropped by a name that is no longer remembered. */
  let horizon = 0;
  return {
    now: () => time,
    drop(names: readonly string[]): void {
      time += 1;
      for (const name of names) {
        droppedAt.delete(name);
        droppedAt.set(name, time);
      }
      if (droppedAt.size <= 2 * DROPPED) return;
      for (const [name, at] of droppedAt) {
        if (droppedAt.size <= DROPPED) break;
        droppedAt.delete(name);
        horizon = at;
      }
    },
    outlivedBy: (bornAt: number, names: readonly string[]): boolean =>
      bornAt >= horizon && names.every((name) => (droppedAt.get(name) ?? 0) <= bornAt),
  };
}
