import { existsSync, readFileSync } from "node:fs";
import { seasonFacts, shippedSeasons } from "@pitwall/db/facts";
import type { ToldList } from "@pitwall/services/seasons/answers";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { unlimited } from "./budget.ts";
import { openClient } from "./client.ts";
import { jolpica } from "./jolpica.ts";
import { historicalCalendar } from "./replay.ts";
import { type Override, type ReplayServer, startReplayServer } from "./replay-server.ts";

const facts = seasonFacts(2025);
let feed: ReplayServer;

beforeAll(async () => {
  feed = await startReplayServer({ facts, calendar: historicalCalendar(facts) });
});
afterAll(() => feed.close());

async function seasonOf(season: number, from: ReplayServer = feed) {
  const client = openClient({ baseUrl: from.url, userAgent: "pitwall-test", budget: unlimited, pauses: [] });
  const answer = await jolpica(client).seasonOf(season);
  if (answer.kind === "put_off") throw new Error("nobody was asked");
  return answer;
}

describe.each(shippedSeasons())("the season %i", (year) => {
  test("comes back over HTTP exactly as it is shipped", async () => {
    const shipped = seasonFacts(year);
    const source = await startReplayServer({ facts: shipped, calendar: historicalCalendar(shipped) });
    const { races, constructors, drivers } = await seasonOf(year, source);
    await source.close();
    expect(races).toMatchObject({
      kind: "told",
      items: shipped.races.map(({ name, round, circuitId: id, sessions }) => ({
        ...{ name, round, sessions },
        circuit: { id, ...shipped.circuits[id] },
      })),
    });
    const byId = (known: object) => Object.entries(known).map(([id, said]) => ({ id, ...said }));
    expect(constructors).toEqual({ kind: "told", items: byId(shipped.constructors) });
    const people = byId(shipped.drivers).map(
      ({ price: _price, number: _number, ...person }: Record<string, unknown>) => person,
    );
    expect(drivers).toEqual({ kind: "told", items: people });
  });
});

interface Wire {
  readonly MRData: {
    total: string;
    readonly RaceTable: { season: string; Races: Record<string, unknown>[] };
    readonly DriverTable: { Drivers: Record<string, unknown>[] };
  };
}

/** A change of the replayed body. */
function changed(change: (data: Wire["MRData"]) => void) {
  return (replayed: string) => {
    const body: Wire = JSON.parse(replayed);
    change(body.MRData);
    return JSON.stringify(body);
  };
}

const ofFirstRace = (change: Record<string, unknown>) =>
  changed(({ RaceTable }) => void Object.assign(RaceTable.Races[0] ?? {}, change));

