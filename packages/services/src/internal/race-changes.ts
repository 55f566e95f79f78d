import type { Db } from "@pitwall/db/database";
import {
  type CalendarField,
  type CalendarHand,
  calendarChanges,
  raceEntries,
  races,
  type SaidOfRace,
} from "@pitwall/db/schema";
import { DomainError } from "@pitwall/domain/domain-error";
import { flagDueAt, lockAt, SESSION_NAMES, type SessionTimes } from "@pitwall/domain/races";
import type { Schedule } from "@pitwall/domain/schedule";
import { eq, sql } from "drizzle-orm";
import type { ServiceContext } from "../context.ts";
import { announceCancelled, announceLateLineups, announceReinstated } from "./announce.ts";
import { buildStandingsFrom } from "./build-standings.ts";
import { fieldTeams } from "./lock-race.ts";
import type { RaceRow } from "./race-lookup.ts";

/** A race that the transaction holds, and what the database's clock said of it once it was held. */
export interface HeldRace extends RaceRow {
  /** Its line-ups are fixed, or fall to be, since its lock has passed. */
  readonly isLocked: boolean;
  readonly hasStarted: boolean;
  readonly heldAt: Date;
}

export interface RaceFacts {
  readonly round: number;
  readonly name: string;
  readonly circuitId: string;
  readonly sessions: SessionTimes;
}

/** What is left out, or undefined, stays as it is. */
export interface RaceChange {
  readonly round?: number | undefined;
  readonly name?: string | undefined;
  readonly circuitId?: string | undefined;
  readonly sessions?: SessionTimes | undefined;
  readonly isCancelled?: boolean | undefined;
}

export interface FieldChange {
  readonly field: CalendarField;
  readonly from: string | null;
  readonly to: string | null;
}

/** Standings carry from race to race, so whatever moves them comes one at a time in a season, before any race is held. */
export async function holdStandings(db: Db, season: number): Promise<void> {
  await db.execute(sql`select pg_advisory_xact_lock(hashtext('season results'), ${season}::int)`);
}

/** Whoever is saving a line-up is waited for, and whoever saves one waits. The clock is read after the wait. */
export async function holdRace(db: Db, id: number, strength: "no key update" | "update"): Promise<HeldRace | null> {
  const [race] = await db.select().from(races).where(eq(races.id, id)).for(strength);
  if (!race) return null;
  const { rows } = await db.execute<{ isLocked: boolean; hasStarted: boolean; heldAt: string }>(sql`
    select locked_at is not null or (cancelled_at is null and lock_at <= clock_timestamp()) as "isLocked",
      starts_at <= clock_timestamp() as "hasStarted", clock_timestamp()::text as "heldAt"
    from races where id = ${id}`);
  const clock = rows[0] ?? { isLocked: false, hasStarted: false, heldAt: "" };
  return { ...race, ...clock, heldAt: new Date(clock.heldAt) };
}

/** A race that has locked cannot be over before its lock. */
export function isPossible(sessions: SessionTimes, schedule: Schedule, race: HeldRace): boolean {
  const flag = race.revision === null ? flagDueAt(sessions, schedule) : race.flagDueAt;
  return !race.isLocked || race.lockAt < flag;
}

/** What follows from the times. What has locked keeps its lock, and what has a result the flag that it stands on. */
function timeColumns(sessions: SessionTimes, schedule: Schedule, { isLocked, revision }: HeldRace) {
  return {
    sessions: storedTimes(sessions),
    startsAt: sessions.race,
    ...(!isLocked && { lockAt: lockAt(sessions) }),
    ...(revision === null && { flagDueAt: flagDueAt(sessions, schedule) }),
  };
}

/**
 * Writes what is to become of a race that the caller holds, with a line for every field that really changes, which it
 * answers. A race that had counted leaves the standings when it is cancelled, and comes back into them.
 */
export async function changeRace(
  ctx: Pick<ServiceContext, "db" | "schedule">,
  { race, change, source }: { readonly race: HeldRace; readonly change: RaceChange; readonly source: string },
): Promise<FieldChange[]> {
  const { db, schedule } = ctx;
  const changes = changesOf(race, change);
  if (changes.length === 0) return [];
  const { sessions, isCancelled, ...facts } = change;
  if (sessions && !isPossible(sessions, schedule, race))
    throw new DomainError(
      "broken_rule",
      "race.over_before_its_lock",
      `The race locked at ${race.lockAt.toISOString()} and cannot be over before.`,
    );
  const isMoved = changes.some((one) => isSession(one.field));
  const isTurned = changes.some((one) => one.field === "cancelled");
  // Its line-ups may have been seen, so its lock must not move when it is reinstated.
  if (isTurned && isCancelled && race.isLocked && race.lockedAt === null) await fieldTeams(db, race);
  await db
    .update(races)
    .set({
      ...facts,
      ...(sessions && isMoved && timeColumns(sessions, schedule, race)),
      ...(isTurned && { cancelledAt: isCancelled ? sql`clock_timestamp()` : null }),
      ...(isTurned && isCancelled && { buildId: null }),
      version: sql`${races.version} + 1`,
    })
    .where(eq(races.id, race.id));
  await db.insert(calendarChanges).values(changes.map((one) => ({ raceId: race.id, source, ...one })));
  if (isTurned) await turn(db, race, isCancelled === true);
  if (isMoved || isTurned) await lockIfDue(db, race.id);
  return changes;
}

