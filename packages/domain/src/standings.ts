import type { Tenths } from "./tenths.ts";

export interface Placed {
  readonly total: Tenths;
  /** The best single race, which orders teams of equal total. */
  readonly best: Tenths;
  /** A UUIDv7, so that its order is the order in which teams entered. */
  readonly teamId: string;
}

/** Equal totals share a rank and the next one is skipped (1, 2, 2, 4); the best single race and then the earlier team only order them. */
export function rankTeams<T extends Placed>(teams: readonly T[]): (T & { rank: number })[] {
  let rank = 0;
  let previous: Tenths | null = null;
  return [...teams].sort(compareTeams).map((team, index) => {
    if (team.total !== previous) rank = index + 1;
    previous = team.total;
    return { ...team, rank };
  });
}

function compareTeams(a: Placed, b: Placed): number {
  return b.total - a.total || b.best - a.best || (a.teamId < b.teamId ? -1 : 1);
}
