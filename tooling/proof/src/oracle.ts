import type { Db } from "@pitwall/db/database";
import { consistencyOf } from "@pitwall/services/consistency/check";
import { FAULTS, type Fault } from "@pitwall/services/consistency/report";

export type Invariant = `I${number}`;

export interface Breach {
  readonly invariant: Invariant;
  readonly words: string;
  readonly where: string;
}

/** Every breach of what must hold whatever happens, as far as the database tells of it. Empty if all of it holds. */
export async function oracle(db: Db): Promise<Breach[]> {
  const { findings } = await consistencyOf(db);
  return findings.map(({ fault, season, where, count, example }) => ({
    invariant: INVARIANTS[fault],
    words: `${FAULTS[fault]} (${fault}, ${count}${example === null ? "" : `, such as ${example}`})`,
    where: season === null ? where : `${season} ${where}`,
  }));
}

export function inWords({ invariant, words, where }: Breach): string {
  return `${invariant} ${where}: ${words}`;
}

const INVARIANTS: Record<Fault, Invariant> = {
  "revision.digest": "I2",
  "revision.numbers": "I3",
  "revision.repeated": "I3",
  "notice.missing": "I4",
  "notice.unfounded": "I4",
  "correction.effects": "I4",
  "lineup.drivers": "I6",
  "lineup.season": "I6",
  "lineup.over_budget": "I6",
  "lineup.cost": "I6",
  "fielded.lineups": "I5",
  "scoring.missing": "I2",
  "scoring.input": "I2",
  "scoring.output": "I2",
  "scoring.drivers": "I2",
  "scoring.lineups": "I2",
  "standings.missing": "I1",
  "standings.stale": "I1",
  "standings.teams": "I1",
  "standings.points": "I1",
  "standings.total": "I1",
  "standings.best": "I16",
  "standings.count": "I16",
  "standings.ranks": "I16",
  "standings.race_ranks": "I16",
  "league.member_count": "I7",
  "league.owner": "I7",
  "league.gone": "I7",
  "league.teams": "I16",
  "league.points": "I16",
  "audit.missing": "I18",
  "key.unanswered": "I19",
};
