import type { Tenths } from "@pitwall/domain/tenths";

export interface StandingView {
  readonly rank: number;
  readonly teamId: string;
  readonly teamName: string;
  readonly username: string;
  readonly racePoints: Tenths;
  readonly total: Tenths;
  /** Places gained since the race before; null when the team was not placed then. */
  readonly rankChange: number | null;
}

export interface StandingsPage {
  /** The race that the standings are after; null before the season's first result. */
  readonly race: { readonly season: number; readonly slug: string; readonly revision: number } | null;
  readonly items: StandingView[];
  readonly total: number;
  readonly nextCursor: string | null;
}

/** Which standings are meant: after the newest result, after a race, or after a race as one of its revisions had it. */
export interface AsOf {
  readonly race?: string | undefined;
  readonly revision?: number | undefined;
}

/** By what has been won so far, or by the points of the one race. */
export type StandingsOrder = "total" | "race";

export interface OrderedAsOf extends AsOf {
  readonly by?: StandingsOrder | undefined;
}

export interface PlacedRow extends Omit<StandingView, "rankChange"> {
  readonly ownerId: string;
  readonly best: Tenths;
  readonly rankBefore: number | null;
}

export function viewOf({ ownerId: _ownerId, best: _best, rankBefore, ...row }: PlacedRow): StandingView {
  return { ...row, rankChange: rankBefore === null ? null : rankBefore - row.rank };
}
