import type { Bench } from "../bench.ts";
import { aboutAll, aboutFew, aboutSome, type Rearranging } from "../documents.ts";
import { bareInsert, copiedStandings } from "../limits/limits.ts";
import { timed } from "../samples.ts";
import { PLAYED } from "../season.ts";
import type { Line, Workload } from "../workload.ts";

/** The lock fixes what every team fields. */
export const lock: Workload = {
  name: "lock",
  async *lines(bench) {
    const { weekends, scale } = bench;
    const rounds = Math.min(scale.rounds, PLAYED - weekends.done.locked);
    const round = () => timed(() => weekends.locked(weekends.done.locked + 1), scale.teams);
    yield { what: "lock a race", unit: " teams/s", rounds, limit: bareInsert(bench), round };
  },
};

/** A first result: recorded, scored, placed and announced in one transaction. */
export const result: Workload = {
  name: "result",
  async *lines(bench) {
    const { weekends, scale } = bench;
    const rounds = Math.min(scale.rounds, PLAYED - weekends.done.scored);
    yield {
      ...{ what: "result of a race, until all standings are there", unit: " teams/s" as const, rounds },
      limit: copiedStandings(bench),
      async round() {
        await weekends.locked(weekends.done.scored + 1);
        return timed(() => weekends.scored(weekends.done.scored + 1), scale.teams);
      },
    };
  },
};

/** The same again, with what the correction did to whom, and of every later race, since totals carry. */
export const corrections: Workload = {
  name: "corrections",
  async *lines(bench) {
    await bench.weekends.scored(PLAYED);
    const newest = PLAYED - 1;
    yield correction(bench, "of the newest race, 0.1 % of the teams", newest, aboutFew);
    yield correction(bench, "of the newest race, 10 %", newest, aboutSome);
    yield correction(bench, "of the newest race, all", newest, aboutAll);
    yield { ...correction(bench, "of a race 10 races ago, all", newest - 10, aboutAll), rounds: 1 };
  },
};

function correction(bench: Bench, what: string, nth: number, how: Rearranging): Line {
  const { weekends, scale } = bench;
  let touched = 0;
  return {
    ...{ what, unit: " teams/s", limit: copiedStandings(bench) },
    round: () =>
      timed(async () => {
        touched = await weekends.correct(nth, how);
      }, scale.teams),
    told: () => `touched ${touched.toLocaleString("en")} of ${scale.teams.toLocaleString("en")} teams`,
  };
}
