import { existsSync, readdirSync, readFileSync } from "node:fs";
import { memoryCache } from "@pitwall/cache/memory";
import type { Database } from "@pitwall/db/database";
import { seasonFacts } from "@pitwall/db/facts";
import { DAY, HOUR } from "@pitwall/domain/durations";
import { SCHEDULE } from "@pitwall/domain/schedule";
import { syncsOf } from "@pitwall/services/seasons/syncs";
import { aSeason } from "@pitwall/testing/builders";
import { test } from "@pitwall/testing/database";
import { afterAll, beforeAll, describe, expect } from "vitest";
import { unlimited } from "../feed/budget.ts";
import { openClient } from "../feed/client.ts";
import { jolpica } from "../feed/jolpica.ts";
import { type ReplayServer, startReplayServer } from "../feed/replay-server.ts";
import { runTask } from "../worker.ts";
import { jobContext } from "./context.ts";

/** A race as the source lists it; what is not of interest here stands beside it. */
interface Listed {
  season: string;
  readonly round: string;
  readonly raceName: string;
  readonly date: string;
  readonly time: string;
  readonly Circuit: { readonly circuitId: string };
}

interface StoredRace {
  readonly id: number;
  readonly slug: string;
  readonly round: number;
  readonly name: string;
  readonly circuit_id: string;
  readonly starts_at: Date;
  readonly cancelled_at: Date | null;
}

let feed: ReplayServer;

beforeAll(async () => {
  feed = await startReplayServer({ facts: seasonFacts(2025), calendar: new Map() });
});
afterAll(() => feed.close());

/** Lets the source tell one calendar after the other, each twice, and sees that what is told is what is run. */
async function tellAll({ db, pool }: Database, calendars: readonly (readonly Listed[])[]) {
  const season = await aSeason(db);
  const source = jolpica(openClient({ baseUrl: feed.url, userAgent: "pitwall-test", budget: unlimited, pauses: [] }));
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const ctx = jobContext({ db, cache: memoryCache(), log, schedule: SCHEDULE, source, seasons: source });
  const known = new Map<string, number>();
  for (const told of calendars) {
    const Races = told.map((race) => ({ ...race, season: String(season) }));
    const body = JSON.stringify({
      MRData: { total: String(told.length), RaceTable: { season: String(season), Races } },
    });
    const clear = feed.serve({ path: `/${season}.json`, body });
    await runTask(ctx, "sync-season", { season });
    await runTask(ctx, "sync-season", { season });
    clear();
    const [again] = (await syncsOf(ctx, { season, limit: 1, offset: 0 })).items;
    expect(again?.changes.races).toEqual({ added: [], changed: [], cancelled: [], reinstated: [] });
    const { rows } = await pool.query<StoredRace>("select * from races where season = $1 order by starts_at", [season]);
    const run = rows.filter((race) => race.cancelled_at === null);
    expect(run.map(({ round, name, circuit_id, starts_at }) => [round, name, circuit_id, starts_at])).toEqual(
      told.map(({ round, raceName, Circuit, date, time }) => [
        Number(round),
        raceName,
        Circuit.circuitId,
        new Date(`${date}T${time}`),
      ]),
    );
    for (const { slug, id } of rows) expect(id).toBe(known.get(slug) ?? id);
    for (const { slug, id } of rows) known.set(slug, id);
  }
  return [...known.keys()];
}

const ORDERS = [
  { order: "ABCD", steps: [0, 1, 2, 3] },
  { order: "DCBA", steps: [3, 2, 1, 0] },
  { order: "CADB", steps: [2, 0, 3, 1] },
  { order: "BDAC", steps: [1, 3, 0, 2] },
];

function listed(raceName: string, round: number, week: number, { circuitId = raceName.toLowerCase(), at = 15 } = {}) {
  const midnight = Math.floor(Date.now() / DAY) * DAY + week * 7 * DAY;
  const moment = (hours: number) => {
    const [date = "", time = ""] = new Date(midnight + hours * HOUR).toISOString().replace(".000", "").split("T");
    return { date, time };
  };
  return {
    season: "",
    round: String(round),
    raceName: `${raceName} Grand Prix`,
    Circuit: { circuitId, circuitName: circuitId, Location: { locality: "There", country: "X" } },
    ...moment(at),
    Qualifying: moment(at - 24),
  };
}

/** Two races fall out, another starts three hours sooner, and one of the two comes back on another continent. */
const told = [
  [
    listed("Chinese", 1, 1),
    listed("Bahrain", 2, 2),
    listed("Saudi", 3, 3),
    listed("Miami", 4, 4, { at: 20 }),
    listed("Singapore", 5, 9),
  ],
  [listed("Chinese", 1, 1), listed("Miami", 2, 4, { at: 20 }), listed("Singapore", 3, 9)],
  [listed("Chinese", 1, 1), listed("Miami", 2, 4, { at: 17 }), listed("Singapore", 3, 9)],
  [
    listed("Chinese", 1, 1),
    listed("Miami", 2, 4, { at: 17 }),
    listed("Bahrain", 3, 8, { circuitId: "sepang" }),
    listed("Singapore", 4, 9),
  ],
];

describe("calendars that contradict each other", () => {
  test.for(ORDERS)("are what is run, told in the order $order", async ({ steps }, { database }) => {
    const slugs = await tellAll(
      database,
      steps.map((at) => told[at] ?? []),
    );
    expect(slugs).toHaveLength(5);
  });
});

const HISTORY = new URL("../../../../../shared/f1data/2026/calendar-history/", import.meta.url);

/** As far in the future as the past is long. */
const AHEAD = 4 * 364 * DAY;

function ofHistory(file: string): Listed[] {
  return JSON.parse(readFileSync(new URL(file, HISTORY), "utf8"), (key, value) =>
    key === "date" ? new Date(Date.parse(value) + AHEAD).toISOString().slice(0, 10) : value,
  ).MRData.RaceTable.Races;
}

describe.skipIf(!existsSync(HISTORY))("the calendars of 2026", () => {
  test.for(ORDERS)("are what is run, told in the order $order", async ({ steps }, { database }) => {
    const files = readdirSync(HISTORY).sort();
    const slugs = await tellAll(
      database,
      steps.map((at) => ofHistory(files[at] ?? "")),
    );
    expect(slugs).toHaveLength(24);
  });
});
