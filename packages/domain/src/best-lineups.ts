import { lineupCost, type Pick } from "./lineups.ts";
import type { Ruleset } from "./rulesets.ts";
import type { Tenths } from "./tenths.ts";

/** A driver as he could be bought for a race, and what he earned in it. */
export interface Candidate extends Pick {
  readonly points: Tenths;
}

export interface BestLineup {
  /** In the order of their ids. */
  readonly driverIds: readonly string[];
  readonly captainId: string;
  readonly points: Tenths;
  readonly cost: Tenths;
}

/**
 * The line-up within the rules that earned the most; null when the field allows none. Of equals the cheaper one, then the one
 * whose ids come first. Every one is looked at: 26 334 of a field of 22.
 */
export function bestLineup(candidates: readonly Candidate[], rules: Ruleset): BestLineup | null {
  const field = [...candidates].sort((a, b) => (a.driverId < b.driverId ? -1 : 1));
  let best: BestLineup | null = null;
  for (const picks of lineupsWithin(field, rules)) {
    const captain = captainOf(picks);
    const share = (captain.points * (rules.captainMultiplier - 10)) / 10;
    const points = picks.reduce((sum, pick) => sum + pick.points, share);
    const cost = lineupCost(picks);
    if (best && (points < best.points || (points === best.points && cost >= best.cost))) continue;
    best = { driverIds: picks.map((pick) => pick.driverId), captainId: captain.driverId, points, cost };
  }
  return best;
}

/** In the order of their ids, so that the first of equals is the one to keep. */
function* lineupsWithin(
  field: readonly Candidate[],
  rules: Ruleset,
  picked: readonly Candidate[] = [],
): Generator<readonly Candidate[]> {
  const { size, budget, perConstructor } = rules.lineup;
  for (const [at, pick] of field.entries()) {
    const mates = picked.filter((other) => other.constructorId === pick.constructorId);
    if (mates.length >= perConstructor || lineupCost(picked) + pick.price > budget) continue;
    if (picked.length + 1 === size) yield [...picked, pick];
    else yield* lineupsWithin(field.slice(at + 1), rules, [...picked, pick]);
  }
}

function captainOf(picks: readonly Candidate[]): Candidate {
  return picks.reduce((captain, pick) => (pick.points > captain.points ? pick : captain));
}
