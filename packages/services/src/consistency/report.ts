import { formatTenths } from "@pitwall/domain/tenths";

/** What may be wrong, in the words that name it to an admin. */
export const FAULTS = {
  "revision.digest": "the stored classification is not the one that was recorded",
  "revision.numbers": "the revisions are not numbered from one to the current one",
  "revision.repeated": "a revision says the same as the one before it",
  "notice.missing": "a result or a correction was not announced",
  "notice.unfounded": "a result or a correction was announced that there is none of",
  "correction.effects": "what a correction moved is not noted, or noted of other scorings",
  "lineup.drivers": "line-ups name drivers who are not known",
  "lineup.season": "line-ups were saved by teams, or for races, of another season",
  "lineup.over_budget": "line-ups were saved over the budget",
  "lineup.cost": "line-ups were saved at another cost than the prices of the time add up to",
  "fielded.lineups": "teams field another line-up than the newest they saved before the lock",
  "scoring.missing": "the current revision was never scored",
  "scoring.input": "what was scored is not the stored classification under the season's rules",
  "scoring.output": "the rules give other scores than those that were proved",
  "scoring.drivers": "drivers have other points, or other lines, than the rules give them",
  "scoring.lineups": "line-ups have other points than their drivers add up to",
  "standings.missing": "there are no standings after the race",
  "standings.stale": "the standings follow from another scoring, or carry on others, than those in force",
  "standings.teams": "teams are missing, or stand there that do not belong",
  "standings.count": "the standings count other teams than stand there",
  "standings.points": "teams have other points for the race than their line-up",
  "standings.total": "teams have another total than their races add up to",
  "standings.best": "teams have another best race than they had",
  "standings.ranks": "ranks by the total do not count who stands above",
  "standings.race_ranks": "ranks by the race do not count who stands above",
  "league.member_count": "the count of a league's members is not the number of its seats taken",
  "league.owner": "a league is owned by somebody whose account is gone",
  "league.gone": "seats are taken by people whose account is gone",
  "league.teams": "teams are missing from a league's own standings, or do not belong there",
  "league.points": "a league's own standings have other points or ranks than its members have",
  "audit.missing": "somebody did what the audit trail does not know of",
  "key.unanswered": "something was done under a key without its answer",
} as const;

export type Fault = keyof typeof FAULTS;

export interface Finding {
  readonly fault: Fault;
  /** Null for what belongs to no season. */
  readonly season: number | null;
  /** The race, the id of the league, or what else it is found in. */
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
  return `${season ?? "All seasons,"} ${where}: ${FAULTS[fault]} (${fault}, ${count}${more})`;
}

/** A finding if there is anything to be found. */
export function found(
  fault: Fault,
  at: { readonly season: number | null; readonly where: string },
  count: number,
  example: string | null = null,
): Finding[] {
  return count > 0 ? [{ fault, season: at.season, where: at.where, count, example }] : [];
}

export function points(tenths: number | null): string {
  return tenths === null ? "nothing" : formatTenths(tenths);
}
