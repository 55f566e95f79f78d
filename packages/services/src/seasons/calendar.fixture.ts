import type { Db } from "@pitwall/db/database";
import { fielded, races, teamLineups } from "@pitwall/db/schema";
import { DAY } from "@pitwall/domain/durations";
import type { SessionTimes } from "@pitwall/domain/races";
import { aTeam, aUser, type BuiltDriver } from "@pitwall/testing/builders";
import { and, asc, eq, sql } from "drizzle-orm";
import { expect } from "vitest";
import { asClock } from "../context.fixture.ts";
import { lockDueRaces } from "../races.ts";
import { applyCalendar, type Calendar, type CalendarRace } from "./calendar.ts";

const START = Date.now();
export const at = (day: number) => new Date(START + day * DAY);

export function race(name: string, round: number, day: number, circuit = name): CalendarRace {
  const id = circuit.toLowerCase().replaceAll(" ", "_");
  const sessions = { qualifying: new Date(at(day).getTime() - DAY), race: at(day) };
  return {
    name: `${name} Grand Prix`,
    round,
    circuit: { id, name: circuit, locality: "There", country: "X" },
    sessions,
  };
}

export const startingAt = (told: CalendarRace, sessions: SessionTimes | null): CalendarRace => ({ ...told, sessions });

export function tell(db: Db, season: number, told: readonly CalendarRace[], more: Partial<Calendar> = {}) {
  return applyCalendar(asClock(db, new Date()), { season, races: told, source: "sync", isComplete: true, ...more });
}

export async function calendarOf(db: Db, season: number) {
  return db.select().from(races).where(eq(races.season, season)).orderBy(asc(races.startsAt));
}

export async function rowOf(db: Db, season: number, slug: string) {
  const found = (await calendarOf(db, season)).find((one) => one.slug === slug);
  if (!found) throw new Error(`there is no ${slug}`);
  return found;
}

/** Lets the database's clock reach the lock of a race. */
export async function reachLock(db: Db, season: number, slug: string): Promise<void> {
  const { id } = await rowOf(db, season, slug);
  await db.update(races).set({ lockAt: sql`clock_timestamp()` }).where(eq(races.id, id));
  await lockDueRaces(asClock(db, new Date()));
}

/**
 * Whatever has locked fields of every team the newest line-up that was saved before its lock, and whatever is open would
 * field one of every team.
 */
export async function expectRightLineups(db: Db, season: number): Promise<void> {
  for (const { id, slug, lockAt, lockedAt } of await calendarOf(db, season)) {
    const { rows: due } = await db.execute<{ teamId: string; lineupId: number }>(sql`
      select distinct on (saved.team_id) saved.team_id as "teamId", saved.lineup_id as "lineupId"
      from team_lineups saved join teams on teams.id = saved.team_id
      where teams.season = ${season} and saved.saved_at < (select lock_at from races where id = ${id})
      order by saved.team_id, saved.version desc`);
    const stands = await db.select().from(fielded).where(eq(fielded.raceId, id)).orderBy(asc(fielded.teamId));
    const wanted = due.map((row) => [slug, row.teamId, row.lineupId]);
    const locked = stands.map((row) => [slug, row.teamId, row.lineupId]);
    expect(locked).toEqual(lockedAt === null ? [] : wanted);
    if (lockedAt === null && lockAt > new Date()) expect(wanted).toHaveLength(await teamsOf(db, season));
  }
}

async function teamsOf(db: Db, season: number): Promise<number> {
  const saved = await db
    .selectDistinct({ teamId: teamLineups.teamId })
    .from(teamLineups)
    .innerJoin(races, and(eq(races.id, teamLineups.raceId), eq(races.season, season)));
  return saved.length;
}

export async function enter(db: Db, season: number, slug: string, drivers: readonly BuiltDriver[]): Promise<void> {
  await aTeam(db, { owner: await aUser(db), season, lineup: { race: await rowOf(db, season, slug), drivers } });
}
