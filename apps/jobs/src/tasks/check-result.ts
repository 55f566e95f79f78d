import { receiveAnswer } from "@pitwall/services/results/receive";
import { lookTarget } from "@pitwall/services/results/watch";
import type { Task } from "./context.ts";

/** Asks outside any transaction, then lets one transaction decide what the answer is worth. */
export const checkResultTask: Task<"check-result"> = async (ctx, { raceId }) => {
  const target = await lookTarget(ctx, { raceId });
  if (!target) {
    ctx.log.info("no look was due", { raceId });
    return;
  }
  const answer = await ctx.source.classificationOf(target);
  const outcome = await receiveAnswer(ctx, { raceId, source: ctx.source.name, answer });
  ctx.log.info("a result was looked for", {
    season: target.season,
    slug: target.slug,
    outcome,
    ...("reason" in answer && { reason: answer.reason }),
  });
};
