import { heldBodies, looks, races, revisions } from "@pitwall/db/schema";
import { DomainError } from "@pitwall/domain/domain-error";
import { checksPassed, nextLook, type ResultPhase, resultPhase } from "@pitwall/domain/schedule";
import { asc, desc, eq, inArray, sql } from "drizzle-orm";
import type { ServiceContext } from "../context.ts";
import { lookFactColumns } from "../internal/look-facts.ts";
import type { LookOutcome } from "./answers.ts";

/** Where a result is on its way: a word for what an admin would look at first. */
export type FeedStage =
  | "cancelled"
  | "waiting"
  | "polling"
  | "overdue"
  | "held"
  | "recorded"
  | "checking"
  | "verified"
  | "watched";

export interface FeedState {
  readonly season: number;
  readonly slug: string;
  readonly name: string;
  readonly stage: FeedStage;
  readonly phase: ResultPhase;
  readonly revision: number | null;
  readonly recordedAt: Date | null;
  readonly revisions: readonly { readonly revision: number; readonly recordedAt: Date; readonly source: string }[];
  readonly checksPassed: number;
  readonly checksWanted: number;
  readonly nextLookAt: Date | null;
  readonly lastLook: LastLook | null;
  /** The looks since the last one that could be believed. */
  readonly troubles: { readonly looks: number; readonly since: Date } | null;
  readonly held: readonly HeldSummary[];
}

interface LastLook {
  readonly at: Date;
  readonly outcome: LookOutcome;
  readonly reason: string | null;
  /** What a second source said, whose word does not count. */
  readonly remark: string | null;
}

export interface HeldSummary {
  readonly id: number;
  readonly reasons: readonly string[];
  readonly firstHeldAt: Date;
  readonly lastHeldAt: Date;
  readonly times: number;
}

/** Where the result of each race stands: what was last seen, why it waits, and when it is looked at next. */
export async function feedStates(
  ctx: ServiceContext,
  input: { readonly season: number },
): Promise<{ items: FeedState[] }> {
  const { id, season, slug, name, revision, cancelledAt } = races;
  const rows = await ctx.db
    .select({ id, season, slug, name, revision, cancelledAt, ...lookFactColumns })
    .from(races)
    .where(eq(season, input.season))
    .orderBy(asc(races.startsAt));
  if (rows.length === 0) return { items: [] };
  const ids = rows.map((race) => race.id);
  const lastLooks = await ctx.db
    .selectDistinctOn([looks.raceId])
    .from(looks)
    .where(inArray(looks.raceId, ids))
    .orderBy(looks.raceId, desc(looks.id));
  const held = await ctx.db
    .select()
    .from(heldBodies)
    .where(inArray(heldBodies.raceId, ids))
    .orderBy(desc(heldBodies.lastHeldAt));
  const recorded = await ctx.db
    .select({
      raceId: revisions.raceId,
      revision: revisions.n,
      recordedAt: revisions.recordedAt,
      source: revisions.source,
    })
    .from(revisions)
    .where(inArray(revisions.raceId, ids))
    .orderBy(asc(revisions.n));
  const troubles = await troublesOf(ctx, input.season);

  const now = ctx.now();
  const items = rows.map(({ id: raceId, cancelledAt: cancelled, ...race }) => {
    const look = lastLooks.find((one) => one.raceId === raceId);
    const facts = {
      phase: resultPhase(race, ctx.schedule, now),
      checksPassed: checksPassed(race, ctx.schedule),
      nextLookAt: cancelled === null ? nextLook(race, ctx.schedule) : null,
      lastLook: look ? { at: look.at, outcome: look.outcome, reason: look.reason, remark: look.remark } : null,
    };
    return {
      ...{
        season: race.season,
        slug: race.slug,
        name: race.name,
        revision: race.revision,
        recordedAt: race.recordedAt,
      },
      stage: cancelled === null ? stageOf(facts) : ("cancelled" as const),
      ...facts,
      checksWanted: ctx.schedule.verifyAfter.length,
      revisions: recorded.flatMap(({ raceId: of, ...one }) => (of === raceId ? [one] : [])),
      troubles: troubles.get(raceId) ?? null,
      held: held.filter((body) => body.raceId === raceId).map(({ raceId: _, digest: _d, body: _b, ...rest }) => rest),
    };
  });
  return { items };
}

function stageOf(f: Pick<FeedState, "phase" | "checksPassed" | "nextLookAt" | "lastLook">): FeedStage {
  if (f.lastLook?.outcome === "held" || f.lastLook?.outcome === "unreadable") return "held";
  switch (f.phase) {
    case "not_due":
      return "waiting";
    case "polling":
    case "overdue":
      return f.phase;
    case "checking":
      return f.checksPassed === 0 ? "recorded" : "checking";
    case "verified":
      return f.nextLookAt === null ? "verified" : "watched";
  }
}

async function troublesOf(
  { db }: ServiceContext,
  season: number,
): Promise<Map<number, NonNullable<FeedState["troubles"]>>> {
  const { rows } = await db.execute<{ raceId: number; looks: number; since: string }>(sql`
    select race.id as "raceId", count(*)::int as looks, min(look.at)::text as since
    from races race join looks look on look.race_id = race.id
    where race.season = ${season} and look.at > coalesce(race.looked_at, '-infinity')
      and look.outcome in ('vanished', 'held', 'unreadable', 'failed')
    group by race.id`);
  return new Map(rows.map((row) => [row.raceId, { looks: row.looks, since: new Date(row.since) }]));
}

export interface HeldBody extends HeldSummary {
  readonly season: number;
  readonly slug: string;
  /** Word for word, as the source said it. */
  readonly body: string;
}

/** An answer that was put aside, whole. */
export async function heldBody(ctx: ServiceContext, input: { readonly id: number }): Promise<HeldBody> {
  const { id, reasons, firstHeldAt, lastHeldAt, times, body } = heldBodies;
  const [found] = await ctx.db
    .select({ season: races.season, slug: races.slug, id, reasons, firstHeldAt, lastHeldAt, times, body })
    .from(heldBodies)
    .innerJoin(races, eq(races.id, heldBodies.raceId))
    .where(eq(heldBodies.id, input.id));
  if (!found) throw new DomainError("not_found", "feed.no_such_body", "No answer is held under this number.");
  return found;
}
