import { describe, expect, test } from "vitest";
import { createReady } from "./ready.ts";

/** Answers of one letter for each byte, and a clock, a certainty and a loading that the test turns. */
function aReady(mostBytes = 1_000) {
  const world = { time: 0, isCertain: true, loads: 0 };
  const ready = createReady<string>({
    isCertain: () => world.isCertain,
    livesFor: 1_000,
    sizeOf: (text) => text.length,
    mostBytes,
    now: () => world.time,
  });
  const ask = (key: string, text = key) =>
    ready.of(key, async () => {
      world.loads += 1;
      return text;
    });
  return { world, ready, ask };
}

/** A load that ends when the test says what it found. */
function slowLoad() {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  return { load: () => promise, found: resolve, failed: reject };
}

test("what was loaded once is ready, until it has lived its time since the loading began", async () => {
  const { world, ready, ask } = aReady();
  expect(ready.get("race")).toBeUndefined();
  const { load, found } = slowLoad();
  const asked = ready.of("race", load);
  world.time = 400;
  found("first");
  expect(await asked).toBe("first");
  world.time = 999;
  expect([ready.get("race"), await ask("race", "second")]).toEqual(["first", "first"]);
  world.time = 1_000;
  expect([ready.get("race"), await ask("race", "second")]).toEqual([undefined, "second"]);
});

test("whoever asks while it is being loaded shares the load, and its failure, which is not kept", async () => {
  const { ready, ask, world } = aReady();
  const { load, failed } = slowLoad();
  const both = Promise.allSettled([ready.of("race", load), ask("race")]);
  failed(new Error("away"));
  expect((await both).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(world.loads).toBe(0);
  expect(await ask("race", "there again")).toBe("there again");
});

describe("a drop", () => {
  test("takes away what is ready", async () => {
    const { ready, ask } = aReady();
    await ask("race", "before");
    ready.drop();
    expect([ready.get("race"), await ask("race", "after")]).toEqual([undefined, "after"]);
  });

  test("keeps what began before it from being kept, and from being shared with who asks after it", async () => {
    const { ready, ask } = aReady();
    const { load, found } = slowLoad();
    const before = ready.of("race", load);
    ready.drop();
    expect(await ask("race", "after")).toBe("after");
    found("before");
    expect([await before, ready.get("race")]).toEqual(["before", "after"]);
  });
});

test("nothing is ready, shared or kept while drops might not be heard of", async () => {
  const { world, ready, ask } = aReady();
  await ask("race", "before");
  world.isCertain = false;
  expect(ready.get("race")).toBeUndefined();
  expect(await Promise.all([ask("race", "one"), ask("race", "another")])).toEqual(["one", "another"]);
  world.isCertain = true;
  ready.drop();
  const { load, found } = slowLoad();
  const asked = ready.of("race", load);
  world.isCertain = false;
  found("heard by halves");
  await asked;
  world.isCertain = true;
  expect(ready.get("race")).toBeUndefined();
});

describe("strangers cannot fill the memory", () => {
  test("with large answers: the oldest go", async () => {
    const { ready, ask } = aReady(100);
    for (const key of ["a", "b", "c"]) await ask(key, key.repeat(40));
    expect(["a", "b", "c"].map((key) => ready.get(key) !== undefined)).toEqual([false, true, true]);
    expect(await ask("d", "d".repeat(200))).toHaveLength(200);
    expect(ready.get("d")).toBeUndefined();
  });

  test("with many small ones, or with long keys", async () => {
    const { ready, ask } = aReady(1_000_000);
    for (let index = 0; index <= 1_000; index += 1) await ask(`${index}`);
    expect([ready.get("0"), ready.get("1"), ready.get("1000")]).toEqual([undefined, "1", "1000"]);
    await ask("k".repeat(501));
    expect(ready.get("k".repeat(501))).toBeUndefined();
  });
});
