import { aProxy, type Proxy } from "@pitwall/rig/proxy";
import { aPrefix, redisUrl } from "@pitwall/rig/redis";
import { Redis } from "ioredis";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Cache } from "./cache.ts";
import { redisCache } from "./redis.ts";

const url = redisUrl() ?? "";

test("a Redis that was never there costs an answer nothing but its speed", async () => {
  const cache = await opened("redis://127.0.0.1:1");
  expect(await cache.cached("pole", text, async () => "norris")).toBe("norris");
  expect(await cache.ping()).toBe(false);
  expect(cache.stats()).toEqual({ hits: 0, misses: 1, outages: 1 });
});

test("without Redis a process still counts on its own", async () => {
  const cache = await opened("redis://127.0.0.1:1");
  const hits = [
    await cache.hit("sign-in", [{ limit: 2, seconds: 60 }]),
    await cache.hit("sign-in", [{ limit: 2, seconds: 60 }]),
    await cache.hit("sign-in", [{ limit: 2, seconds: 60 }]),
  ];
  expect(hits.map((hit) => hit.allowed)).toEqual([true, true, false]);
});

describe.skipIf(url === "")("with Redis", () => {
  test("processes share values, drops and counts", async () => {
    const prefix = aPrefix();
    const [one, other] = [await opened(url, prefix), await opened(url, prefix)];
    await one.cached("pole", text, async () => "norris");
    expect(await other.cached("pole", text, async () => "not loaded")).toBe("norris");
    await other.drop(["pole"]);
    expect(await one.cached("pole", text, async () => "piastri")).toBe("piastri");
    await one.hit("sign-in", [{ limit: 2, seconds: 60 }]);
    expect(await other.hit("sign-in", [{ limit: 2, seconds: 60 }])).toMatchObject({ remaining: 0 });
  });

  test("of two processes that miss at once one waits for the other", async () => {
    const prefix = aPrefix();
    const caches = [await opened(url, prefix), await opened(url, prefix)];
    let loads = 0;
    const load = async (): Promise<string> => {
      loads += 1;
      await caches[0]?.ping();
      return "standings";
    };
    await Promise.all(caches.flatMap((cache) => Array.from({ length: 250 }, () => cache.cached("board", text, load))));
    expect(loads).toBe(1);
  });

  test("what somebody else left at the place of a value is no value", async () => {
    const prefix = aPrefix();
    const cache = await opened(url, prefix);
    const vandal = new Redis(url);
    onTestFinished(() => vandal.disconnect());
    await vandal.hset(`${prefix}value:pole`, "a", "1");
    await vandal.hset(`${prefix}tag:pole`, "a", "1");
    await vandal.set(`${prefix}hits:pole:60`, "not a number");
    expect(await cache.cached("pole", text, async () => "norris")).toBe("norris");
    expect(await cache.cached("pole", text, async () => "not loaded")).toBe("norris");
    expect(await cache.hit("pole", [{ limit: 3, seconds: 60 }])).toMatchObject({ allowed: true, remaining: 2 });
  });

  test.each(["sever", "hang"] as const)(
    "when the wire to it breaks (%s), answers stay right and come soon, and it is used again when it is back",
    async (breaks) => {
      const { cache, proxy } = await behindProxy();
      await cache.cached("pole", text, async () => "norris");
      proxy[breaks]();
      const startedAt = performance.now();
      for (let i = 0; i < 20; i += 1)
        expect(await cache.cached("pole", text, async () => "from the database")).toBe("from the database");
      expect(performance.now() - startedAt).toBeLessThan(600);
      proxy.heal();
      await expect
        .poll(() => cache.cached("pole", text, async () => "from the database"), { timeout: 5_000 })
        .toBe("norris");
    },
  );

  test("a drop during an outage is made up for", async () => {
    const { cache, proxy } = await behindProxy();
    await cache.cached("result", text, async () => "revision 1");
    proxy.sever();
    await cache.drop(["result"]);
    proxy.heal();
    await expect.poll(() => cache.ping(), { timeout: 5_000 }).toBe(true);
    expect(await cache.cached("result", text, async () => "revision 2")).toBe("revision 2");
  });
});

async function opened(address: string, prefix = aPrefix()): Promise<Cache> {
  const cache = await redisCache(address, { prefix });
  onTestFinished(() => cache.close());
  return cache;
}

async function behindProxy(): Promise<{ cache: Cache; proxy: Proxy }> {
  const proxy = await aProxy(url);
  onTestFinished(() => proxy.close());
  return { cache: await opened(proxy.url), proxy };
}

const text = { ttlSeconds: 60, parse: String };
