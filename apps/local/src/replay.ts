import { openDatabase } from "@pitwall/db/database";
import { type SeasonFacts, seasonFacts } from "@pitwall/db/facts";
import { races } from "@pitwall/db/schema";
import { MINUTE, SECOND } from "@pitwall/domain/durations";
import { lockAt } from "@pitwall/domain/races";
import type { Tempo } from "@pitwall/domain/tempo";
import { replayed } from "@pitwall/domain/tempo";

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
  const database = openDatabase({ url, max: 1 });
  try {
    const rows = await database.db.select({ slug: races.slug, lockAt: races.lockAt }).from(races);
    const first = rows.find((row) => row.slug === facts.races[0]?.slug);
    if (!first) return null;
    const tempo = { from: firstLock(facts), to: first.lockAt, hour: HOUR_LASTS };
    const last = facts.races.map((race) => lockAt(race.sessions)).at(-1);
    return last && replayed(last, tempo) > now ? { facts, tempo } : null;
  } finally {
    await database.close();
  }
}

function firstLock(facts: SeasonFacts): Date {
  const [first] = facts.races;
  if (!first) throw new Error(`the season ${facts.season} has no races`);
  return lockAt(first.sessions);
}
