import { type Db, openDatabase } from "@pitwall/db/database";
import { seasonFacts, shippedSeasons } from "@pitwall/db/facts";
import { migrate } from "@pitwall/db/migrate";
import { lockAt } from "@pitwall/domain/races";
import { paced, SCHEDULE, type Schedule } from "@pitwall/domain/schedule";
import { unlimited } from "@pitwall/jobs/feed/budget";
import { openClient } from "@pitwall/jobs/feed/client";
import { jolpica } from "@pitwall/jobs/feed/jolpica";
import { replayCalendar, replayedSeason } from "@pitwall/jobs/feed/replay";
import { startReplayServer } from "@pitwall/jobs/feed/replay-server";
import { sourcesFor } from "@pitwall/jobs/feed/sources";
import type { Sources } from "@pitwall/jobs/tasks/context";
import { prepareGame } from "@pitwall/server/prepare";
import type { AccountContext } from "@pitwall/services/context";
import { refusedByDatabase } from "@pitwall/services/outages";
import { seedSeason } from "@pitwall/services/seasons/seed";
import type { LocalCluster } from "./embedded-database.ts";
import type { LocalEnv } from "./env.ts";
import { newReplay, runningReplay } from "./replay.ts";

/** What is played: on which database, by which clock, and where results come from. */
export interface Game {
  readonly databaseUrl: string;
  readonly season: number;
  readonly schedule: Schedule;
  /** Null for the seasons of a replay: no source knows its calendar. */
  readonly sources: (db: Db) => Sources;
  /** The source in words, for the person who started it. */
  readonly sourceInWords: string;
  readonly tickEvery?: number;
  readonly prepare: (ctx: AccountContext) => Promise<void>;
  close(): Promise<void>;
}

/** Whether the season that would be played still has a race to choose line-ups for, by the shipped calendar. */
export function hasRaceLeft(season: number, now: Date): boolean {
  return shippedSeasons().includes(season) && seasonFacts(season).races.some((race) => lockAt(race.sessions) > now);
}

/** The season as it is, its results from the real source. */
export async function realGame(databaseUrl: string, env: LocalEnv, season: number): Promise<Game> {
  await migrate({ url: databaseUrl });
  return {
    databaseUrl,
    season,
    schedule: SCHEDULE,
    sources: (db) => sourcesFor(db, env.source),
    sourceInWords: `${env.source.baseUrl}, asked on the hour; out of reach it is waited for, and nothing breaks`,
    prepare: (ctx) => prepareGame(ctx, undefined),
    close: () => Promise.resolve(),
  };
}

const REPLAY = "pitwall_replay";

/** A past season in fast motion, in a database of its own; one that still runs is gone on with. */
export async function replayGame(cluster: LocalCluster, env: LocalEnv): Promise<Game> {
  let databaseUrl = await cluster.databaseUrl(REPLAY);
  await migrate({ url: databaseUrl });
  let replay = await runningReplay(databaseUrl, new Date());
  if (!replay) {
    await cluster.drop(REPLAY);
    databaseUrl = await cluster.databaseUrl(REPLAY);
    await migrate({ url: databaseUrl });
    replay = newReplay(new Date());
  }
  const { facts, tempo } = replay;
  const server = await startReplayServer({ facts, calendar: replayCalendar(facts, tempo) });
  const { userAgent } = env.source;
  const client = openClient({ baseUrl: server.url, userAgent, budget: unlimited, pauses: [] });
  return {
    databaseUrl,
    season: facts.season,
    schedule: paced(SCHEDULE, tempo.hour),
    sources: () => ({ source: jolpica(client), seasons: null }),
    sourceInWords: `a replay of ${facts.season}: an hour lasts ${tempo.hour / 1000} s, a week ${Math.round((tempo.hour * 168) / 60_000)} min`,
    tickEvery: tempo.hour / 3,
    prepare: (ctx) => seedSeason(ctx, replayedSeason(facts, tempo)),
    close: () => server.close(),
  };
}

/** Whether the database answers. Throws an EnvError if it does, and refuses. */
export async function reachable(databaseUrl: string): Promise<boolean> {
  const database = openDatabase({ url: databaseUrl, max: 1 });
  try {
    await database.pool.query("select 1");
    return true;
  } catch (error) {
    const refusal = refusedByDatabase(error);
    if (refusal) throw refusal;
    return false;
  } finally {
    await database.close();
  }
}