describe("a client that asks for a season", () => {
  const clear: (() => void)[] = [];
  afterEach(() => {
    for (const one of clear.splice(0)) one();
  });

  async function calendarWith(override: Override) {
    clear.push(feed.serve({ path: "/2025.json", ...override }));
    return (await seasonOf(2025)).races;
  }

  test("asks for three lists, one after the other, and spells their addresses in one way", async () => {
    const from = feed.requests.length;
    await seasonOf(2025);
    expect(feed.requests.slice(from).map(({ path }) => path)).toEqual([
      "/ergast/f1/2025.json?limit=100",
      "/ergast/f1/2025/constructors.json?limit=100",
      "/ergast/f1/2025/drivers.json?limit=100",
    ]);
  });

  test("does not go on asking a source that does not answer", async () => {
    const from = feed.requests.length;
    clear.push(feed.serve({ path: "/2025/constructors", status: 504, body: "<h1>504 Gateway Time-out</h1>" }));
    const away = { kind: "failed", reason: "The source answered 504." };
    expect(await seasonOf(2025)).toMatchObject({ races: { kind: "told" }, constructors: away, drivers: away });
    expect(feed.requests.length - from).toBe(2);
  });

  const nonsense: [string, Override, RegExp][] = [
    ["a page in place of data", { body: "<!doctype html>" }, /not JSON/],
    ["another shape", { body: '{"MRData":{}}' }, /another shape/],
    ["numbers for texts", { body: changed((data) => Object.assign(data, { total: 24 })) }, /another shape/],
    [
      "another season",
      { body: changed(({ RaceTable }) => Object.assign(RaceTable, { season: "2024" })) },
      /another season: 2024/,
    ],
    ["a race of another season", { body: ofFirstRace({ season: "2024" }) }, /another season: 2024/],
    [
      "fewer rows than it says",
      { body: changed(({ RaceTable }) => void RaceTable.Races.pop()) },
      /holds 23 of 24 rows/,
    ],
    ["a day that no calendar has", { body: ofFirstRace({ date: "2025-02-30" }) }, /another shape/],
    [
      "a race twice",
      { body: ofFirstRace({ raceName: "Monaco Grand Prix" }) },
      /monaco-grand-prix is listed more than once/,
    ],
    ["a name that cannot be stored", { body: ofFirstRace({ raceName: "\u0000" }) }, /another shape/],
  ];

  test.each(nonsense)("does not believe %s", async (_, override, reason) => {
    expect(await calendarWith(override)).toEqual({ kind: "unreadable", reason: expect.stringMatching(reason) });
  });

  test("tells of a season that the source does not know as of an empty list", async () => {
    expect(await seasonOf(2031)).toMatchObject({
      races: { kind: "told", items: [] },
      drivers: { kind: "told", items: [] },
    });
  });

  test("knows no times where the source has none, and the start alone where it has not all", async () => {
    const sessionsWith = async (change: Record<string, unknown>) => {
      const races = await calendarWith({ body: ofFirstRace(change) });
      return races.kind === "told" ? races.items[0]?.sessions : races;
    };
    expect(await sessionsWith({ time: undefined })).toBeNull();
    const { race } = facts.races[0]?.sessions ?? {};
    expect(await sessionsWith({ Qualifying: { date: "2025-03-15" } })).toEqual({ race });
    expect(
      await sessionsWith({ FirstPractice: undefined, SecondPractice: undefined, ThirdPractice: undefined }),
    ).toEqual({
      race,
      qualifying: facts.races[0]?.sessions.qualifying,
    });
  });

  test("takes what 2023 called a shootout for sprint qualifying", async () => {
    const shootout = { date: "2025-03-15", time: "03:00:00Z" };
    const races = await calendarWith({ body: ofFirstRace({ SprintShootout: shootout }) });
    const [first] = races.kind === "told" ? races.items : [];
    expect(first).toMatchObject({ sessions: { sprint_qualifying: new Date("2025-03-15T03:00:00Z") } });
  });

  test("leaves out what is not known of a person", async () => {
    const body = changed(({ DriverTable }) => {
      Object.assign(DriverTable.Drivers[0] ?? {}, { code: "", nationality: null, dateOfBirth: undefined });
    });
    clear.push(feed.serve({ path: "/2025/drivers", body }));
    const { drivers } = await seasonOf(2025);
    const [first] = drivers.kind === "told" ? drivers.items : [];
    expect(first).toEqual({ id: "albon", givenName: "Alexander", familyName: "Albon" });
  });
});

describe("a list of many pages", () => {
  const row = (n: number) => ({ driverId: `driver_${n}`, givenName: "Driver", familyName: `No ${n}` });
  const page = (from: number, to: number, total: number) =>
    JSON.stringify({
      MRData: {
        total: String(total),
        DriverTable: { season: "2025", Drivers: Array.from({ length: to - from }, (_, at) => row(from + at)) },
      },
    });

  async function driversOn(...pages: string[]) {
    const clear = pages.map((body, at) =>
      feed.serve({ path: `/2025/drivers.json?limit=100${at === 0 ? "" : `&offset=${at * 100}`}`, body }),
    );
    const { drivers } = await seasonOf(2025);
    for (const one of clear) one();
    return drivers;
  }

  test("is put together", async () => {
    const drivers = await driversOn(page(0, 100, 230), page(100, 200, 230), page(200, 230, 230));
    expect(drivers).toMatchObject({ kind: "told", items: { length: 230, 229: { id: "driver_229" } } });
  });

  test.each([
    ["come from different moments", [page(0, 100, 130), page(100, 131, 131)], /say 130 and 131 rows/],
    ["overlap", [page(0, 100, 130), page(99, 129, 130)], /driver_99 is listed more than once/],
    ["end too soon", [page(0, 100, 130), page(100, 120, 130)], /120 of 130 rows/],
  ] as const)("is not believed when its pages %s", async (_, pages, reason) => {
    expect(await driversOn(...pages)).toEqual({ kind: "unreadable", reason: expect.stringMatching(reason) });
  });
});

const RECORDED = new URL("../../../../../shared/f1data/", import.meta.url);

describe.skipIf(!existsSync(RECORDED))("what the source really said", () => {
  test.each(["2025", "2026"])("of %s is what is shipped of its people", async (year) => {
    const lists = ["drivers", "constructors"].map((list) => ({
      path: `/${year}/${list}.json`,
      body: readFileSync(new URL(`${year}/${list}.json`, RECORDED), "utf8"),
    }));
    const clear = lists.map((list) => feed.serve(list));
    const told = await seasonOf(Number(year));
    for (const one of clear) one();
    const shipped = seasonFacts(Number(year));
    expect(idsOf(told.drivers)).toEqual(Object.keys(shipped.drivers).toSorted());
    expect(idsOf(told.constructors)).toEqual(Object.keys(shipped.constructors).toSorted());
  });
});

function idsOf(list: ToldList<{ readonly id: string }>): string[] {
  return list.kind === "told" ? list.items.map(({ id }) => id).toSorted() : [];
}
