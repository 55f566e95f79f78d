import { openDatabase } from "@pitwall/db/database";
import fc from "fast-check";
import { inWords } from "../breach.ts";
import type { Engine, EngineOptions, Outcome } from "../engine.ts";
import { oracle } from "../oracle.ts";
import { onScratch } from "../scratch.ts";
import type { Watch } from "../screen.ts";
import { type Served, serve } from "../served.ts";
import { ending } from "./ending.ts";
import { commands, opening } from "./run.ts";
import { aStage } from "./stage.ts";

export const model: Engine = {
  name: "model",
  summary: "plays accounts, teams and leagues over HTTP on two servers, and compares every answer with a model",
  options: { path: "of a failure that was told, with its --seed" },
  run: (options, watch) => onScratch(({ next }) => played(options, watch, next)),
};

const RUNS = 2000;
/** Readers of whole tables stay quick, and a fault of long play still has time to show. */
const LOTS_OF_A_DATABASE = 4;
const RUNS_OF_A_LOT = 5;
/** In milliseconds, since what does not fail each time shrinks for ever. */
const MOST_SHRINKING = 120_000;

interface Lot {
  readonly seed: number;
  readonly runs: number;
  /** Where a failure lies: the way to it, and which commands ran. */
  readonly path?: string | undefined;
  readonly onRun: () => void;
}

/** Some runs on one database. Answers what did not hold, or null. */
export async function lot(
  served: Served,
  { seed, runs, path, onRun }: Lot,
  counts: Map<string, number>,
): Promise<string | null> {
  const place = path === undefined ? null : placeIn(path);
  const property = fc.asyncProperty(commands(place?.ran ?? null), async (sequence) => {
    const stage = await aStage(served);
    const start = await opening(stage, counts);
    await fc.asyncModelRun(() => ({ model: start, real: stage }), sequence);
    await ending(stage, start.game);
    await judged(served.databaseUrl);
    onRun();
  });
  const replay = place === null ? {} : { path: place.way };
  const bounds = { interruptAfterTimeLimit: MOST_SHRINKING, endOnFailure: place !== null };
  const outcome = await fc.check(property, { seed, numRuns: runs, ...replay, ...bounds });
  if (!outcome.failed) return null;
  const { counterexamplePath, counterexample, errorInstance } = outcome;
  const [sequence] = counterexample ?? [];
  const ranPath = /replayPath="([^"]*)"/.exec(String(sequence))?.[1] ?? "";
  return `${String(errorInstance)} after ${sequence}\n  --seed ${seed} --path ${counterexamplePath}/${ranPath}`;
}

/** The way to a failure, and which commands ran; these may be written with a stroke of their own. */
export function placeIn(path: string): { readonly way: string; readonly ran: string } {
  const [way = "", ...ran] = path.split("/");
  return { way, ran: ran.join("/") };
}

/** In peace: what it reads is not asked for by anybody who waits. */
async function judged(url: string): Promise<void> {
  const limits = { statementTimeout: 0, queryTimeout: 0, transactionTimeout: 0 };
  const database = openDatabase({ url, applicationName: "pitwall proof", max: 1, ...limits });
  try {
    const breaches = await oracle(database.db);
    if (breaches.length > 0) throw new Error(breaches.map(inWords).join("; "));
  } finally {
    await database.close();
  }
}

const quiet = { info: () => undefined, warn: () => undefined };

async function played(options: EngineOptions, watch: Watch, next: () => Promise<string>): Promise<Outcome> {
  const { seed, seeds, minutes, own } = options;
  const most = own.path === undefined ? (seeds ?? (minutes === null ? RUNS : Number.POSITIVE_INFINITY)) : 1;
  const until = performance.now() + (minutes ?? Number.POSITIVE_INFINITY) * 60_000;
  const total = Number.isFinite(most) ? most : 1;
  const progress = watch("runs", total);
  const counts = new Map<string, number>();
  const failures: string[] = [];
  let begun = 0;
  let done = 0;
  const onRun = () => {
    done += 1;
    if (done <= total) progress.step(done);
  };
  while (begun < most && performance.now() < until && failures.length === 0) {
    const errors: string[] = [];
    const log = {
      ...quiet,
      error: (message: string, facts = {}) => void errors.push(`${message} ${JSON.stringify(facts)}`),
    };
    const served = await serve(await next(), { servers: 2, log, limits: null });
    try {
      const lots = Array.from({ length: LOTS_OF_A_DATABASE }, () => {
        const runs = Math.min(RUNS_OF_A_LOT, most - begun);
        const from = seed + begun;
        begun += runs;
        return runs > 0 ? lot(served, { seed: from, runs, path: own.path, onRun }, counts) : null;
      });
      const found = await Promise.all(lots);
      failures.push(...found.filter((failure) => failure !== null), ...errors.map((error) => `the log says: ${error}`));
    } finally {
      await served.close();
    }
  }
  progress.end();
  return {
    rows: [{ what: "runs", count: done }, ...summed(counts)],
    failures: failures.map((words) => ({
      words,
      replay: `pnpm proof model ${words.match(/--seed .*/)?.[0] ?? `--seed ${seed}`}`,
    })),
  };
}

function summed(counts: ReadonlyMap<string, number>) {
  const asked = [...counts].reduce((sum, [, count]) => sum + count, 0);
  const sorts = [...counts].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([what, count]) => ({ what, count }));
  return [{ what: "answers compared", count: asked }, ...sorts];
}
