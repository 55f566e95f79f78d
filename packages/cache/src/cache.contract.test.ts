import { aPrefix, redisUrl } from "@pitwall/rig/redis";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Cache } from "./cache.ts";
import { memoryCache } from "./memory.ts";
import { redisCache } from "./redis.ts";

const url = redisUrl();

describe.each([
  { name: "in the process", open: async () => memoryCache(), there: true },
  { name: "in Redis", open: () => redisCache(url ?? "", { prefix: aPrefix() }), there: url !== null },
])("a cache $name", ({ open, there }) => {
  let cache: Cache;
  beforeAll(async () => {
    if (there) cache = await open();
  });
  afterAll(() => cache?.close());

  describe.skipIf(!there)("remembers", () => {
    test("what was loaded once", async () => {
      const pole = counted("norris");
      expect(await cache.cached("pole", text, pole.load)).toBe("norris");
      expect(await cache.cached("pole", text, pole.load)).toBe("norris");
      expect(pole.loads).toBe(1);
    });

    test("nothing that its reader cannot parse", async () => {
      await cache.cached("grid", { ttlSeconds: 60, parse: (stored) => stored }, async () => ({
        __proto__: { a: 1 },
        b: 2,
      }));
      expect(await cache.cached("grid", text, async () => "mended")).toBe("mended");
      expect(await cache.cached("grid", text, async () => "not loaded")).toBe("mended");
    });

    test("nothing of a load that failed, which fails all who waited for it", async () => {
      const failing = async () => Promise.reject(new Error("no answer"));
      const both = await Promise.allSettled([
        cache.cached("fails", text, failing),
        cache.cached("fails", text, failing),
      ]);
      expect(both.map((result) => result.status)).toEqual(["rejected", "rejected"]);
      expect(await cache.cached("fails", text, async () => "now")).toBe("now");
    });

    test("nothing for longer than it was told to", async () => {
      const weather = counted("rain");
      await cache.cached("weather", { ...text, ttlSeconds: 1 }, weather.load);
      await expect
        .poll(() => cache.cached("weather", { ...text, ttlSeconds: 1 }, weather.load).then(() => weather.loads), {
          timeout: 3_000,
        })
        .toBe(2);
    });
  });

  describe.skipIf(!there)("spares the database", () => {
    test("when five hundred readers miss at once: one loads for all, and it is counted so", async () => {
      const board = counted("standings");
      const before = cache.stats();
      const answers = await Promise.all(Array.from({ length: 500 }, () => cache.cached("board", text, board.load)));
      expect(new Set(answers)).toEqual(new Set(["standings"]));
      expect(board.loads).toBe(1);
      expect(cache.stats()).toEqual({ hits: before.hits + 499, misses: before.misses + 1, outages: before.outages });
    });
  });

  describe.skipIf(!there)("forgets", () => {
    test("a value by its key and by each of its tags", async () => {
      for (const name of ["race", "season 2026", "league 7"]) {
        const value = counted("old");
        const how = { ...text, tags: ["season 2026", "league 7"] };
        await cache.cached("race", how, value.load);
        await cache.drop(["something else", name]);
        await cache.cached("race", how, value.load);
        expect(value.loads, name).toBe(2);
        await cache.drop(["race"]);
      }
    });

    test("what a slow reader found before a drop, even if he puts it down afterwards", async () => {
      const slow = held("revision 1");
      const how = { ...text, tags: ["race 1"] };
      const before = cache.cached("result", how, slow.load);
      await slow.begun;
      await cache.drop(["race 1"]);
      expect(await cache.cached("result", how, async () => "revision 2")).toBe("revision 2");
      slow.finish();
      expect(await before).toBe("revision 1");
      expect(await cache.cached("result", how, async () => "not loaded")).toBe("revision 2");
    });
  });

  describe.skipIf(!there)("counts", () => {
    test("attempts up to the limit, of fifty at once exactly those that fit", async () => {
      const hits = await Promise.all(
        Array.from({ length: 50 }, () => cache.hit("sign-in", [{ limit: 7, seconds: 60 }])),
      );
      expect(hits.filter((hit) => hit.allowed)).toHaveLength(7);
      expect(await cache.hit("sign-in", [{ limit: 7, seconds: 60 }])).toEqual({
        allowed: false,
        remaining: 0,
        resetSeconds: 60,
      });
    });

    test("what remains, each key on its own", async () => {
      expect(await cache.hit("anna", [{ limit: 3, seconds: 60 }])).toMatchObject({ allowed: true, remaining: 2 });
      expect(await cache.hit("anna", [{ limit: 3, seconds: 60 }])).toMatchObject({ allowed: true, remaining: 1 });
      expect(await cache.hit("ben", [{ limit: 3, seconds: 60 }])).toMatchObject({ allowed: true, remaining: 2 });
    });

    test("anew when the window has closed, though refused attempts went on", async () => {
      expect((await cache.hit("short", [{ limit: 1, seconds: 1 }])).allowed).toBe(true);
      await expect
        .poll(async () => (await cache.hit("short", [{ limit: 1, seconds: 1 }])).allowed, { timeout: 3_000 })
        .toBe(true);
    });

    test("in several windows at once, and says when there is room in all of them", async () => {
      const windows = [
        { limit: 2, seconds: 60 },
        { limit: 3, seconds: 600 },
      ];
      expect(await cache.hit("guesses", windows)).toEqual({ allowed: true, remaining: 1, resetSeconds: 60 });
      expect(await cache.hit("guesses", windows)).toEqual({ allowed: true, remaining: 0, resetSeconds: 60 });
      expect(await cache.hit("guesses", windows)).toEqual({ allowed: false, remaining: 0, resetSeconds: 60 });
      const narrow = windows.map(({ limit, seconds }) => ({ limit: limit + 1, seconds }));
      expect(await cache.hit("guesses", narrow)).toEqual({ allowed: true, remaining: 0, resetSeconds: 60 });
      expect(await cache.hit("guesses", windows)).toEqual({ allowed: false, remaining: 0, resetSeconds: 600 });
    });

    test("less by what is given back, and never less than nothing", async () => {
      const windows = [
        { limit: 2, seconds: 60 },
        { limit: 3, seconds: 600 },
      ];
      await cache.giveBack("right", windows);
      for (let n = 0; n < 10; n += 1) {
        expect(await cache.hit("right", windows)).toMatchObject({ allowed: true, remaining: 1 });
        await cache.giveBack("right", windows);
      }
      await cache.hit("right", windows);
      await cache.hit("right", windows);
      await cache.giveBack("right", windows);
      expect(await cache.hit("right", windows)).toMatchObject({ allowed: true, remaining: 0 });
      expect(await cache.hit("right", windows)).toMatchObject({ allowed: false });
    });
  });

  test.skipIf(!there)("says that it is there", async () => {
    expect(await cache.ping()).toBe(true);
  });
});

const text = {
  ttlSeconds: 60,
  parse(stored: unknown): string {
    if (typeof stored === "string") return stored;
    throw new TypeError("not a text");
  },
};

function counted(value: string) {
  const counter = {
    loads: 0,
    async load(): Promise<string> {
      counter.loads += 1;
      return value;
    },
  };
  return counter;
}

/** A load that takes until the test lets it finish. */
function held(value: string) {
  const begin = Promise.withResolvers<void>();
  const end = Promise.withResolvers<void>();
  return {
    begun: begin.promise,
    finish: end.resolve,
    async load(): Promise<string> {
      begin.resolve();
      await end.promise;
      return value;
    },
  };
}
