import type { Db } from "@pitwall/db/database";
import { withTx } from "@pitwall/db/database";
import { circuits, races } from "@pitwall/db/schema";
import { matchRaces, type ToldRace } from "@pitwall/domain/calendars";
import { raceSlug } from "@pitwall/domain/races";
import { asc, eq } from "drizzle-orm";
import type { ServiceContext } from "../context.ts";
import {
  changeRace,
  type HeldRace,
  holdRace,
  holdStandings,
  insertRace,
  knownTimes,
  noteAdded,
} from "../internal/race-changes.ts";
import { type CalendarSource, newsOf, remembered, type Word } from "./news.ts";

export interface CalendarRace extends Omit<ToldRace, "circuitId"> {
  readonly round: number;
  readonly circuit: { readonly id: string; readonly name: string; readonly locality: string; readonly country: string };
}

export interface Calendar {
  readonly season: number;
  readonly races: readonly CalendarRace[];
  readonly source: CalendarSource;
  /** Whoever is not in it does not run. */
  readonly isComplete: boolean;
}

/** Slugs. */
export interface CalendarOutcome {
  readonly added: string[];
  readonly changed: string[];
  readonly cancelled: string[];
  readonly reinstated: string[];
}

interface Telling {
  readonly ctx: ServiceContext;
  readonly calendar: Calendar;
  readonly outcome: CalendarOutcome;
}

/**
 * Brings in what a source says of a season's calendar. What it said before is no news, so it undoes nothing that another
 * hand knew better; what an admin said stands. Times move both ways as a source has news of them; where two hands
 * contradict each other on a weekend, the earlier lock is believed. A race that a complete calendar lists no more is
 * cancelled unless its weekend has begun, and comes back when it is listed again. What has locked keeps its lock.
 */
export function applyCalendar(ctx: ServiceContext, calendar: Calendar): Promise<CalendarOutcome> {
  return withTx(ctx.db, async (db) => {
    const outcome: CalendarOutcome = { added: [], changed: [], cancelled: [], reinstated: [] };
    if (calendar.races.length === 0) return outcome;
    await holdStandings(db, calendar.season);
    const placed = await heldRaces(db, calendar.season);
    await db
      .insert(circuits)
      .values(calendar.races.map(({ circuit }) => circuit))
      .onConflictDoNothing();
    const telling: Telling = { ctx: { ...ctx, db }, calendar, outcome };
    const told = calendar.races.map((race) => ({ ...race, circuitId: race.circuit.id }));
    const { pairs, vanished } = matchRaces(told, placed);
    for (const { told: race, placed: stored } of pairs) {
      if (stored) await hear(telling, stored, wordOf(race));
      else await add(telling, race, placed.length === 0);
    }
    for (const stored of believedVanished(telling, vanished, placed))
      await hear(telling, stored, { isCancelled: true });
    return outcome;
  });
}

async function heldRaces(db: Db, season: number): Promise<HeldRace[]> {
  const ids = await db.select({ id: races.id }).from(races).where(eq(races.season, season)).orderBy(asc(races.id));
  const held: HeldRace[] = [];
  for (const { id } of ids) {
    const race = await holdRace(db, id, "no key update");
    if (race) held.push(race);
  }
  return held;
}

function wordOf({ round, name, circuit, sessions }: CalendarRace): Word {
  return { round, name, circuitId: circuit.id, isCancelled: false, ...(sessions && { sessions }) };
}

async function hear({ ctx, calendar, outcome }: Telling, race: HeldRace, word: Word): Promise<void> {
  const { season, source } = calendar;
  const change = newsOf(race, word, source, ctx.schedule);
  const changes = await changeRace(ctx, { race, change, source });
  const said = { ...race.said, [source]: remembered(race.said[source], word) };
  await ctx.db.update(races).set({ said }).where(eq(races.id, race.id));
  if (changes.length === 0) return;
  const turned = changes.find((one) => one.field === "cancelled");
  if (turned) outcome[turned.to === "true" ? "cancelled" : "reinstated"].push(race.slug);
  else outcome.changed.push(race.slug);
  ctx.log.info("the calendar changed", { season, slug: race.slug, source, changes });
}

async function add({ ctx, calendar, outcome }: Telling, told: CalendarRace, isFirst: boolean): Promise<void> {
  const { season, source } = calendar;
  const { name, round, sessions, circuit } = told;
  const slug = told.slug ?? raceSlug(name);
  if (!sessions) {
    ctx.log.warn("a race is left out until its start is known", { season, slug, source });
    return;
  }
  const said = { [source]: remembered(undefined, wordOf(told)) };
  const id = await insertRace(ctx, { season, slug, round, name, circuitId: circuit.id, sessions, said });
  if (id === null) {
    ctx.log.warn("a race has the name of one that is over, and is left out", { season, slug, source });
    return;
  }
  outcome.added.push(slug);
  if (isFirst) return;
  await noteAdded(ctx.db, id, name, source);
  ctx.log.info("the calendar has a new race", { season, slug, source });
}

/** More than this, and more than half of what is to come, do not fall out at once: such a list is cut short. */
const FEW = 3;

function believedVanished(
  { ctx, calendar }: Telling,
  vanished: readonly HeldRace[],
  placed: readonly HeldRace[],
): HeldRace[] {
  if (!calendar.isComplete) return [];
  const gone = vanished.filter(isToCome);
  const { season, source } = calendar;
  const begun = vanished.filter((race) => !isToCome(race) && race.cancelledAt === null);
  for (const { slug } of begun) ctx.log.warn("a calendar leaves out a race that has begun", { season, slug, source });
  if (gone.length <= FEW || gone.length * 2 <= placed.filter(isToCome).length) return gone;
  ctx.log.warn("a calendar leaves out too many races to be believed", { season, source, missing: gone.length });
  return [];
}

function isToCome(race: HeldRace): boolean {
  const begins = Math.min(...Object.values(knownTimes(race)).map((at) => at.getTime()));
  return !race.isLocked && race.revision === null && (race.cancelledAt !== null || begins > race.heldAt.getTime());
}
