import { checkConsistency } from "@pitwall/services/consistency/check";
import { reportInWords } from "@pitwall/services/consistency/report";
import type { Task } from "./context.ts";

/** What does not agree fails the job as well, so that it stands among the jobs that an admin sees. */
export const checkConsistencyTask: Task<"check-consistency"> = async (ctx) => {
  const report = await checkConsistency(ctx);
  ctx.tell?.(reportInWords(report));
  const { races, leagues, findings } = report;
  if (findings.length > 0) throw new Error(`${findings.length} findings: the standings do not agree with the ledger`);
  ctx.log.info("the standings agree with the ledger", { races, leagues });
};
