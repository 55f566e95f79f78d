import { driverScores, drivers, fielded, lineups, races, scoringRuns, standings, teams } from "@pitwall/db/schema";
import { DomainError } from "@pitwall/domain/domain-error";
import { type DriverScore, type LedgerLine, lineupLedger, type ScoreLine } from "@pitwall/domain/scoring";
import type { Tenths } from "@pitwall/domain/tenths";
import { and, asc, desc, eq, isNull, sql } from "drizzle-orm";
import type { ServiceContext } from "../context.ts";
import { type RaceName, type RaceRow, raceNamed, rulesOfSeason } from "../internal/race-lookup.ts";

export interface LedgerView {
  readonly teamId: string;
  readonly season: number;
  readonly slug: string;
  readonly revision: number;
  readonly points: Tenths;
  /** They add up to the points. A multiplier is tenths of a factor: 15 is the captain's one and a half. */
  readonly lines: readonly LedgerLine[];
  readonly run: {
    readonly ruleSet: string;
    readonly digestIn: string;
    readonly digestOut: string;
    readonly scoredAt: Date;
  };
}

/** A team's score in a race, line by line, under the current revision or any earlier one. */
export async function ledgerOf(
  ctx: ServiceContext,
  input: RaceName & { readonly teamId: string; readonly revision?: number | undefined },
): Promise<LedgerView> {
  const race = await raceNamed(ctx.db, input);
  const run = await runOf(ctx, race, input.revision);
  const scores = await driverScoresOf(ctx, run.id);
  const [line] = await ctx.db
    .select({ keys: lineups.drivers, captain: lineups.captain })
    .from(fielded)
    .innerJoin(lineups, eq(lineups.id, fielded.lineupId))
    .innerJoin(teams, and(eq(teams.id, fielded.teamId), isNull(teams.removedAt)))
    .where(and(eq(fielded.raceId, race.id), eq(fielded.teamId, input.teamId)));
  if (!line) throw new DomainError("not_found", "lineup.none_fielded", `The team fielded nobody in the ${race.name}.`);
  const picked = await ctx.db
    .select({ id: drivers.id, key: drivers.key })
    .from(drivers)
    .where(sql`${drivers.key} = any(${`{${line.keys.join(",")}}`}::smallint[])`)
    .orderBy(asc(drivers.key));
  const captain = picked.find((driver) => driver.key === line.captain);
  if (!captain) throw new Error(`the line-up fielded by ${input.teamId} has no captain`);
  const ledger = lineupLedger(
    { driverIds: picked.map((driver) => driver.id), captainId: captain.id },
    new Map(scores.map((score) => [score.driverId, score])),
    await rulesOfSeason(ctx.db, race.season),
  );
  return {
    teamId: input.teamId,
    season: race.season,
    slug: race.slug,
    revision: run.revision,
    ...ledger,
    run: { ruleSet: run.ruleSetId, digestIn: run.digestIn, digestOut: run.digestOut, scoredAt: run.scoredAt },
  };
}

export interface RaceScoresView {
  readonly season: number;
  readonly slug: string;
  readonly revision: number;
  readonly items: readonly {
    readonly driverId: string;
    readonly points: Tenths;
    readonly lines: readonly ScoreLine[];
  }[];
}

/** What every driver earned in a race, and by which rule, under the current revision or any earlier one. */
export async function raceScores(
  ctx: ServiceContext,
  input: RaceName & { readonly revision?: number | undefined },
): Promise<RaceScoresView> {
  const race = await raceNamed(ctx.db, input);
  const run = await runOf(ctx, race, input.revision);
  const items = await driverScoresOf(ctx, run.id);
  return { season: race.season, slug: race.slug, revision: run.revision, items };
}

export interface TeamScoreView {
  readonly season: number;
  readonly slug: string;
  readonly points: Tenths;
  readonly total: Tenths;
  readonly rank: number;
}

/** A team's points race by race, in the order of the season, with the total and the rank after each. */
export async function teamScores(
  ctx: ServiceContext,
  input: { readonly teamId: string },
): Promise<{ items: TeamScoreView[] }> {
  const [team] = await ctx.db
    .select({ season: teams.season })
    .from(teams)
    .where(and(eq(teams.id, input.teamId), isNull(teams.removedAt)));
  if (!team) throw new DomainError("not_found", "team.not_found", "There is no such team.");
  const items = await ctx.db
    .select({
      season: races.season,
      slug: races.slug,
      points: standings.racePoints,
      total: standings.total,
      rank: sql<number>`(select step.above + 1 from rank_steps step where step.build_id = ${standings.buildId} and step.total = ${standings.total})`,
    })
    .from(races)
    .innerJoin(standings, and(eq(standings.buildId, races.buildId), eq(standings.teamId, input.teamId)))
    .where(and(eq(races.season, team.season), isNull(races.cancelledAt)))
    .orderBy(asc(races.lockAt));
  return { items };
}

export interface DriverRaceScore {
  readonly season: number;
  readonly slug: string;
  readonly revision: number;
  readonly points: Tenths;
  readonly lines: readonly ScoreLine[];
}

/** What a driver earned in each race of a season that he is listed in, in the order of the season. */
export async function driverPoints(
  ctx: ServiceContext,
  input: { readonly driverId: string; readonly season: number },
): Promise<{ items: DriverRaceScore[]; points: Tenths }> {
  await rulesOfSeason(ctx.db, input.season);
  const [driver] = await ctx.db.select({ key: drivers.key }).from(drivers).where(eq(drivers.id, input.driverId));
  if (!driver) throw new DomainError("not_found", "driver.not_found", `There is no driver "${input.driverId}".`);
  const items = await ctx.db
    .select({
      season: races.season,
      slug: races.slug,
      revision: scoringRuns.revision,
      points: driverScores.points,
      lines: driverScores.lines,
    })
    .from(races)
    .innerJoin(scoringRuns, and(eq(scoringRuns.raceId, races.id), eq(scoringRuns.revision, races.revision)))
    .innerJoin(driverScores, and(eq(driverScores.runId, scoringRuns.id), eq(driverScores.driverKey, driver.key)))
    .where(and(eq(races.season, input.season), isNull(races.cancelledAt)))
    .orderBy(asc(races.lockAt));
  return { items, points: items.reduce((sum, race) => sum + race.points, 0) };
}

/** The scoring of a revision of a race, by default the current one. */
export async function runOf(
  ctx: ServiceContext,
  race: RaceRow,
  revision: number | undefined,
): Promise<typeof scoringRuns.$inferSelect> {
  const wanted = revision ?? race.revision;
  if (wanted === null) throw new DomainError("not_found", "result.none_yet", `The ${race.name} has no result yet.`);
  const [run] = await ctx.db
    .select()
    .from(scoringRuns)
    .where(and(eq(scoringRuns.raceId, race.id), eq(scoringRuns.revision, wanted)));
  if (run) return run;
  throw new DomainError("not_found", "result.no_such_revision", `The ${race.name} has no revision ${wanted}.`);
}

export async function driverScoresOf(ctx: ServiceContext, runId: number): Promise<DriverScore[]> {
  return ctx.db
    .select({ driverId: drivers.id, points: driverScores.points, lines: driverScores.lines })
    .from(driverScores)
    .innerJoin(drivers, eq(drivers.key, driverScores.driverKey))
    .where(eq(driverScores.runId, runId))
    .orderBy(desc(driverScores.points), asc(drivers.id));
}
