import type { SessionTimes } from "@pitwall/domain/races";
import type { World } from "./world.ts";

export interface PlacedRace {
  readonly id: number;
  readonly slug: string;
  readonly name: string;
  readonly round: number;
  readonly circuitId: string;
  readonly sessions: SessionTimes;
  readonly lockAt: Date;
  readonly flagDueAt: Date;
  readonly recordedAt: Date | null;
  readonly isLocked: boolean;
  readonly isCancelled: boolean;
}

/** In the order in which they lock. */
export async function racesIn({ database, now }: World): Promise<PlacedRace[]> {
  const { rows } = await database.pool.query({
    name: "races",
    text: `select id, slug, name, round, circuit_id as "circuitId", sessions, lock_at as "lockAt", flag_due_at as "flagDueAt",
       recorded_at as "recordedAt", starts_at as "startsAt", locked_at is not null or lock_at <= $1 as "isLocked",
       cancelled_at is not null as "isCancelled"
     from races order by lock_at, id`,
    values: [now()],
  });
  return rows.map(({ sessions, startsAt, ...race }) => ({ ...race, sessions: timesOf(sessions, startsAt) }));
}

function timesOf(sessions: Record<string, string>, race: Date): SessionTimes {
  const times = Object.entries(sessions).map(([name, text]) => [name, new Date(text)]);
  return { ...Object.fromEntries(times), race };
}
