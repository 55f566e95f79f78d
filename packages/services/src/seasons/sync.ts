import { alone, withTx } from "@pitwall/db/database";
import { races, type SeasonChanges, seasonSyncs, seasons } from "@pitwall/db/schema";
import { sessionFaults } from "@pitwall/domain/races";
import { isSyncDue } from "@pitwall/domain/syncs";
import { and, eq, isNull, max, sql } from "drizzle-orm";
import type { ServiceContext } from "../context.ts";
import { queueSync } from "../internal/queue-sync.ts";
import { holdStandings, knownTimes } from "../internal/race-changes.ts";
import type { SeasonAnswer, ToldList } from "./answers.ts";
import { applyCalendar, type CalendarRace } from "./calendar.ts";
import { findCurrentSeason } from "./current.ts";
import { receiveConstructors, receiveDrivers } from "./people.ts";
import { alertOfSync } from "./sync-alerts.ts";
import type { SyncOutcome, SyncView } from "./syncs.ts";

/**
 * Which season is to be asked for: the one that is named, at once, or else the one that is being played, when it is due.
 * The tables alone say what is due, so a tick that is missed, doubled or late costs nothing.
 */
export async function seasonToSync(
  ctx: ServiceContext,
  { season }: { readonly season?: number | undefined },
): Promise<number | null> {
  if (season === undefined) {
    const current = await findCurrentSeason(ctx);
    return current !== null && (await isDue(ctx, current)) ? current : null;
  }
  const found = await ctx.db.select({ year: seasons.year }).from(seasons).where(eq(seasons.year, season));
  return found.length === 0 ? null : season;
}

async function isDue(ctx: ServiceContext, season: number): Promise<boolean> {
  const [last] = await ctx.db
    .select({
      askedAt: max(seasonSyncs.at),
      syncedAt: sql`max(${seasonSyncs.at}) filter (where ${seasonSyncs.outcome} = 'done')`.mapWith(seasonSyncs.at),
    })
    .from(seasonSyncs)
    .where(eq(seasonSyncs.season, season));
  const running = await ctx.db
    .select({ sessions: races.sessions, startsAt: races.startsAt })
    .from(races)
    .where(and(eq(races.season, season), isNull(races.cancelledAt)));
  const facts = { askedAt: last?.askedAt ?? null, syncedAt: last?.syncedAt ?? null };
  return isSyncDue({ ...facts, weekends: running.map(knownTimes) }, ctx.now());
}

/** Lets one at a time ask for a season, so that a doubled job does not ask the source twice. False: somebody is asking. */
export async function syncAlone(ctx: ServiceContext, sync: () => Promise<void>): Promise<boolean> {
  const done = await alone(ctx.db, "sync a season", () => sync().then(() => true));
  return done ?? false;
}

/** For when the source is not to be asked just now. A tick would come to it too, but later. */
export function putOffSync(
  ctx: ServiceContext,
  input: { readonly season: number; readonly forMs: number },
): Promise<void> {
  return queueSync(ctx, { season: input.season, inMs: input.forMs });
}

export interface ReceivedSeason {
  readonly season: number;
  readonly source: string;
  readonly answer: SeasonAnswer;
}

/**
 * Brings in what a source said of a season: its calendar, its constructors, its drivers. Nothing is ever deleted by it, prices
 * and what an admin said stand, and a list that is empty or broken changes nothing, while the others count.
 */
export async function receiveSeason(ctx: ServiceContext, input: ReceivedSeason): Promise<SyncView> {
  const { season, source, answer } = input;
  const sync = await withTx(ctx.db, async (db): Promise<SyncView> => {
    await holdStandings(db, season);
    const told = believable(ctx, input);
    const changes: SeasonChanges = {
      races: await applyCalendar({ ...ctx, db }, { season, races: told, source: "sync", isComplete: true }),
      constructors: await receiveConstructors(db, itemsOf(answer.constructors)),
      drivers: await receiveDrivers(db, season, itemsOf(answer.drivers)),
    };
    const row = { season, at: ctx.now(), source, ...verdictOn(answer), changes };
    await db.insert(seasonSyncs).values(row);
    await alertOfSync({ ...ctx, db }, row);
    return row;
  });
  tell(ctx, sync);
  return sync;
}

function itemsOf<T>(list: ToldList<T>): readonly T[] {
  return list.kind === "told" ? list.items : [];
}

/** A race whose sessions cannot belong to one weekend stays at the times that are known. */
function believable(ctx: ServiceContext, { season, source, answer }: ReceivedSeason): CalendarRace[] {
  return itemsOf(answer.races).map((race) => {
    const faults = race.sessions === null ? [] : sessionFaults(race.sessions);
    if (faults.length === 0) return race;
    const reason = faults.map(({ message }) => message).join(" ");
    ctx.log.error("the times of a race were not believed", { season, source, race: race.name, reason });
    return { ...race, sessions: null };
  });
}

const WORST_LAST: readonly SyncOutcome[] = ["done", "failed", "empty", "unreadable"];

function verdictOn(answer: SeasonAnswer): Pick<SyncView, "outcome" | "reason"> {
  const lists = { calendar: answer.races, constructors: answer.constructors, drivers: answer.drivers };
  const judged = Object.entries(lists).map(([name, list]) => ({ name, ...judge(list) }));
  const outcome = WORST_LAST.findLast((one) => judged.some((list) => list.outcome === one)) ?? "done";
  const reasons = judged.flatMap(({ name, reason }) => (reason === null ? [] : `${name}: ${reason}`));
  return { outcome, reason: reasons.length === 0 ? null : reasons.join(" ") };
}

function judge(list: ToldList<unknown>): { outcome: SyncOutcome; reason: string | null } {
  if (list.kind !== "told") return { outcome: list.kind, reason: list.reason };
  return list.items.length === 0
    ? { outcome: "empty", reason: "The list is empty." }
    : { outcome: "done", reason: null };
}

/** Being out of reach is a source's daily life; saying nothing, or nonsense, is not. */
function tell(ctx: ServiceContext, { season, source, outcome, reason, changes }: SyncView): void {
  const facts = { season, source, outcome, ...(reason !== null && { reason }), changes };
  if (outcome === "empty" || outcome === "unreadable") ctx.log.error("a season was not told whole", facts);
  else ctx.log.info("a season was asked for", facts);
}
