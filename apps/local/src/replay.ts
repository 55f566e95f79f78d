import { memoryCache } from "@pitwall/cache/memory";
import { openDatabase } from "@pitwall/db/database";
import { type SeasonFacts, seasonFacts } from "@pitwall/db/facts";
import { DomainError } from "@pitwall/domain/domain-error";
import { MINUTE, SECOND } from "@pitwall/domain/durations";
import { lockAt } from "@pitwall/domain/races";
import { SCHEDULE } from "@pitwall/domain/schedule";
import { replayed, type Tempo } from "@pitwall/domain/tempo";
import type { ServiceContext } from "@pitwall/services/context";
import { jsonLog } from "@pitwall/services/log";
import { raceBySlug } from "@pitwall/services/races";

/** The newest season that is known from the first race to the last, corrections included. */
const REPLAYED_SEASON = 2025;

/** A week lasts a little over eight minutes, the whole season some five hours. */
const HOUR_LASTS = 3 * SECOND;
const FIRST_LOCK_AFTER = 2 * MINUTE;

export interface Replay {
  readonly facts: SeasonFacts;
  readonly tempo: Tempo;
}

/** A season in fast motion that begins now: its first race locks in two minutes. */
export function newReplay(now: Date): Replay {
  const facts = seasonFacts(REPLAYED_SEASON);
  return { facts, tempo: { from: firstLock(facts), to: new Date(now.getTime() + FIRST_LOCK_AFTER), hour: HOUR_LASTS } };
}

/** The replay that a database holds, or null when there is none or it has no race left to lock. */
export async function runningReplay(url: string, now: Date): Promise<Replay | null> {
  const facts = seasonFacts(REPLAYED_SEASON);
  const began = await firstLockIn(url, facts);
  const last = facts.races.at(-1);
  if (began === null || !last) return null;
  const tempo = { from: firstLock(facts), to: began, hour: HOUR_LASTS };
  return replayed(lockAt(last.sessions), tempo) > now ? { facts, tempo } : null;
}

async function firstLockIn(url: string, { season, races }: SeasonFacts): Promise<Date | null> {
  const database = openDatabase({ url, max: 1 });
  const ctx: ServiceContext = {
    db: database.db,
    cache: memoryCache(),
    actor: { kind: "system", name: "start" },
    now: () => new Date(),
    log: jsonLog({ level: "warn" }),
    schedule: SCHEDULE,
  };
  try {
    return (await raceBySlug(ctx, { season, slug: races[0]?.slug ?? "" })).lockAt;
  } catch (error) {
    if (error instanceof DomainError && error.kind === "not_found") return null;
    throw error;
  } finally {
    await database.close();
  }
}

function firstLock(facts: SeasonFacts): Date {
  const [first] = facts.races;
  if (!first) throw new Error(`the season ${facts.season} has no races`);
  return lockAt(first.sessions);
}
