import { corrections, heldBodies, looks, races, revisions } from "@pitwall/db/schema";
import type { CarChange, ClassifiedCar, SessionKind } from "@pitwall/domain/classifications";
import { DomainError } from "@pitwall/domain/domain-error";
import { checksPassed, nextLook, type ResultPhase, resultPhase } from "@pitwall/domain/schedule";
import { and, asc, desc, eq, inArray } from "drizzle-orm";
import type { ServiceContext } from "../context.ts";
import { lookFactColumns } from "../internal/look-facts.ts";
import { type RaceName, raceNamed } from "../internal/race-lookup.ts";
import { storedClassification } from "../internal/stored-classifications.ts";
import type { LookOutcome } from "./answers.ts";

export interface ClassificationView {
  readonly season: number;
  readonly slug: string;
  readonly revision: number;
  readonly isCurrent: boolean;
  readonly source: string;
  readonly digest: string;
  readonly recordedAt: Date;
  readonly sessions: readonly { readonly session: SessionKind; readonly cars: readonly ClassifiedCar[] }[];
}

/** A race's classification: the current revision, or any that was ever recorded. */
export async function classificationOf(
  ctx: ServiceContext,
  input: RaceName & { readonly revision?: number | undefined },
): Promise<ClassificationView> {
  const race = await raceNamed(ctx.db, input);
  const wanted = input.revision ?? race.revision;
  if (wanted === null) throw new DomainError("not_found", "result.none_yet", `The ${race.name} has no result yet.`);
  const [revision] = await ctx.db
    .select()
    .from(revisions)
    .where(and(eq(revisions.raceId, race.id), eq(revisions.n, wanted)));
  if (!revision)
    throw new DomainError("not_found", "result.no_such_revision", `The ${race.name} has no revision ${wanted}.`);
  const c = await storedClassification(ctx.db, race.id, wanted);
  const sessions = [
    { session: "race" as const, cars: c.race },
    ...(c.sprint ? [{ session: "sprint" as const, cars: c.sprint }] : []),
    ...(c.qualifying ? [{ session: "qualifying" as const, cars: c.qualifying }] : []),
  ];
  return {
    season: race.season,
    slug: race.slug,
    revision: wanted,
    isCurrent: wanted === race.revision,
    source: revision.source,
    digest: revision.digest,
    recordedAt: revision.recordedAt,
    sessions,
  };
}

export interface RevisionView {
  readonly revision: number;
  readonly recordedAt: Date;
  readonly source: string;
  readonly digest: string;
  readonly diff: readonly CarChange[];
  /** How many teams a correction gave other points; null where nothing was corrected. */
  readonly teamsAffected: number | null;
}

/** Every revision of a race, oldest first, each with what it changed. */
export async function revisionsOf(ctx: ServiceContext, input: RaceName): Promise<{ items: RevisionView[] }> {
  const race = await raceNamed(ctx.db, input);
  const items = await ctx.db
    .select({
      revision: revisions.n,
      recordedAt: revisions.recordedAt,
      source: revisions.source,
      digest: revisions.digest,
      diff: revisions.diff,
      teamsAffected: corrections.teamsAffected,
    })
    .from(revisions)
    .leftJoin(corrections, and(eq(corrections.raceId, revisions.raceId), eq(corrections.revision, revisions.n)))
    .where(eq(revisions.raceId, race.id))
    .orderBy(asc(revisions.n));
  return { items };
}

interface LastLook {
  readonly at: Date;
  readonly outcome: LookOutcome;
  readonly reason: string | null;
  /** What a second source said, whose word does not count. */
  readonly remark: string | null;
}

export interface FeedState {
  readonly season: number;
  readonly slug: string;
  readonly phase: ResultPhase;
  readonly revision: number | null;
  readonly checksPassed: number;
  readonly nextLookAt: Date | null;
  readonly lastLook: LastLook | null;
  readonly held: readonly { readonly reasons: readonly string[]; readonly lastHeldAt: Date; readonly times: number }[];
}

/** Where the result of each race stands: what was last seen, why it waits, and when it is looked at next. */
export async function feedStates(
  ctx: ServiceContext,
  input: { readonly season: number },
): Promise<{ items: FeedState[] }> {
  const rows = await ctx.db
    .select({ id: races.id, season: races.season, slug: races.slug, revision: races.revision, ...lookFactColumns })
    .from(races)
    .where(eq(races.season, input.season))
    .orderBy(asc(races.startsAt));
  const ids = rows.map((race) => race.id);
  if (ids.length === 0) return { items: [] };
  const lastLooks = await ctx.db
    .selectDistinctOn([looks.raceId], {
      raceId: looks.raceId,
      at: looks.at,
      outcome: looks.outcome,
      reason: looks.reason,
      remark: looks.remark,
    })
    .from(looks)
    .where(inArray(looks.raceId, ids))
    .orderBy(looks.raceId, desc(looks.id));
  const held = await ctx.db
    .select()
    .from(heldBodies)
    .where(inArray(heldBodies.raceId, ids))
    .orderBy(desc(heldBodies.lastHeldAt));
  const now = ctx.now();
  const items = rows.map((race) => {
    const look = lastLooks.find((one) => one.raceId === race.id);
    return {
      season: race.season,
      slug: race.slug,
      phase: resultPhase(race, ctx.schedule, now),
      revision: race.revision,
      checksPassed: checksPassed(race, ctx.schedule),
      nextLookAt: nextLook(race, ctx.schedule),
      lastLook: look ? { at: look.at, outcome: look.outcome, reason: look.reason, remark: look.remark } : null,
      held: held
        .filter((body) => body.raceId === race.id)
        .map(({ reasons, lastHeldAt, times }) => ({ reasons, lastHeldAt, times })),
    };
  });
  return { items };
}
