import { withTx } from "@pitwall/db/database";
import { type CalendarField, calendarChanges, circuits, looks, races } from "@pitwall/db/schema";
import { DomainError } from "@pitwall/domain/domain-error";
import type { SessionName } from "@pitwall/domain/races";
import { checksPassed, nextLook, type ResultPhase, resultPhase } from "@pitwall/domain/schedule";
import { and, asc, eq, isNull, type SQL, sql } from "drizzle-orm";
import type { ServiceContext } from "./context.ts";
import { fieldTeams } from "./internal/lock-race.ts";
import { lookFactColumns } from "./internal/look-facts.ts";
import { hasPart } from "./internal/parts.ts";
import { nextOpenRace, type RaceName, raceNamed, rulesOfSeason } from "./internal/race-lookup.ts";

export type RaceStatus = "upcoming" | "locked" | "awaiting_result" | "completed" | "cancelled";

export interface RaceView {
  readonly season: number;
  readonly slug: string;
  readonly round: number;
  readonly name: string;
  readonly circuit: { readonly id: string; readonly name: string; readonly locality: string; readonly country: string };
  readonly sessions: Partial<Record<SessionName, string>>;
  readonly startsAt: Date;
  readonly lockAt: Date;
  readonly status: RaceStatus;
  /** Of its place in the calendar. */
  readonly version: number;
  readonly result: {
    readonly phase: ResultPhase;
    readonly revision: number | null;
    readonly recordedAt: Date | null;
    readonly checksPassed: number;
    readonly nextLookAt: Date | null;
    /** Why there is no result although the flag is due, in words. */
    readonly waitsBecause: string | null;
  };
}

export interface RaceDetail extends RaceView {
  /** Of its place in the calendar, oldest first. */
  readonly changes: readonly {
    readonly at: Date;
    readonly source: string;
    readonly field: CalendarField;
    readonly from: string | null;
    readonly to: string | null;
  }[];
}

const isLocked = sql<boolean>`(${races.lockedAt} is not null or ${races.lockAt} <= clock_timestamp())`;
const whyWaiting = sql<
  string | null
>`(select ${looks.reason} from ${looks} where ${looks.raceId} = ${races.id} order by ${looks.id} desc limit 1)`;

const columns = {
  season: races.season,
  slug: races.slug,
  round: races.round,
  name: races.name,
  circuit: { id: circuits.id, name: circuits.name, locality: circuits.locality, country: circuits.country },
  sessions: races.sessions,
  startsAt: races.startsAt,
  lockAt: races.lockAt,
  version: races.version,
  revision: races.revision,
  cancelledAt: races.cancelledAt,
  isLocked,
  whyWaiting,
  ...lookFactColumns,
};

export interface RaceFilter {
  readonly season: number;
  readonly status?: RaceStatus | undefined;
  /** In the names of the race, its circuit, place and country. */
  readonly search?: string | undefined;
  /** Weekends with a sprint, or without. */
  readonly sprint?: boolean | undefined;
  readonly limit?: number | undefined;
  readonly offset?: number | undefined;
}

/** A season's races in the order in which they start. */
export async function listRaces(ctx: ServiceContext, input: RaceFilter): Promise<{ items: RaceView[]; total: number }> {
  const { season, status, search, sprint, limit, offset = 0 } = input;
  await rulesOfSeason(ctx.db, season);
  const names = sql`concat_ws(' ', ${races.name}, ${circuits.name}, ${circuits.locality}, ${circuits.country})`;
  const chosen = and(
    eq(races.season, season),
    search === undefined ? undefined : hasPart(names, search),
    sprint === undefined ? undefined : sql`(${races.sessions} ? 'sprint') = ${sprint}`,
  );
  const all = await viewsOf(ctx, chosen);
  const items = all.filter((race) => status === undefined || race.status === status);
  return { items: items.slice(offset, limit === undefined ? undefined : offset + limit), total: items.length };
}

export async function raceBySlug(ctx: ServiceContext, input: RaceName): Promise<RaceDetail> {
  const race = await raceNamed(ctx.db, input);
  const [view] = await viewsOf(ctx, eq(races.id, race.id));
  if (!view) throw new Error("a race was deleted while it was read");
  const { at, source, field, from, to } = calendarChanges;
  const changes = await ctx.db
    .select({ at, source, field, from, to })
    .from(calendarChanges)
    .where(eq(calendarChanges.raceId, race.id))
    .orderBy(asc(calendarChanges.id));
  return { ...view, changes };
}

/** The next race that is still open for line-ups. */
export async function nextRace(ctx: ServiceContext, input: { readonly season: number }): Promise<RaceDetail> {
  await rulesOfSeason(ctx.db, input.season);
  const race = await nextOpenRace(ctx.db, input.season);
  if (!race)
    throw new DomainError(
      "not_found",
      "season.no_open_race",
      `The season ${input.season} has no race left that is open for line-ups.`,
    );
  return raceBySlug(ctx, race);
}

/**
 * Fixes the line-ups of every race whose lock has passed by the database's clock, and answers their slugs. Two clocks at
 * once skip each other's races; a race that another transaction holds is locked at the next tick.
 */
export async function lockDueRaces(ctx: ServiceContext): Promise<string[]> {
  const due = await ctx.db.select({ id: races.id }).from(races).where(dueToLock);
  const locked: string[] = [];
  for (const { id } of due) {
    await withTx(ctx.db, async (db) => {
      const [race] = await db
        .select()
        .from(races)
        .where(and(eq(races.id, id), dueToLock))
        .for("update", { skipLocked: true });
      if (!race) return;
      const teams = await fieldTeams(db, race);
      ctx.log.info("a race was locked", { season: race.season, slug: race.slug, teams });
      locked.push(race.slug);
    });
  }
  return locked;
}

const dueToLock = and(isNull(races.lockedAt), isNull(races.cancelledAt), sql`${races.lockAt} <= clock_timestamp()`);

async function viewsOf(ctx: ServiceContext, chosen: SQL | undefined): Promise<RaceView[]> {
  const rows = await ctx.db
    .select(columns)
    .from(races)
    .innerJoin(circuits, eq(circuits.id, races.circuitId))
    .where(chosen)
    .orderBy(asc(races.startsAt));
  const now = ctx.now();
  return rows.map(
    ({
      cancelledAt,
      isLocked: locked,
      whyWaiting: reason,
      revision,
      flagDueAt,
      recordedAt,
      lookedAt,
      seasonEndsAt,
      freshUntil,
      ...race
    }) => {
      const facts = { flagDueAt, recordedAt, lookedAt, seasonEndsAt, freshUntil };
      const phase = resultPhase(facts, ctx.schedule, now);
      return {
        ...race,
        status: statusOf({ cancelled: cancelledAt !== null, locked, phase }),
        result: {
          phase,
          revision,
          recordedAt,
          checksPassed: checksPassed(facts, ctx.schedule),
          nextLookAt: nextLook(facts, ctx.schedule),
          waitsBecause: phase === "polling" || phase === "overdue" ? (reason ?? "nobody has looked yet") : null,
        },
      };
    },
  );
}

function statusOf(race: { cancelled: boolean; locked: boolean; phase: ResultPhase }): RaceStatus {
  if (race.cancelled) return "cancelled";
  switch (race.phase) {
    case "checking":
    case "verified":
      return "completed";
    case "polling":
    case "overdue":
      return "awaiting_result";
    case "not_due":
      return race.locked ? "locked" : "upcoming";
  }
}
