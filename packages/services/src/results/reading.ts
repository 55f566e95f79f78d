import { corrections, revisions } from "@pitwall/db/schema";
import type { CarChange, ClassifiedCar, SessionKind } from "@pitwall/domain/classifications";
import { DomainError } from "@pitwall/domain/domain-error";
import { and, asc, eq } from "drizzle-orm";
import type { ServiceContext } from "../context.ts";
import { type RaceName, raceNamed } from "../internal/race-lookup.ts";
import { storedClassification } from "../internal/stored-classifications.ts";

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
