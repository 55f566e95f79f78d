import { seasonFacts } from "@pitwall/db/facts";
import { HOUR, SECOND } from "@pitwall/domain/durations";
import { test } from "@pitwall/testing/database";
import { describe, expect, onTestFinished } from "vitest";
import { JOLPICA_ALLOWANCE, sharedBudget } from "./budget.ts";
import { openClient } from "./client.ts";
import { type Override, startReplayServer } from "./replay-server.ts";

type Db = Parameters<typeof sharedBudget>[0]["db"];

let made = 0;

/** Three processes that ask one source, by a clock that is turned. */
async function threeProcesses(db: Db, gap = 0) {
  let at = Date.parse("2026-06-07T15:00:00Z");
  const feed = await startReplayServer({ facts: seasonFacts(2025), calendar: new Map() });
  onTestFinished(feed.close);
  const budget = () =>
    sharedBudget({ db, now: () => new Date(at) }, { ...JOLPICA_ALLOWANCE, source: `source ${made}`, gap });
  made += 1;
  const options = { baseUrl: feed.url, userAgent: "pitwall-test", pauses: [0, 0], now: () => at };
  const [one, two, three] = [1, 2, 3].map(() => openClient({ ...options, budget: budget() }));
  if (!one || !two || !three) throw new Error("three are three");
  const PATH = "/2025/22/results.json?limit=100";
  return {
    feed,
    ask: (client = one) => client.fetch(PATH),
    everybody: () => Promise.all([one, two, three].map((client) => client.fetch(PATH))),
    two,
    turnBy(ms: number): void {
      at += ms;
    },
  };
}

test("Jolpica is asked far less than it allows: four a second, five hundred an hour", () => {
  const { gap, burst, refill } = JOLPICA_ALLOWANCE;
  expect(SECOND / gap).toBeLessThanOrEqual(4);
  expect(burst + HOUR / refill).toBeLessThanOrEqual(60);
});

test("processes that ask at the same moment begin one after the other", async ({ database: { db } }) => {
  const { feed, everybody } = await threeProcesses(db, 40);
  await everybody();
  const moments = feed.requests.map(({ at }) => at).sort();
  expect(moments).toHaveLength(3);
  expect((moments[2] ?? 0) - (moments[0] ?? 0)).toBeGreaterThanOrEqual(70);
});

test("what all of them ask together ends with the budget", async ({ database: { db } }) => {
  const { feed, everybody } = await threeProcesses(db);
  for (let round = 0; round < 15; round += 1) await everybody();
  expect(feed.requests).toHaveLength(30);
  expect(await everybody()).toMatchObject([
    { kind: "put_off", reason: "The source has been asked enough for now.", forMs: HOUR / 30 },
    { kind: "put_off" },
    { kind: "put_off" },
  ]);
});

describe("a refusal", () => {
  test.for<[string, Override, number]>([
    ["that says nothing more, as Jolpica's", { body: '{"detail":"Request was throttled."}' }, 2 * SECOND],
    ["in seconds", { headers: { "retry-after": "90" } }, 90 * SECOND],
    ["with a date", { headers: { "retry-after": "Sun, 07 Jun 2026 15:10:00 GMT" } }, 600 * SECOND],
    ["without end", { headers: { "retry-after": "1000000000" } }, HOUR / 1.25],
  ])("%s silences every process", async ([, override, atLeast], { database: { db } }) => {
    const { feed, ask, two, turnBy } = await threeProcesses(db);
    const clear = feed.serve({ status: 429, ...override });
    const refused = await ask();
    expect(refused).toMatchObject({ kind: "failed", reason: "The source answered 429: too many requests." });
    const forMs = "retryAfterMs" in refused ? (refused.retryAfterMs ?? 0) : 0;
    expect(forMs).toBeGreaterThanOrEqual(atLeast);
    expect(forMs).toBeLessThanOrEqual(Math.min(HOUR, atLeast * 1.25 + 1));
    expect(await ask(two)).toEqual({ kind: "put_off", reason: "The source asked for a pause.", forMs });
    expect(feed.requests).toHaveLength(1);
    clear();
    turnBy(forMs);
    expect(await ask(two)).toMatchObject({ kind: "fetched" });
  });

  test("after the next is longer, until one answer is none", async ({ database: { db } }) => {
    const { feed, ask, turnBy } = await threeProcesses(db);
    const clear = feed.serve({ status: 429 });
    const pauses: number[] = [];
    for (let n = 0; n < 4; n += 1) {
      const refused = await ask();
      pauses.push("retryAfterMs" in refused ? (refused.retryAfterMs ?? 0) : 0);
      turnBy(HOUR);
    }
    expect(pauses.map((ms) => Math.floor(Math.log2(ms / SECOND)))).toEqual([1, 2, 3, 4]);
    clear();
    await ask();
    feed.serve({ status: 429 });
    expect(await ask()).toMatchObject({ retryAfterMs: expect.toSatisfy((ms: number) => ms < 3 * SECOND) });
  });
});

describe("an outage", () => {
  const HTML = { "content-type": "text/html" };

  test.for<[string, Override]>([
    ["a gateway that waits in vain", { status: 504, headers: HTML, body: "<h1>504 Gateway Time-out</h1>" }],
    ["a server that is down", { status: 521, headers: HTML, body: "<html>" }],
    ["a page instead of data", { status: 200, headers: HTML, body: "<!doctype html>" }],
    ["an empty answer", { status: 200, body: "" }],
    ["no content", { status: 204, body: "" }],
    ["a closed door", { status: 403, body: "Please be considerate" }],
    ["another address", { status: 302, headers: { location: "https://example.org/" }, body: "" }],
  ])(
    "such as %s lets everybody leave it alone for a while, and is over by the next hour",
    async ([, override], { database: { db } }) => {
      const { feed, ask, two, turnBy } = await threeProcesses(db);
      const clear = feed.serve(override);
      for (let hour = 0; hour < 12; hour += 1) {
        expect(await ask()).not.toMatchObject({ kind: "put_off" });
        const asked = feed.requests.length;
        expect(await ask(two)).toMatchObject({
          kind: "put_off",
          reason: "The source failed a moment ago and is left alone.",
          forMs: expect.toSatisfy((ms: number) => ms >= Math.min(HOUR / 2 / 1.25, 30 * SECOND * 2 ** hour)),
        });
        expect(feed.requests).toHaveLength(asked);
        turnBy(HOUR);
      }
      clear();
      expect(await ask(two)).toMatchObject({ kind: "fetched" });
    },
  );

  test("that tells how long it will be is believed, up to half an hour", async ({ database: { db } }) => {
    const { feed, ask } = await threeProcesses(db);
    feed.serve({ status: 503, headers: { "retry-after": "600" }, body: "" });
    await ask();
    expect(feed.requests).toHaveLength(1);
    expect(await ask()).toMatchObject({ kind: "put_off", forMs: expect.toSatisfy((ms: number) => ms >= 600 * SECOND) });
  });

  test("is not what an unknown path or a wrong question is", async ({ database: { db } }) => {
    const { feed, ask } = await threeProcesses(db);
    for (const status of [400, 404]) {
      const clear = feed.serve({ status, headers: HTML, body: "<h1>Not Found</h1>" });
      expect(await ask()).toMatchObject({ kind: "failed" });
      clear();
      expect(await ask()).toMatchObject({ kind: "fetched" });
    }
  });
});
