import { memoryCache } from "@pitwall/cache/memory";
import type { Database } from "@pitwall/db/database";
import { type SeasonFacts, seasonFacts } from "@pitwall/db/facts";
import { DAY, HOUR } from "@pitwall/domain/durations";
import { lockAt } from "@pitwall/domain/races";
import { SCHEDULE } from "@pitwall/domain/schedule";
import type { Tempo } from "@pitwall/domain/tempo";
import { JOLPICA_ALLOWANCE, sharedBudget } from "@pitwall/jobs/feed/budget";
import { openClient } from "@pitwall/jobs/feed/client";
import { jolpica } from "@pitwall/jobs/feed/jolpica";
import { type ReplayCalendar, replayCalendar, replayedSeason } from "@pitwall/jobs/feed/replay";
import { type JobContext, jobContext } from "@pitwall/jobs/tasks/context";
import type { Log } from "@pitwall/services/context";
import { seedSeason } from "@pitwall/services/seasons/seed";
import { aTeam, aUser, type BuiltDriver } from "@pitwall/testing/builders";

export const SEASON = 2025;
const RACE = "las-vegas-grand-prix";

const silent: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

const TEAMS = {
  Papaya: ["norris", "hulkenberg", "bortoleto", "bearman", "colapinto"],
  "Red Bull": ["max_verstappen", "hulkenberg", "bortoleto", "bearman", "colapinto"],
};

/** The weekend of Las Vegas, whose result was corrected by two disqualifications: it locks tomorrow by the database's clock. */
export interface Weekend {
  readonly facts: SeasonFacts;
  readonly calendar: ReplayCalendar;
  readonly tempo: Tempo;
  hour(afterFlag: number): Date;
}

export function aWeekend(now = Date.now()): Weekend {
  const shipped = seasonFacts(SEASON);
  const facts = { ...shipped, races: shipped.races.filter(({ slug }) => slug === RACE) };
  const [race] = facts.races;
  if (!race) throw new Error("there is no race to play");
  const from = lockAt(race.sessions);
  // Moved by whole hours: looks fall on the hour.
  const to = new Date(from.getTime() + Math.ceil((now + DAY - from.getTime()) / HOUR) * HOUR);
  const tempo = { from, to, hour: HOUR };
  const calendar = replayCalendar(facts, tempo);
  const flagAt = calendar.get(RACE)?.flagAt ?? to;
  return { facts, tempo, calendar, hour: (after) => new Date(flagAt.getTime() + after * HOUR) };
}

/** The clock of a place, that can be turned, and a source which is asked over HTTP. */
export function contextOf(db: Database["db"], url: string, now: () => Date): JobContext {
  // Patient as the real one; only the moments between two requests are left out.
  const budget = sharedBudget({ db, now }, { ...JOLPICA_ALLOWANCE, gap: 0 });
  const client = openClient({ baseUrl: url, userAgent: "pitwall-proof", budget, pauses: [], now: () => +now() });
  const source = jolpica(client);
  return jobContext({ ...{ db, cache: memoryCache(), log: silent, schedule: SCHEDULE, now }, source, seasons: source });
}

/** The weekend, with two teams in it. */
export async function entered({ db, pool }: Database, { facts, tempo }: Weekend): Promise<void> {
  const ctx = jobContext({
    ...{ db, cache: memoryCache(), log: silent, schedule: SCHEDULE, now: () => tempo.to },
    ...{ source: { name: "none", classificationOf: () => Promise.reject(new Error("nobody asks")) }, seasons: null },
  });
  await seedSeason(ctx, replayedSeason(facts, tempo));
  const { rows } = await pool.query<BuiltDriver>(
    `select d.id, d.key::int as key, '' as "constructorId", 0 as number, p.price::int as price
     from drivers d join driver_prices p on p.driver_id = d.id`,
  );
  const race = { id: await raceIdOf(pool) };
  for (const [name, driverIds] of Object.entries(TEAMS)) {
    const drivers = driverIds.flatMap((id) => rows.find((driver) => driver.id === id) ?? []);
    await aTeam(db, { owner: await aUser(db), season: SEASON, name, lineup: { race, drivers } });
  }
}

export async function raceIdOf(pool: Database["pool"]): Promise<number> {
  const { rows } = await pool.query<{ id: number }>("select id from races where slug = $1", [RACE]);
  return rows[0]?.id ?? 0;
}
