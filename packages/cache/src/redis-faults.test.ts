import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { aFolder } from "@pitwall/rig/folder";
import { aPrefix, redisUrl } from "@pitwall/rig/redis";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { Cache } from "./cache.ts";
import { redisCache } from "./redis.ts";

/** Of a reader who waits for Redis once, and not for every answer. */
const SOON = 600;

describe.skipIf(redisUrl() === null)("whatever becomes of Redis", () => {
  let own: Awaited<ReturnType<typeof aRedis>>;
  beforeAll(async () => {
    own = await aRedis();
  });
  afterAll(() => own.stop());

  const opened = async (prefix = aPrefix()): Promise<Cache> => {
    const cache = await redisCache(own.address, { prefix });
    onTestFinished(() => cache.close());
    return cache;
  };

  test("when it forgets everything, values are loaded again, and what was loaded before is not put back", async () => {
    const [cache, other] = [await opened("flushed:"), await opened("flushed:")];
    const slow = Promise.withResolvers<string>();
    const early = cache.cached("board", text, () => slow.promise);
    await expect.poll(() => own.keysOf("flushed:tag:*"), { interval: 5 }).toHaveLength(1);
    await own.admin.flushall();
    await other.drop(["board"]);
    slow.resolve("revision 1");
    expect(await early).toBe("revision 1");
    expect(await other.cached("board", text, async () => "revision 2")).toBe("revision 2");
    expect(await cache.cached("board", text, async () => "not loaded")).toBe("revision 2");
  });

  test("when it throws out what it likes, every answer is still its own", async () => {
    await own.during({ "maxmemory-policy": "allkeys-lru", maxmemory: "2mb" }, async () => {
      const cache = await opened();
      const padded = (n: number) => `${n} ${"x".repeat(20_000)}`;
      for (let n = 0; n < 150; n += 1) await cache.cached(`answer ${n}`, text, async () => padded(n));
      const again = await Promise.all(
        Array.from({ length: 150 }, (_, n) => cache.cached(`answer ${n}`, text, async () => padded(n))),
      );
      expect(again).toEqual(Array.from({ length: 150 }, (_, n) => padded(n)));
      expect(Number(/evicted_keys:(\d+)/.exec(await own.admin.info("stats"))?.[1])).toBeGreaterThan(0);
    });
  });

  test.for([
    ["is full", { "maxmemory-policy": "noeviction", maxmemory: "1" }],
    ["lets nobody write", { "min-replicas-to-write": "1" }],
  ] as const)("when it %s, answers are right and attempts are counted", async ([, settings]) => {
    const cache = await opened();
    const windows = [{ limit: 2, seconds: 60 }];
    await own.during(settings, async () => {
      for (const answer of ["first", "second"])
        expect(await cache.cached("pole", text, async () => answer)).toBe(answer);
      const hits = [await cache.hit("in", windows), await cache.hit("in", windows), await cache.hit("in", windows)];
      expect(hits.map(({ allowed }) => allowed)).toEqual([true, true, false]);
      expect(cache.stats().outages).toBeGreaterThan(0);
    });
  });

  test("when it is stopped, answers are right and come soon, and it is used again when it goes on", async () => {
    const cache = await opened();
    await cache.cached("pole", text, async () => "norris");
    own.pause();
    const startedAt = performance.now();
    for (let n = 0; n < 20; n += 1) expect(await cache.cached("sprint", text, async () => `${n}`)).toBe(`${n}`);
    expect(performance.now() - startedAt).toBeLessThan(SOON);
    own.resume();
    await expect
      .poll(() => cache.cached("pole", text, async () => "from the database"), { timeout: 5_000 })
      .toBe("norris");
  });

  test.for([
    ["no JSON", "{"],
    ["of another shape", '{"winner":"norris"}'],
    ["that reaches for a prototype", '{"__proto__":{"winner":"nobody"}}'],
    ["no text at all", Buffer.from([0xff, 0x00, 0xfe])],
    ["of another version", '{"v":2}'],
  ] as const)("rubbish in it is no value: %s", async ([, rubbish]) => {
    const prefix = aPrefix();
    const cache = await opened(prefix);
    const how = { ttlSeconds: 60, parse: driver };
    await cache.cached("pole", how, async () => ({ driver: "norris" }));
    const token = await own.admin.get(`${prefix}tag:pole`);
    await own.admin.set(`${prefix}value:pole`, Buffer.concat([Buffer.from(`${token}\n`), Buffer.from(rubbish)]));
    expect(await cache.cached("pole", how, async () => ({ driver: "piastri" }))).toEqual({ driver: "piastri" });
    expect(await cache.cached("pole", how, async () => ({ driver: "not loaded" }))).toEqual({ driver: "piastri" });
    expect(Reflect.get({}, "winner")).toBeUndefined();
  });
});

const text = { ttlSeconds: 60, parse: String };

function driver(stored: unknown): { driver: string } {
  if (typeof stored === "object" && stored !== null && "driver" in stored && typeof stored.driver === "string")
    return { driver: stored.driver };
  throw new TypeError("no driver");
}

/** A Redis that a test may break. It ends with this process, however that ends. */
async function aRedis() {
  const folder = aFolder();
  const address = join(folder.path, "socket");
  const settings = ["--port", "0", "--unixsocket", address, "--save", ""];
  const shell = spawn(
    "sh",
    ["-c", 'redis-server "$@" >/dev/null & read -r _; kill -CONT $!; kill -KILL $!; wait $!', "sh", ...settings],
    {
      stdio: ["pipe", "ignore", "ignore"],
    },
  );
  const admin = new Redis(address, { retryStrategy: () => 20, maxRetriesPerRequest: null });
  admin.on("error", () => undefined);
  const pid = Number(/process_id:(\d+)/.exec(await admin.info("server"))?.[1]);
  const set = (values: Readonly<Record<string, string>>) => admin.config("SET", ...Object.entries(values).flat());
  return {
    ...{ address, admin, keysOf: (pattern: string) => admin.keys(pattern) },
    pause: () => void process.kill(pid, "SIGSTOP"),
    resume: () => void process.kill(pid, "SIGCONT"),
    async during(values: Readonly<Record<string, string>>, work: () => Promise<void>): Promise<void> {
      await set(values);
      try {
        await work();
      } finally {
        await set({ "maxmemory-policy": "noeviction", maxmemory: "0", "min-replicas-to-write": "0" });
      }
    },
    async stop() {
      admin.disconnect();
      const end = once(shell, "exit");
      shell.stdin.end();
      await end;
      folder.remove();
    },
  };
}
