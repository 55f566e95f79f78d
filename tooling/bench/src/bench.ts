import { type Database, openDatabase } from "@pitwall/db/database";
import type { Job, Script, Shots } from "./load/script.ts";
import { gatherPlayers, type Players } from "./players.ts";
import { accompanied, wordOf } from "./processes.ts";
import { type Served, serve } from "./served.ts";
import { makeSeason, type Weekends } from "./weekends.ts";

/** How much is done. */
export interface Scale {
  readonly teams: number;
  readonly rounds: number;
  /** That a load lasts in one round. */
  readonly seconds: number;
  /** How many are made one after the other, where one reader is measured. */
  readonly calls: number;
  /** How many sign in at once. */
  readonly crowd: number;
}

export interface Firing {
  readonly connections: number;
  /** Left out, as long as the scale says. */
  readonly seconds?: number;
  /** Statuses; answers of any other are a failure of the bench. Left out, 200. */
  readonly expected?: readonly number[];
}

/** What workloads stand on. Whatever has to be started is started when it is first asked for. */
export interface Bench {
  readonly scale: Scale;
  readonly url: string;
  readonly database: Database;
  readonly weekends: Weekends;
  server(): Promise<Served>;
  players(): Promise<Players>;
  /** Where the bare server is. */
  bareHttp(): Promise<string>;
  /** Loads the server. */
  fire(script: Script, how: Firing): Promise<Shots>;
  fireAt(url: string, script: Script, how: Firing): Promise<Shots>;
  close(): Promise<void>;
}

/** On a database that is migrated and empty. */
export async function openBench(url: string, scale: Scale): Promise<Bench> {
  const patience = { statementTimeout: 0, queryTimeout: 0, transactionTimeout: 0, lockTimeout: 0 };
  const database = openDatabase({ url, ...patience });
  const closings: (() => Promise<unknown>)[] = [() => database.close()];
  const kept = <T>(open: () => Promise<T>, close: (opened: T) => Promise<unknown>) =>
    once(async () => {
      const opened = await open();
      closings.push(() => close(opened));
      return opened;
    });
  const weekends = await makeSeason(database.db, scale.teams).catch(async (error: unknown) => {
    await database.close();
    throw error;
  });

  const stopped = (companion: { stop(): Promise<void> }) => companion.stop();
  const server = kept(() => serve(url), stopped);
  const generator = kept(() => accompanied(new URL("load/generator.ts", import.meta.url)), stopped);
  const bare = kept(() => accompanied(new URL("limits/bare-http.ts", import.meta.url)), stopped);

  async function fireAt(target: string, script: Script, how: Firing) {
    const { connections, seconds = scale.seconds, expected = [200] } = how;
    const { child } = await generator();
    const job: Job = { url: target, connections, seconds, script };
    const word = wordOf(child);
    child.send(job);
    const shots = shotsOf(await word);
    const strange = Object.keys(shots.statuses).filter((status) => !expected.includes(Number(status)));
    if (strange.length > 0)
      throw new Error(`answers that nobody expected to ${script.kind}: ${JSON.stringify(shots.statuses)}`);
    return shots;
  }

  return {
    scale,
    url,
    database,
    weekends,
    server,
    players: once(() => gatherPlayers(database, weekends.season)),
    bareHttp: async () => String((await bare()).said),
    fire: async (script, how) => fireAt((await server()).url, script, how),
    fireAt,
    async close() {
      for (const close of closings.toReversed()) await close();
    },
  };
}

/** Safe, since the generator sends nothing else. */
function shotsOf(word: unknown): Shots {
  return word as Shots;
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