/**
 * Fixes the line-ups of a race whose lock has turned out to have passed. Whatever was saved since then was saved after the
 * true start: it counts for the races after, and its owners are told.
 */
export async function lockIfDue(db: Db, raceId: number): Promise<void> {
  const race = await holdRace(db, raceId, "no key update");
  if (!race?.isLocked || race.lockedAt !== null) return;
  await fieldTeams(db, race);
  await announceLateLineups(db, race);
}

async function turn(db: Db, race: HeldRace, isCancelled: boolean): Promise<void> {
  if (race.revision !== null) {
    await buildStandingsFrom(db, race.season, race.id);
    await (isCancelled ? announceCancelled(db, race) : announceReinstated(db, race));
    return;
  }
  if (!isCancelled && race.lockedAt === null) await carryEntries(db, race.id);
}

/** Gives a race the entry list of the next open one, or of the one that locked last: who drives now, as far as is known. */
async function carryEntries(db: Db, raceId: number): Promise<void> {
  const { rows } = await db.execute<{ id: number }>(sql`
    select other.id from races race join races other on other.season = race.season and other.id <> race.id
    where race.id = ${raceId} and other.cancelled_at is null
      and exists (select from race_entries entry where entry.race_id = other.id)
    order by other.locked_at is null and other.lock_at > clock_timestamp() desc,
      abs(extract(epoch from other.lock_at - clock_timestamp()))
    limit 1`);
  const [other] = rows;
  if (!other) return;
  await db.delete(raceEntries).where(eq(raceEntries.raceId, raceId));
  await db.execute(sql`
    insert into race_entries (race_id, driver_id, constructor_id, number)
    select ${raceId}::int, driver_id, constructor_id, number from race_entries where race_id = ${other.id}`);
}

export interface NewRace extends RaceFacts {
  readonly season: number;
  readonly slug: string;
  readonly said: Partial<Record<CalendarHand, SaidOfRace>>;
}

/** A race that was not there, with an entry list so that line-ups can be saved for it. Null: the slug is taken. */
export async function insertRace(
  { db, schedule }: Pick<ServiceContext, "db" | "schedule">,
  { sessions, ...race }: NewRace,
): Promise<number | null> {
  const [made] = await db
    .insert(races)
    .values({
      ...race,
      sessions: storedTimes(sessions),
      startsAt: sessions.race,
      lockAt: lockAt(sessions),
      flagDueAt: flagDueAt(sessions, schedule),
    })
    .onConflictDoNothing({ target: [races.season, races.slug] })
    .returning({ id: races.id });
  if (!made) return null;
  await carryEntries(db, made.id);
  return made.id;
}

/** That a race was added to a calendar that people knew already. */
export async function noteAdded(db: Db, raceId: number, name: string, source: string): Promise<void> {
  await db.insert(calendarChanges).values({ raceId, source, field: "added", from: null, to: name });
}

function changesOf(race: HeldRace, change: RaceChange): FieldChange[] {
  const known = knownTimes(race);
  const told = [
    { field: "round", from: String(race.round), to: change.round?.toString() },
    { field: "name", from: race.name, to: change.name },
    { field: "circuit", from: race.circuitId, to: change.circuitId },
    ...SESSION_NAMES.map((field) => ({ field, from: textOf(known[field]), to: sessionText(field) })),
    { field: "cancelled", from: String(race.cancelledAt !== null), to: change.isCancelled?.toString() },
  ] as const;
  return told.flatMap(({ field, from, to }) => (to === undefined || to === from ? [] : [{ field, from, to }]));

  function sessionText(name: (typeof SESSION_NAMES)[number]) {
    return change.sessions ? textOf(change.sessions[name]) : undefined;
  }
}

function isSession(field: CalendarField): boolean {
  return SESSION_NAMES.some((name) => name === field);
}

export function knownTimes({ sessions, startsAt }: Pick<RaceRow, "sessions" | "startsAt">): SessionTimes {
  const times = Object.entries(sessions).map(([name, text]) => [name, new Date(text)]);
  return { ...Object.fromEntries(times), race: startsAt };
}

export function storedTimes(sessions: SessionTimes): NonNullable<SaidOfRace["sessions"]> {
  return Object.fromEntries(
    SESSION_NAMES.flatMap((name) => {
      const text = textOf(sessions[name]);
      return text === null ? [] : [[name, text]];
    }),
  );
}

function textOf(at: Date | undefined): string | null {
  return at?.toISOString() ?? null;
}
