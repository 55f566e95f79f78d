import { watchResults } from "@pitwall/services/results/watch";
import type { Task } from "./context.ts";

export const watchResultsTask: Task<"watch-results"> = async (ctx) => {
  const due = await watchResults(ctx);
  if (due > 0) ctx.log.info("looks were queued", { races: due });
};
