import { seasonFacts, shippedSeasons } from "@pitwall/db/facts";
import { HOUR } from "@pitwall/domain/durations";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { unlimited } from "./budget.ts";
import { openClient } from "./client.ts";
import { jolpica } from "./jolpica.ts";
import { historicalCalendar } from "./replay.ts";
import { type Override, type ReplayServer, startReplayServer } from "./replay-server.ts";
import type { AskedRace } from "./source.ts";

const LAS_VEGAS: AskedRace = { season: 2025, round: 22, circuitId: "vegas", sessions: ["race"] };
const MIAMI: AskedRace = { season: 2025, round: 6, circuitId: "miami", sessions: ["race", "sprint", "qualifying"] };
const AGENT = "pitwall-test (+https://example.org)";

function client({ url }: { readonly url: string }) {
  return jolpica(openClient({ baseUrl: url, userAgent: AGENT, budget: unlimited, pauses: [] }));
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
      expect(await source.classificationOf(asked)).toMatchObject({ kind: "none_yet" });
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

  async function answerTo(override: Override, asked: AskedRace = LAS_VEGAS) {
    clear.push(feed.serve(override));
    return client(feed).classificationOf(asked);
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
    expect(await client(feed).classificationOf(round)).toMatchObject({ kind: "none_yet" });
    expect(feed.requests).toHaveLength(from + 1);
  });

  test("takes half a weekend for none: a sprint that is asked for must be there", async () => {
    expect(await answerTo({ path: "/2025/6/sprint", body: emptied }, MIAMI)).toMatchObject({ kind: "none_yet" });
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
});

function emptied(body: string): string {
  const document = JSON.parse(body);
  document.MRData.total = "0";
  document.MRData.RaceTable.Races = [];
  return JSON.stringify(document);
}
