import { type Db, withTx } from "@pitwall/db/database";
import { consistencyOf } from "@pitwall/services/consistency/check";
import { FAULTS, type Fault, type Finding } from "@pitwall/services/consistency/report";
import type { Breach, Invariant } from "./breach.ts";
import { recounted } from "./recount.ts";
import { heldForGood, overdueLooks } from "./standstill.ts";
import { type Witnessed, witnessedBreaches } from "./witnessed.ts";

export interface Moment {
  /** By the clock of the game, where something watches the results. */
  readonly now?: Date;
  /** Whether nobody works any more, so that nothing may be under way. */
  readonly isAtRest?: boolean;
}

/**
 * Every breach of what must hold whatever happens, as far as the tables tell, and whatever a run witnessed. Empty if all of it
 * holds. Sees one moment and only reads; a pool that limits its statements may be too impatient for a great many teams.
 */
export function oracle(db: Db, { now, isAtRest, ...seen }: Witnessed & Moment = {}): Promise<Breach[]> {
  return withTx(db, async (tx) => {
    const { findings } = await consistencyOf(tx);
    return [
      ...findings.map(breachOf),
      ...(await recounted(tx)),
      ...(now ? await overdueLooks(tx, now) : []),
      ...(isAtRest ? await heldForGood(tx) : []),
      ...(await witnessedBreaches(tx, seen)),
    ];
  });
}

function breachOf({ fault, season, where, count, example }: Finding): Breach {
  return {
    invariant: INVARIANTS[fault],
    words: `${FAULTS[fault]} (${fault}, ${count}${example === null ? "" : `, such as ${example}`})`,
    where: season === null ? where : `${season} ${where}`,
  };
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
