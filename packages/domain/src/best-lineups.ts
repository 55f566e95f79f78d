import type { Pick } from "./lineups.ts";
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
  for (const { picks, cost } of choicesWithin(field, rules)) {
    const captain = captainOf(picks);
    const share = (captain.points * (rules.captainMultiplier - 10)) / 10;
    const points = picks.reduce((sum, pick) => sum + pick.points, share);
    if (best && (points < best.points || (points === best.points && cost >= best.cost))) continue;
    best = { driverIds: picks.map((pick) => pick.driverId), captainId: captain.driverId, points, cost };
  }
  return best;
}

interface Choice {
  readonly picks: readonly Candidate[];
  readonly cost: Tenths;
  /** Where in the field to go on choosing. */
  readonly next: number;
}

/** In the order of their ids, so that the first of equals is the one to keep. */
function* choicesWithin(
  field: readonly Candidate[],
  rules: Ruleset,
  { picks, cost, next }: Choice = { picks: [], cost: 0, next: 0 },
): Generator<Choice> {
  const { size, budget, perConstructor } = rules.lineup;
  for (let at = next; at <= field.length - (size - picks.length); at += 1) {
    const pick = field[at];
    if (!pick || cost + pick.price > budget || matesOf(pick, picks) >= perConstructor) continue;
    const choice = { picks: [...picks, pick], cost: cost + pick.price, next: at + 1 };
    if (choice.picks.length === size) yield choice;
    else yield* choicesWithin(field, rules, choice);
  }
}

function matesOf({ constructorId }: Candidate, picks: readonly Candidate[]): number {
  return picks.reduce((mates, pick) => (pick.constructorId === constructorId ? mates + 1 : mates), 0);
}

function captainOf(picks: readonly Candidate[]): Candidate {
  return picks.reduce((captain, pick) => (pick.points > captain.points ? pick : captain));
}
