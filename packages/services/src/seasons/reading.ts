import { races, ruleSets, seasons } from "@pitwall/db/schema";
import { DomainError } from "@pitwall/domain/domain-error";
import { type Ruleset, rulesets } from "@pitwall/domain/rulesets";
import { and, count, desc, eq, isNull, sql } from "drizzle-orm";
import type { ServiceContext } from "../context.ts";
import { digestOfRules } from "../internal/stored-rules.ts";

export interface SeasonView {
  readonly year: number;
  readonly ruleSet: string;
  readonly attribution: string;
  readonly races: number;
  readonly completed: number;
}

const columns = {
  year: seasons.year,
  ruleSet: seasons.ruleSetId,
  attribution: seasons.attribution,
  races: count(races.id),
  completed: sql<number>`count(${races.revision})::int`,
};

/** Newest first. A cancelled race is none of a season's. */
export async function listSeasons(ctx: ServiceContext): Promise<{ items: SeasonView[] }> {
  const items = await ctx.db
    .select(columns)
    .from(seasons)
    .leftJoin(races, and(eq(races.season, seasons.year), isNull(races.cancelledAt)))
    .groupBy(seasons.year)
    .orderBy(desc(seasons.year));
  return { items };
}

export async function seasonByYear(ctx: ServiceContext, input: { readonly season: number }): Promise<SeasonView> {
  const season = (await listSeasons(ctx)).items.find((one) => one.year === input.season);
  if (season) return season;
  throw noSuchSeason(input.season);
}

/** Every figure of a game, and the digest by which anyone can tell that none was changed. */
export type RulesView = Ruleset & { readonly digest: string };

/** Every rule set that a season can be played under. */
export function listRuleSets(): { items: RulesView[] } {
  return { items: rulesets.map((rules) => ({ ...rules, digest: digestOfRules(rules) })) };
}

/** Every figure of the season's game. */
export async function rulesOf(ctx: ServiceContext, input: { readonly season: number }): Promise<RulesView> {
  const [row] = await ctx.db
    .select({ figures: ruleSets.figures, digest: ruleSets.digest })
    .from(seasons)
    .innerJoin(ruleSets, eq(ruleSets.id, seasons.ruleSetId))
    .where(eq(seasons.year, input.season));
  if (row) return { ...row.figures, digest: row.digest };
  throw noSuchSeason(input.season);
}

function noSuchSeason(season: number): DomainError {
  return new DomainError("not_found", "season.not_found", `There is no season ${season} here.`);
}
