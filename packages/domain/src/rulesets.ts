import type { Tenths } from "./tenths.ts";

/** Paid to its holder when classified in `withinTop` or a better place; without it, in whatever place. */
export interface FastestLapFigures {
  readonly points: Tenths;
  readonly withinTop?: number;
}

/** For each place that a classified car stands above or below its starting place. */
export interface PlacesFigures {
  readonly gained: Tenths;
  readonly lost: Tenths;
}

/** Below zero. Whoever did not start is not among them. */
export interface PenaltyFigures {
  readonly notClassified: Tenths;
  readonly disqualified: Tenths;
}

/** The figures of a game. Never edited once a season has used it: a change is another version. */
export interface Ruleset {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  /** For the first place, the second …; places beyond the list earn nothing. */
  readonly racePoints: readonly Tenths[];
  readonly fastestLap: FastestLapFigures;
  readonly racePlaces?: PlacesFigures;
  readonly racePenalties?: PenaltyFigures;
  /** Left out where the sprint does not score. */
  readonly sprint?: {
    readonly points: readonly Tenths[];
    readonly fastestLap: FastestLapFigures;
    readonly places: PlacesFigures;
    readonly penalties: PenaltyFigures;
  };
  /** Left out where qualifying does not score. Whoever set no time is not classified in it. */
  readonly qualifying?: {
    readonly points: readonly Tenths[];
    readonly penalties: PenaltyFigures;
  };
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

/**
 * The drivers' figures of the official F1 Fantasy game of 2026 as its guides state them, as far as results alone can give
 * them: overtakes, driver of the day and pit stops are in no open result. The sport's own points for race and sprint, ten
 * down to one for qualifying, five and ten for a fastest lap whatever the place, one for each place against the grid, and
 * five, ten or twenty off. Those of 2025 differ in one figure, a sprint not finished, which cost twenty. The captain's factor
 * and the budget are this game's own.
 */
export const extended: Ruleset = {
  id: "extended-1",
  name: "extended",
  version: 1,
  racePoints: [250, 180, 150, 120, 100, 80, 60, 40, 20, 10],
  fastestLap: { points: 100 },
  racePlaces: { gained: 10, lost: -10 },
  racePenalties: { notClassified: -200, disqualified: -200 },
  sprint: {
    points: [80, 70, 60, 50, 40, 30, 20, 10],
    fastestLap: { points: 50 },
    places: { gained: 10, lost: -10 },
    penalties: { notClassified: -100, disqualified: -100 },
  },
  qualifying: {
    points: [100, 90, 80, 70, 60, 50, 40, 30, 20, 10],
    penalties: { notClassified: -50, disqualified: -50 },
  },
  captainMultiplier: 15,
  lineup: { size: 5, budget: 1000, perConstructor: 2 },
};

/** Every rule set that a season can be played under. */
export const rulesets: readonly Ruleset[] = [standard, extended];

export function ruleset(id: string): Ruleset | undefined {
  return rulesets.find((rules) => rules.id === id);
}
