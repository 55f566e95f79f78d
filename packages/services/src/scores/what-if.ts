import { type BestLineup, bestLineup } from "@pitwall/domain/best-lineups";
import { DomainError } from "@pitwall/domain/domain-error";
import { type LineupFault, lineupCost, lineupFaults } from "@pitwall/domain/lineups";
import { type LedgerLine, lineupLedger } from "@pitwall/domain/scoring";
import type { Tenths } from "@pitwall/domain/tenths";
import type { ServiceContext } from "../context.ts";
import { marketAtLock } from "../internal/market.ts";
import { type RaceName, raceNamed, rulesOfSeason } from "../internal/race-lookup.ts";
import { driverScoresOf, runOf } from "./reading.ts";

interface AskedRevision extends RaceName {
  readonly revision?: number | undefined;
}

interface ScoredLineup {
  readonly season: number;
  readonly slug: string;
  readonly revision: number;
  readonly driverIds: readonly string[];
  readonly captainId: string;
  readonly points: Tenths;
  readonly lines: readonly LedgerLine[];
  /** At the prices in force when the race locked. */
  readonly cost: Tenths;
  readonly budget: Tenths;
  readonly remaining: Tenths;
}

export interface SimulationView extends ScoredLineup {
  /** Why the line-up could not have been fielded; it is scored all the same. */
  readonly faults: readonly LineupFault[];
}

/** What any line-up would have scored in a race, under the current revision or any earlier one. */
export async function simulateLineup(
  ctx: ServiceContext,
  input: AskedRevision & { readonly driverIds: readonly string[]; readonly captainId: string },
): Promise<SimulationView> {
  const past = await pastRace(ctx, input);
  const faults = lineupFaults(input.driverIds, input.captainId, past.market, past.rules);
  return { ...scored(past, input), faults };
}

/** The line-up within the rules that would have scored the most, which nobody could know. */
export async function bestLineupOf(ctx: ServiceContext, input: AskedRevision): Promise<ScoredLineup> {
  const past = await pastRace(ctx, input);
  const field = [...past.market.values()].map((offer) => ({
    ...offer,
    points: past.scores.get(offer.driverId)?.points ?? 0,
  }));
  const best: BestLineup | null = bestLineup(field, past.rules);
  if (!best)
    throw new DomainError(
      "not_found",
      "lineup.none_possible",
      `Nobody could have fielded a line-up within the rules in the ${past.race.name}.`,
    );
  return scored(past, best);
}

async function pastRace(ctx: ServiceContext, input: AskedRevision) {
  const race = await raceNamed(ctx.db, input);
  const run = await runOf(ctx, race, input.revision);
  const scores = await driverScoresOf(ctx, run.id);
  return {
    race,
    revision: run.revision,
    rules: await rulesOfSeason(ctx.db, race.season),
    market: await marketAtLock(ctx.db, race),
    scores: new Map(scores.map((score) => [score.driverId, score])),
  };
}

/** A driver who is named twice counts once. */
function scored(
  { race, revision, rules, market, scores }: Awaited<ReturnType<typeof pastRace>>,
  lineup: { readonly driverIds: readonly string[]; readonly captainId: string },
): ScoredLineup {
  const driverIds = [...new Set(lineup.driverIds)];
  const { captainId } = lineup;
  const cost = lineupCost(driverIds.flatMap((id) => market.get(id) ?? []));
  const { budget } = rules.lineup;
  return {
    season: race.season,
    slug: race.slug,
    revision,
    driverIds,
    captainId,
    ...lineupLedger({ driverIds, captainId }, scores, rules),
    cost,
    budget,
    remaining: budget - cost,
  };
}
