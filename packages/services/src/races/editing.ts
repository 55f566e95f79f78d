import type { Db } from "@pitwall/db/database";
import { withTx } from "@pitwall/db/database";
import { circuits, races, type SaidOfRace, seasons } from "@pitwall/db/schema";
import { DomainError } from "@pitwall/domain/domain-error";
import { raceSlug, SESSION_NAMES, type SessionName, type SessionTimes, sessionFaults } from "@pitwall/domain/races";
import { eq, sql } from "drizzle-orm";
import type { ServiceContext } from "../context.ts";
import { audit } from "../internal/audit.ts";
import {
  changeRace,
  holdRace,
  holdStandings,
  insertRace,
  knownTimes,
  lockIfDue,
  noteAdded,
  type RaceChange,
  storedTimes,
} from "../internal/race-changes.ts";
import { type RaceName, raceNamed } from "../internal/race-lookup.ts";
import { speakerId } from "../internal/speaker.ts";
import { refuseStale } from "../internal/versions.ts";

/** A circuit that is known needs its id alone; whatever else is said of it is brought in. */
export interface CircuitInput {
  readonly id: string;
  readonly name?: string | undefined;
  readonly locality?: string | undefined;
  readonly country?: string | undefined;
}

export interface NewRaceInput {
  readonly season: number;
  /** Left out, it follows from the name. */
  readonly slug?: string | undefined;
  readonly name: string;
  readonly round: number;
  readonly circuit: CircuitInput;
  readonly sessions: { readonly [Name in SessionName]?: Date | undefined } & { readonly race: Date };
}

/** Adds a race, with the entry list of the next open one. If its lock has passed by now, it locks at once. */
export async function createRace(ctx: ServiceContext, input: NewRaceInput): Promise<RaceName> {
  const { season, name, round } = input;
  const sessions = editedTimes({ race: input.sessions.race }, input.sessions);
  const slug = input.slug ?? raceSlug(name);
  if (slug === "") throw new DomainError("broken_rule", "race.slug_missing", "Give the race a slug of Latin letters.");
  refuseFaults(sessions);
  await withTx(ctx.db, async (db) => {
    await refuseUnknownSeason(db, season);
    await holdStandings(db, season);
    const circuitId = await circuitFor(db, input.circuit);
    const facts = { round, name, circuitId };
    const said = { admin: { ...facts, sessions: storedTimes(sessions), isCancelled: false } };
    const id = await insertRace({ ...ctx, db }, { season, slug, ...facts, sessions, said });
    if (id === null)
      throw new DomainError("conflict", "race.taken", `The season ${season} has a race "${slug}" already.`);
    await noteAdded(db, id, name, handOf(ctx));
    await lockIfDue(db, id);
    await audit(
      { ...ctx, db },
      { act: "create_race", subject: `${season}/${slug}`, detail: { ...facts, sessions: said.admin.sessions } },
    );
  });
  ctx.log.info("a race was created", { season, slug });
  return { season, slug };
}

interface Meant {
  /** That of the race as it was read; left out, it is done whatever has happened since. */
  readonly version?: number | undefined;
}

export interface RaceEdit extends RaceName, Meant {
  readonly name?: string | undefined;
  readonly round?: number | undefined;
  readonly circuit?: CircuitInput | undefined;
  /** Those named are set, or taken away by null; the others stay. */
  readonly sessions?: Partial<Record<SessionName, Date | null | undefined>> | undefined;
  readonly cancelled?: boolean | undefined;
}

/**
 * Changes a race, whose slug stays. Line-ups being saved are judged by the value at their commit. An open race's lock moves
 * with its sessions, both ways; moved into the past, it locks at once. Once it has locked, what was fielded stands and so
 * does the lock. No calendar undoes what is said here.
 */
