import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { gzipSync } from "node:zlib";
import { seasonFacts, shippedSeasons } from "@pitwall/db/facts";
import { HOUR, SECOND } from "@pitwall/domain/durations";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type JolpicaOptions, jolpica } from "./jolpica.ts";
import { historicalCalendar } from "./replay.ts";
import { type Override, type ReplayServer, startReplayServer } from "./replay-server.ts";
import type { AskedRace } from "./source.ts";

const LAS_VEGAS: AskedRace = { season: 2025, round: 22, circuitId: "vegas", sessions: ["race"] };
const MIAMI: AskedRace = { season: 2025, round: 6, circuitId: "miami", sessions: ["race", "sprint", "qualifying"] };
const AGENT = "pitwall-test (+https://example.org)";

function client(feed: { readonly url: string }, options: Partial<JolpicaOptions> = {}) {
  return jolpica({ baseUrl: feed.url, userAgent: AGENT, gap: 0, ...options });
}

describe.each(shippedSeasons())("the season %i", (year) => {
  test("comes back over HTTP exactly as it is shipped, revision by revision", async () => {
    const facts = seasonFacts(year);
    const calendar = historicalCalendar(facts);
    let at = new Date(0);
    const feed = await startReplayServer({ facts, calendar, now: () => at });
    const source = client(feed);
    for (const { slug, round, circuitId, sessions, revisions } of facts.races) {
      const asked: AskedRace = {
        season: year,
        round,
        circuitId,
        sessions: sessions.sprint ? ["race", "sprint", "qualifying"] : ["race", "qualifying"],
      };
      const flagAt = calendar.get(slug)?.flagAt.getTime() ?? Number.NaN;
      at = new Date(flagAt);
      expect(await source.classificationOf(asked)).toEqual({ kind: "none_yet" });
      for (const { hoursAfterFlag, classification } of revisions) {
        at = new Date(flagAt + hoursAfterFlag * HOUR);
        expect(await source.classificationOf(asked)).toMatchObject({ kind: "classification", classification });
      }
    }
    await feed.close();
  });
});

