import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { type Cache, type Caching, lifetime, revive, sameKind, type Window } from "./cache.ts";
import { memoryCache } from "./memory.ts";
import { GIVE_BACK, HIT, LOOK, STORE } from "./redis-scripts.ts";
import { tallied } from "./tally.ts";

export interface RedisOptions {
  /** Keeps several installations, or tests, apart on one server. */
  readonly prefix?: string;
  /** Told at most once a second while Redis does not answer. */
  readonly onOutage?: (error: unknown) => void;
}

const REST = 1_000;
const TOKEN_SECONDS = 24 * 3600;
const LOAD_PATIENCE = 1_000;

/** Shared by all processes. Resolves once Redis is there, or is known to be away: then it is used from when it comes. */
export async function redisCache(url: string, options: RedisOptions = {}): Promise<Cache> {
  // Whoever goes without one does not hold its client in memory, some 2 MB.
  const { Redis } = await import("ioredis");
  const prefix = options.prefix ?? "pitwall:";
  const redis = new Redis(url, {
    commandTimeout: 150,
    connectTimeout: 500,
    maxRetriesPerRequest: 1,
    enableOfflineQueue: false,
    retryStrategy: (times) => Math.min(times * 100, 2_000),
  });
  // Without a listener a broken connection would end the process. The commands it breaks report it.
  redis.on("error", () => undefined);
  await new Promise<void>((resolve) => {
    redis.once("ready", () => resolve());
    redis.once("error", () => resolve());
  });

  const tagKey = (name: string): string => `${prefix}tag:${name}`;
  const keysOf = (key: string, names: readonly string[]): string[] => [`${prefix}value:${key}`, ...names.map(tagKey)];
  const counters = (key: string, windows: readonly Window[]) =>
    windows.map(({ seconds }) => `${prefix}hits:${key}:${seconds}`);
  const alone = memoryCache();
  const loads = new Map<string, Promise<unknown>>();
  /** Names that were dropped while Redis was away, with the number of the drop. What it kept of them is out of date. */
  const owed = new Map<string, number>();
  let drops = 0;
  let restsUntil = 0;
  let outages = 0;

  /** Undefined when Redis does not answer. Then it is left alone for a moment, so that not every request has to wait for it. */
  async function attempt<T>(command: () => Promise<T>): Promise<T | undefined> {
    if (performance.now() < restsUntil) return undefined;
    try {
      return await command();
    } catch (error) {
      outages += 1;
      if (performance.now() >= restsUntil) options.onOutage?.(error);
      restsUntil = performance.now() + REST;
      return undefined;
    }
  }

  async function settle(): Promise<void> {
    const due = [...owed];
    if (due.length === 0) return;
    if ((await attempt(() => redis.del(due.map(([name]) => tagKey(name))))) === undefined) return;
    for (const [name, drop] of due) if (owed.get(name) === drop) owed.delete(name);
  }

  /** What is stored, if it is as young as its names' tokens; a drop takes the token away. */
  async function look(key: string, names: readonly string[]): Promise<Look | undefined> {
    const keys = keysOf(key, names);
    const answer = await attempt(() => redis.eval(LOOK, keys.length, ...keys, randomUUID(), TOKEN_SECONDS));
    if (!Array.isArray(answer) || typeof answer[1] !== "string") return undefined;
    const [stored, tokens] = answer;
    const isYoung = typeof stored === "string" && stored.startsWith(`${tokens}\n`);
    return { tokens, text: isYoung ? stored.slice(tokens.length + 1) : undefined };
  }

  /** Lets one process load, while the others wait a moment for what it finds. */
  async function load<T>(
    key: string,
    how: Caching<T>,
    names: readonly string[],
    tokens: string,
    work: () => Promise<T>,
  ) {
    const lock = `${prefix}lock:${key}:${tokens}`;
    const claim = await attempt(() => redis.set(lock, "1", "PX", 2 * LOAD_PATIENCE, "NX"));
    const startedAt = performance.now();
    try {
      // Whoever may load looks once more: another may have loaded between its look and its claim.
      do {
        if (claim === null) await wait(50);
        const theirs = await look(key, names);
        if (theirs?.tokens !== tokens) break;
        const found = theirs.text === undefined ? undefined : revive(theirs.text, how.parse);
        if (found) return found.value;
      } while (claim === null && performance.now() - startedAt < LOAD_PATIENCE);
      const value = await work();
      const text = `${tokens}\n${JSON.stringify(value)}`;
      const keys = keysOf(key, names);
      await attempt(() => redis.eval(STORE, keys.length, ...keys, tokens, text, lifetime(how)));
      return value;
    } finally {
      if (claim === "OK") await attempt(() => redis.del(lock));
    }
  }

  async function find<T>(key: string, how: Caching<T>, work: () => Promise<T>): Promise<T> {
    const names = [key, ...(how.tags ?? [])];
    await settle();
    if (names.some((name) => owed.has(name))) return work();
    const seen = await look(key, names);
    if (seen === undefined) return work();
    const found = seen.text === undefined ? undefined : revive(seen.text, how.parse);
    if (found) return found.value;
    const flight = `${key}\n${seen.tokens}`;
    const running = loads.get(flight) ?? load(key, how, names, seen.tokens, work);
    loads.set(flight, running);
    try {
      return sameKind<T>(await running);
    } finally {
      if (loads.get(flight) === running) loads.delete(flight);
    }
  }

  return {
    ...tallied(find, () => outages),

    async drop(names) {
      drops += 1;
      for (const name of names) owed.set(name, drops);
      await settle();
    },

    async hit(key, windows) {
      const figures = windows.flatMap(({ limit, seconds }) => [limit, seconds * 1000]);
      const answer = await attempt(() => redis.eval(HIT, windows.length, ...counters(key, windows), ...figures));
      if (!Array.isArray(answer)) return alone.hit(key, windows);
      const [allowed, remaining, left] = answer.map(Number);
      return { allowed: allowed === 1, remaining: remaining ?? 0, resetSeconds: Math.ceil((left ?? 0) / 1000) };
    },

    async giveBack(key, windows) {
      const answer = await attempt(() => redis.eval(GIVE_BACK, windows.length, ...counters(key, windows)));
      if (answer === undefined) await alone.giveBack(key, windows);
    },

    async ping() {
      return (await attempt(() => redis.ping())) === "PONG";
    },

    async close() {
      redis.disconnect();
    },
  };
}

interface Look {
  /** One for each name, joined. They name the state of affairs that a value loaded now will describe. */
  readonly tokens: string;
  readonly text: string | undefined;
}
