import { formatTenths } from "@pitwall/domain/tenths";

/** What may be wrong, in the words that name it to an admin. */
export const FAULTS = {
  "revision.digest": "the stored classification is not the one that was recorded",
  "scoring.missing": "the current revision was never scored",
  "scoring.input": "what was scored is not the stored classification under the season's rules",
  "scoring.output": "the rules give other scores than those that were proved",
  "scoring.drivers": "drivers have other points, or other lines, than the rules give them",
  "scoring.lineups": "line-ups have other points than their drivers add up to",
  "standings.missing": "there are no standings after the race",
  "standings.stale": "the standings follow from another scoring, or carry on others, than those in force",
  "standings.teams": "teams are missing, or stand there that do not belong",
  "standings.points": "teams have other points for the race than their line-up",
  "standings.total": "teams have another total than their races add up to",
  "standings.best": "teams have another best race than they had",
  "standings.ranks": "ranks by the total do not count who stands above",
  "standings.race_ranks": "ranks by the race do not count who stands above",
  "league.member_count": "the count of a league's members is not the number of its seats taken",
  "league.teams": "teams are missing from a league's own standings, or do not belong there",
  "league.points": "a league's own standings have other points or ranks than its members have",
} as const;

export type Fault = keyof typeof FAULTS;

export interface Finding {
  readonly fault: Fault;
  readonly season: number;
  /** The race, or the id of the league. */
  readonly where: string;
  readonly count: number;
  /** One of them. */
  readonly example: string | null;
}

export interface ConsistencyReport {
  readonly races: number;
  readonly leagues: number;
  readonly findings: readonly Finding[];
}

/** For a person, a line for each finding. */
export function reportInWords({ races, leagues, findings }: ConsistencyReport): string {
  const seen = `Compared with the ledger: the scores and standings of ${races} races, and ${leagues} leagues' own rows`;
  if (findings.length === 0) return `${seen}. All of it agrees.`;
  return [`${seen}. Not all of it agrees:`, ...findings.map(inOneLine)].join("\n");
}

export function inOneLine({ fault, season, where, count, example }: Finding): string {
  const more = example === null ? "" : `, such as ${example}`;
  return `${season} ${where}: ${FAULTS[fault]} (${fault}, ${count}${more})`;
}

/** A finding if there is anything to be found. */
export function found(
  fault: Fault,
  at: { readonly season: number; readonly where: string },
  count: number,
  example: string | null = null,
): Finding[] {
  return count > 0 ? [{ fault, season: at.season, where: at.where, count, example }] : [];
}

export function points(tenths: number | null): string {
  return tenths === null ? "nothing" : formatTenths(tenths);
}
