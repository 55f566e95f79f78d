import { memoryCache } from "@pitwall/cache/memory";
import { type Db, openDatabase } from "@pitwall/db/database";
import { seasonFacts } from "@pitwall/db/facts";
import { flagDueAt, lockAt } from "@pitwall/domain/races";
import { paced, SCHEDULE } from "@pitwall/domain/schedule";
import { replayed } from "@pitwall/domain/tempo";
import { type ReplayedRace, replayedSeason } from "@pitwall/jobs/feed/replay";
import { type ReplayServer, startReplayServer } from "@pitwall/jobs/feed/replay-server";
import type { ServiceContext } from "@pitwall/services/context";
import { rescoreSeason } from "@pitwall/services/results/rescoring";
import { seedSeason } from "@pitwall/services/seasons/seed";

/** Nobody ships it, so nobody else seeds it. */
export const SEASON = 2031;

/** In a weekend: the first result comes three to six seconds after the lock, most corrections within half a minute. */
const HOUR_LASTS = 100;

export interface Weekend {
  readonly slug: string;
  readonly lockAt: Date;
}

export interface Season {
  readonly feed: ReplayServer;
  readonly weekends: readonly Weekend[];
  /** How many states of a result the source has told by now. */
  readonly told: (slug: string) => number;
}

/** The races of 2025 as a season of their own, one lock after the other, told by a source that tells lists of nothing. */
export async function aSeason(
  url: string,
  firstLockAt: Date,
  { every, many }: { every: number; many: number },
): Promise<Season> {
  const shipped = seasonFacts(2025);
  // The last ones, among which are those whose results were corrected soonest.
  const facts = { ...shipped, season: SEASON, races: shipped.races.slice(-many) };
  const calendar = new Map<string, ReplayedRace>();
  const races = facts.races.flatMap((race, index) => {
    const to = new Date(firstLockAt.getTime() + index * every);
    const tempo = { from: lockAt(race.sessions), to, hour: HOUR_LASTS };
    calendar.set(race.slug, { flagAt: replayed(flagDueAt(race.sessions, SCHEDULE), tempo), hour: HOUR_LASTS });
    return replayedSeason({ ...facts, races: [race] }, tempo).races;
  });
  const feed = await startReplayServer({ facts, calendar });
  // Its calendar goes by another clock than the house.
  for (const list of ["", "/drivers", "/constructors"])
    feed.serve({ path: `/${SEASON}${list}.json`, status: 503, body: "" });
  const database = openDatabase({ url, max: 2 });
  try {
    await seedSeason(context(database.db), { ...facts, races });
    // The source does not tell of the shipped seasons, so nobody is to ask for them.
    await database.pool.query("update races set looked_at = now() + interval '30 days' where season <> $1", [SEASON]);
  } finally {
    await database.close();
  }
  const told = (slug: string) => {
    const flagAt = calendar.get(slug)?.flagAt.getTime() ?? Number.POSITIVE_INFINITY;
    const race = facts.races.find((one) => one.slug === slug);
    return (race?.revisions ?? []).filter(({ hoursAfterFlag }) => flagAt + hoursAfterFlag * HOUR_LASTS <= Date.now())
      .length > 0
      ? 1
      : 0;
  };
  return { feed, told, weekends: races.map(({ slug, sessions }) => ({ slug, lockAt: lockAt(sessions) })) };
}

/** Scores every result of the season once more from what is stored. */
export async function scoredAgain(db: Db): Promise<void> {
  await rescoreSeason(context(db), { season: SEASON });
}

function context(db: Db): ServiceContext {
  const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
  return {
    ...{ db, cache: memoryCache(), log: silent, now: () => new Date(), schedule: paced(SCHEDULE, HOUR_LASTS) },
    actor: { kind: "system", name: "proof" },
  };
}
