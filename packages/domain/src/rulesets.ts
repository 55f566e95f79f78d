import type { Tenths } from "./tenths.ts";

/** The figures of a game. Never edited once a season has used it: a change is another version. */
export interface Ruleset {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  /** For the first place, the second …; places beyond the list earn nothing. */
  readonly racePoints: readonly Tenths[];
  /** Paid to its holder when classified in this place or a better one. */
  readonly fastestLap: { readonly points: Tenths; readonly withinTop: number };
  /** Tenths of a factor: 15 is one and a half. */
  readonly captainMultiplier: Tenths;
  readonly lineup: { readonly size: 5; readonly budget: Tenths; readonly perConstructor: 2 };
}

export const standard: Ruleset = {
  id: "standard-1",
  name: "standard",
  version: 1,
  racePoints: [250, 180, 150, 120, 100, 80, 60, 40, 20, 10],
  fastestLap: { points: 10, withinTop: 10 },
  captainMultiplier: 15,
  lineup: { size: 5, budget: 1000, perConstructor: 2 },
};

const RULESETS: ReadonlyMap<string, Ruleset> = new Map([[standard.id, standard]]);

export function ruleset(id: string): Ruleset | undefined {
  return RULESETS.get(id);
}