describe("a client of the source", () => {
  const facts = seasonFacts(2025);
  let feed: ReplayServer;
  const clear: (() => void)[] = [];

  beforeAll(async () => {
    const now = () => new Date("2026-01-01T00:00:00Z");
    feed = await startReplayServer({ facts, calendar: historicalCalendar(facts), now });
  });
  afterEach(() => {
    for (const one of clear.splice(0)) one();
  });
  afterAll(() => feed.close());

  async function answerTo(override: Override, asked: AskedRace = LAS_VEGAS, options: Partial<JolpicaOptions> = {}) {
    clear.push(feed.serve(override));
    return client(feed, options).classificationOf(asked);
  }

  test("says who it is, asks for JSON, spells every address in the same way and leaves caches alone", async () => {
    const from = feed.requests.length;
    await client(feed).classificationOf(LAS_VEGAS);
    await client(feed).classificationOf(MIAMI);
    const asked = feed.requests.slice(from);
    expect(asked.map(({ method, path }) => `${method} ${path}`)).toEqual([
      "GET /ergast/f1/2025/22/results.json?limit=100",
      "GET /ergast/f1/2025/6/results.json?limit=100",
      "GET /ergast/f1/2025/6/sprint.json?limit=100",
      "GET /ergast/f1/2025/6/qualifying.json?limit=100",
    ]);
    for (const { headers } of asked) expect(headers).toMatchObject({ "user-agent": AGENT, accept: "application/json" });
  });

  test("keeps the body word for word, several as one", async () => {
    const single = await client(feed).classificationOf(LAS_VEGAS);
    const response = await fetch(`${feed.url}/2025/22/results.json?limit=100`);
    expect(single).toMatchObject({ body: await response.text() });
    const several = await client(feed).classificationOf(MIAMI);
    expect("body" in several && Object.keys(JSON.parse(several.body))).toEqual(["race", "sprint", "qualifying"]);
  });

  test("asks for no more while the race itself has no result", async () => {
    const from = feed.requests.length;
    const round = { ...MIAMI, round: 7, circuitId: "imola" };
    clear.push(feed.serve({ path: "/2025/7/results", body: emptied }));
    expect(await client(feed).classificationOf(round)).toEqual({ kind: "none_yet" });
    expect(feed.requests).toHaveLength(from + 1);
  });

  test("takes half a weekend for none: a sprint that is asked for must be there", async () => {
    expect(await answerTo({ path: "/2025/6/sprint", body: emptied }, MIAMI)).toEqual({ kind: "none_yet" });
  });

  test.each([
    ["an outage", { status: 504, body: "<html><h1>504 Gateway Time-out</h1></html>" }, "The source answered 504."],
    ["a fault", { status: 500, body: "<!doctype html><title>Server Error (500)</title>" }, "The source answered 500."],
    ["an unknown path", { status: 404, body: "<!doctype html><title>Not Found</title>" }, "The source answered 404."],
    ["a refusal", { status: 403, body: "Please be considerate" }, "The source answered 403."],
    ["no content", { status: 204, body: "" }, "The source answered 204."],
  ])("takes %s for no answer, and never for an empty result", async (_, override, reason) => {
    expect(await answerTo(override)).toEqual({ kind: "failed", reason });
  });

  test("follows no redirect, whoever it leads to", async () => {
    const from = feed.requests.length;
    const location = `${feed.url}/2025/21/results.json`;
    expect(await answerTo({ path: "/2025/22", status: 301, headers: { location } })).toMatchObject({
      kind: "failed",
      reason: "The source answered 301.",
    });
    expect(feed.requests).toHaveLength(from + 1);
  });

  test("falls silent when it is refused without a word of how long, and longer each time", async () => {
    let now = 0;
    const source = client(feed, { now: () => now });
    const from = feed.requests.length;
    clear.push(feed.serve({ status: 429, body: '{"detail":"Request was throttled."}' }));
    const first = await source.classificationOf(LAS_VEGAS);
    const paused = await source.classificationOf(LAS_VEGAS);
    expect(first).toMatchObject({ kind: "failed", reason: "The source answered 429: too many requests." });
    expect(paused).toMatchObject({ kind: "failed", reason: "The source asked for a pause." });
    expect(feed.requests).toHaveLength(from + 1);
    now = 3 * SECOND;
    const second = await source.classificationOf(LAS_VEGAS);
    expect("retryAfterMs" in second && second.retryAfterMs).toBeGreaterThanOrEqual(4 * SECOND);
    now = 60 * SECOND;
    clear.pop()?.();
    expect(await source.classificationOf(LAS_VEGAS)).toMatchObject({ kind: "classification" });
  });

  test("is silent for an hour at most, whatever it is asked", async () => {
    const answer = await answerTo({ status: 429, headers: { "retry-after": "1000000000" } });
    expect(answer).toMatchObject({ kind: "failed", retryAfterMs: HOUR });
  });

  test("asks one thing at a time, with a gap between, however many ask it", async () => {
    const from = feed.requests.length;
    const source = client(feed, { gap: 30 });
    await Promise.all([source.classificationOf(LAS_VEGAS), source.classificationOf(MIAMI)]);
    const moments = feed.requests.slice(from).map(({ at }) => at);
    expect(moments).toHaveLength(4);
    expect((moments.at(-1) ?? 0) - (moments[0] ?? 0)).toBeGreaterThanOrEqual(3 * 25);
  });

  test("waits for a slow answer only so long", async () => {
    expect(await answerTo({ delay: 5 * SECOND }, LAS_VEGAS, { timeout: 50 })).toEqual({
      kind: "failed",
      reason: "There was no whole answer within 50 ms.",
    });
  });

  test("cuts off a body that is too large", async () => {
    expect(await answerTo({ body: " ".repeat(2_000_001) })).toEqual({
      kind: "failed",
      reason: "The answer is larger than 2000000 bytes.",
    });
  });
});

describe("a source that means harm", () => {
  test("cannot unpack a small answer into a large one", async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000));
    const answer = await answerOf({}, (_, response) =>
      response.writeHead(200, { "content-encoding": "gzip" }).end(bomb),
    );
    expect(answer).toEqual({ kind: "failed", reason: "The answer is larger than 2000000 bytes." });
  });

  test("cannot keep the client by a drip of bytes", async () => {
    const answer = await answerOf({ timeout: 100 }, (_, response) => {
      const drip = setInterval(() => response.write(" "), 10);
      response.on("close", () => clearInterval(drip));
    });
    expect(answer).toEqual({ kind: "failed", reason: "There was no whole answer within 100 ms." });
  });

  test("cannot break it by breaking off", async () => {
    const answer = await answerOf({}, (_, response) => {
      response.writeHead(200, { "content-length": "1000" }).write("{", () => response.destroy());
    });
    expect(answer).toEqual({ kind: "failed", reason: "The source was not reached: the connection broke off." });
  });

  test("may not be there at all", async () => {
    const gone = await startReplayServer({ facts: seasonFacts(2025), calendar: new Map() });
    await gone.close();
    const answer = await client(gone).classificationOf(LAS_VEGAS);
    expect(answer).toEqual({ kind: "failed", reason: "The source was not reached: the connection was refused." });
  });

  async function answerOf(options: Partial<JolpicaOptions>, listener: RequestListener) {
    const server = createServer(listener).listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" ? address?.port : undefined;
    const answer = await client({ url: `http://127.0.0.1:${port}` }, options).classificationOf(LAS_VEGAS);
    server.close();
    server.closeAllConnections();
    return answer;
  }
});

function emptied(body: string): string {
  const document = JSON.parse(body);
  document.MRData.total = "0";
  document.MRData.RaceTable.Races = [];
  return JSON.stringify(document);
}
