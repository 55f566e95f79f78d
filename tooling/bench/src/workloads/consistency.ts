import { checkConsistency } from "@pitwall/services/consistency/check";
import { reportInWords } from "@pitwall/services/consistency/report";
import { timed } from "../samples.ts";
import type { Workload } from "../workload.ts";

/** Every night all of it is worked out again and compared; the bench fails if anything differs. */
export const consistency: Workload = {
  name: "consistency",
  async *lines({ weekends, scale }) {
    await weekends.scored(2);
    yield {
      ...{ what: "compare all results with the ledger", unit: " teams/s", rounds: 1 },
      round: () =>
        timed(async () => {
          const report = await checkConsistency(weekends.ctx);
          if (report.findings.length > 0) throw new Error(reportInWords(report));
        }, scale.teams),
    };
  },
};
