import { openDatabase } from "@pitwall/db/database";
import { seasonFacts } from "@pitwall/db/facts";
import { standard } from "@pitwall/domain/rulesets";
import { lineupLedger, scoreDrivers } from "@pitwall/domain/scoring";
import type { Log } from "@pitwall/services/context";
import { feedStates } from "@pitwall/services/results/feed";
import { globalStandings } from "@pitwall/services/standings/reading";
import { aProxy } from "@pitwall/testing/database";
import { expect, onTestFinished, test, vi } from "vitest";
import type { Override } from "./feed/replay-server.ts";
import { aStage, SEASON, SOON, type Stage } from "./stage.fixture.ts";

/** The first ten; the results of four of them were corrected. */
const races = seasonFacts(SEASON).races.slice(0, 10);
const DAYS = 130;

/** Who drives for whom in the first race matters to nobody here: no rule is asked when a line-up is built for a test. */
const teams: Readonly<Record<string, readonly string[]>> = {
  Papaya: ["norris", "piastri", "russell", "hadjar", "albon"],
  "Red Bull": ["max_verstappen", "russell", "leclerc", "sainz", "ocon"],
  Scuderia: ["leclerc", "hamilton", "hulkenberg", "alonso", "bearman"],
  Rookies: ["antonelli", "hadjar", "bearman", "bortoleto", "lawson"],
};

const empty = (replayed: string) =>
  replayed.replace(/"total":"\d+"/, '"total":"0"').replace(/"Races":\[.*\]/, '"Races":[]');

const disturbances: readonly Override[] = [
  { status: 504, body: "<html>" },
  { body: "<!doctype html>" },
  { body: empty },
  { status: 429, body: "{}" },
  { body: (replayed) => replayed.slice(0, 4_000) },
  { body: (replayed) => replayed.replace('"position":"2"', '"position":"3"') },
  { body: (replayed) => halfApplied(replayed) },
];

/** Half of the cars have their new place already, and a car without one stands between. */
const halfApplied = (replayed: string) =>
  replayed.replace('"position":"4"', '"position":"3"').replace('"position":"9"', '"position":null');

/** A worker on a wire of its own: once it is cut, the worker is as good as killed, what it held stays held, and it is not heard. */
async function aMortalWorker(stage: Stage) {
  const proxy = await aProxy(stage.url);
  onTestFinished(proxy.close);
  const database = openDatabase({ url: proxy.url });
  onTestFinished(database.close);
  let isDead = () => false;
  const heard = (level: keyof Log) => (message: string, told?: Record<string, unknown>) => {
    if (!isDead()) stage.ctx.log[level](message, told);
  };
  const log = { info: heard("info"), warn: heard("warn"), error: heard("error") };
  await stage.worker({ database, log, rhythm: { every: 50, patience: 200 } });
  return {
    dieAt(nth: number): void {
      isDead = proxy.severAt(nth);
    },
    isDead: () => isDead(),
    bury: proxy.sever,
  };
}

/** From a day before the first flag to the last check, the clock turned by so many hours at a time. */
async function played(everyHours: number, chance: () => number, trouble: number): Promise<Stage> {
  const stage = await aStage({ slugs: races.map(({ slug }) => slug), teams });
  let worker = await aMortalWorker(stage);
  for (let hour = 0.5; hour < DAYS * 24; hour += everyHours) {
    const disturbed = hour < (DAYS - 20) * 24 && chance() < trouble;
    const which = disturbed ? Math.floor(chance() * (disturbances.length + 2)) : -1;
    // One time in nine nobody turns the clock on, and one time in nine the worker dies in the middle of its work.
    if (which === disturbances.length) continue;
    if (which > disturbances.length) worker.dieAt(1 + Math.floor(chance() * 60));
    const clear = stage.feed.serve(disturbances[which] ?? {});
    await stage.begin(hour);
    await vi.waitFor(async () => expect(worker.isDead() || (await stage.isQuiet())).toBe(true), SOON);
    if (worker.isDead()) {
      worker.bury();
      worker = await aMortalWorker(stage);
    }
    await stage.quiet();
    clear();
  }
  return stage;
}

/** The same numbers each time, so that a failure can be looked at again. */
function chances(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
}

test("a season of outages, late results and corrections ends as one in which nothing went wrong", {
  timeout: 300_000,
}, async () => {
  const [calm, troubled] = await Promise.all([played(168, chances(1), 0), played(45, chances(2025), 0.6)]);
  const ended = await Promise.all(
    [calm, troubled].map(async ({ ctx }) => {
      const { items } = await globalStandings(ctx, { season: SEASON, limit: 50 });
      const states = (await feedStates(ctx, { season: SEASON })).items;
      expect(states.map(({ phase }) => phase)).toEqual(states.map(() => "verified"));
      return items.map(({ rank, teamName, total, rankChange }) => ({ rank, teamName, total, rankChange }));
    }),
  );
  expect(ended[1]).toEqual(ended[0]);
  expect(Object.fromEntries(ended[0]?.map(({ teamName, total }) => [teamName, total]) ?? [])).toEqual(reckoned());
  expect(troubled.heard.filter(({ level, message }) => level === "error" && !message.startsWith("admins"))).toEqual([]);
});

/** The totals as the pure rules have them, from the last known classification of each race. */
function reckoned(): Record<string, number> {
  const last = races.flatMap(({ revisions }) => revisions.at(-1)?.classification ?? []);
  const scores = last.map((c) => new Map(scoreDrivers(c, standard).map((score) => [score.driverId, score])));
  return Object.fromEntries(
    Object.entries(teams).map(([name, driverIds]) => {
      const lineup = { driverIds, captainId: driverIds[0] ?? "" };
      return [name, scores.reduce((sum, score) => sum + lineupLedger(lineup, score, standard).points, 0)];
    }),
  );
}