export async function updateRace(ctx: ServiceContext, input: RaceEdit): Promise<void> {
  const { season, slug } = input;
  const changes = await withTx(ctx.db, async (db) => {
    const { id } = await raceNamed(db, input);
    await holdStandings(db, season);
    const race = await holdRace(db, id, "no key update");
    if (!race) throw raceGone(input);
    refuseStale("race", input.version, race);
    const sessions = input.sessions && editedTimes(knownTimes(race), input.sessions);
    if (sessions) refuseFaults(sessions);
    const change: RaceChange = {
      round: input.round,
      name: input.name,
      circuitId: input.circuit && (await circuitFor(db, input.circuit)),
      sessions,
      isCancelled: input.cancelled,
    };
    const changes = await changeRace({ ...ctx, db }, { race, change, source: handOf(ctx) });
    const admin = { ...race.said.admin, ...wordOf(change) };
    await db
      .update(races)
      .set({ said: { ...race.said, admin } })
      .where(eq(races.id, id));
    if (changes.length > 0)
      await audit({ ...ctx, db }, { act: "update_race", subject: `${season}/${slug}`, detail: { changes } });
    return changes;
  });
  if (changes.length > 0) ctx.log.info("a race was changed", { season, slug, changes });
}

/** Takes away a race that nobody has played. One that was played, or will not run, is cancelled instead. */
export async function removeRace(ctx: ServiceContext, input: RaceName & Meant): Promise<void> {
  const { season, slug } = input;
  await withTx(ctx.db, async (db) => {
    const { id } = await raceNamed(db, input);
    await holdStandings(db, season);
    const race = await holdRace(db, id, "update");
    if (!race) throw raceGone(input);
    refuseStale("race", input.version, race);
    const { rows } = await db.execute<{ lineups: number }>(
      sql`select count(*)::int as lineups from team_lineups where race_id = ${id}`,
    );
    const lineups = rows[0]?.lineups ?? 0;
    const uses = [
      ...(lineups > 0 ? [`${lineups} ${lineups === 1 ? "line-up was" : "line-ups were"} saved for it`] : []),
      ...(race.isLocked ? ["it has locked"] : []),
      ...(race.revision !== null ? ["it has a result"] : []),
    ];
    if (uses.length > 0)
      throw new DomainError(
        "conflict",
        "race.in_use",
        `The ${race.name} is in use: ${uses.join(", ")}. Cancel it instead.`,
      );
    await db.delete(races).where(eq(races.id, id));
    await audit({ ...ctx, db }, { act: "remove_race", subject: `${season}/${slug}`, detail: { name: race.name } });
  });
  ctx.log.info("a race was removed", { season, slug });
}

function handOf({ actor }: ServiceContext): string {
  return `admin:${actor.kind === "system" ? actor.name : speakerId(actor)}`;
}

function raceGone({ season, slug }: RaceName): DomainError {
  return new DomainError("not_found", "race.not_found", `There is no race "${slug}" in the season ${season}.`);
}

function refuseFaults(sessions: SessionTimes): void {
  const faults = sessionFaults(sessions);
  if (faults.length === 0) return;
  const message = faults.map((fault) => fault.message).join(" ");
  throw new DomainError("broken_rule", "race.times_impossible", message, { faults });
}

async function refuseUnknownSeason(db: Db, season: number): Promise<void> {
  const found = await db.select({ year: seasons.year }).from(seasons).where(eq(seasons.year, season));
  if (found.length === 0) throw new DomainError("not_found", "season.not_found", `There is no season ${season} here.`);
}

async function circuitFor(db: Db, { id, ...said }: CircuitInput): Promise<string> {
  const [known] = await db.select().from(circuits).where(eq(circuits.id, id));
  const { name, locality, country } = { ...known, ...withoutGaps(said) };
  if (name === undefined || locality === undefined || country === undefined) {
    const message = `The circuit "${id}" is not known here. Say its name, locality and country.`;
    throw new DomainError("broken_rule", "race.circuit_unknown", message);
  }
  const circuit = { id, name, locality, country };
  await db.insert(circuits).values(circuit).onConflictDoUpdate({ target: circuits.id, set: circuit });
  return id;
}

function withoutGaps(said: Omit<CircuitInput, "id">): Partial<Record<"name" | "locality" | "country", string>> {
  return Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined));
}

function editedTimes(known: SessionTimes, edits: NonNullable<RaceEdit["sessions"]>): SessionTimes {
  const edited = SESSION_NAMES.flatMap((name) => {
    const at = edits[name] === undefined ? known[name] : edits[name];
    return at ? [[name, at] as const] : [];
  });
  return { ...Object.fromEntries(edited), race: edits.race ?? known.race };
}

function wordOf({ sessions, ...facts }: RaceChange): SaidOfRace {
  const said = Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
  return { ...said, ...(sessions && { sessions: storedTimes(sessions) }) };
}
