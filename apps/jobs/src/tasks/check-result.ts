import type { JobPayload } from "@pitwall/services/jobs";
import type { LookOutcome } from "@pitwall/services/results/answers";
import { receiveAnswer } from "@pitwall/services/results/receive";
import { noteTestimony } from "@pitwall/services/results/testimony";
import { type LookTarget, lookAlone, lookTarget, putOffLook } from "@pitwall/services/results/watch";
import type { Witness } from "../feed/source.ts";
import type { JobContext, Task } from "./context.ts";

/** A look that is under way is not doubled; one that comes after it finds that none is due. */
export const checkResultTask: Task<"check-result"> = async (ctx, wanted) => {
  const { raceId } = wanted;
  const isDone = await lookAlone(ctx, { raceId }, () => look(ctx, wanted));
  if (!isDone) ctx.log.info("a look is under way already", { raceId });
};

/** Asks outside any transaction, then lets one transaction decide what the answer is worth. */
async function look(ctx: JobContext, wanted: JobPayload<"check-result">): Promise<void> {
  const { raceId } = wanted;
  const target = await lookTarget(ctx, wanted);
  if (!target) {
    ctx.log.info("no look was due", { raceId });
    return;
  }
  const { season, slug } = target;
  const answer = await ctx.source.classificationOf(target);
  if (answer.kind === "put_off") {
    await putOffLook(ctx, { ...wanted, forMs: answer.forMs });
    ctx.log.info("a look was put off", { season, slug, reason: answer.reason, forMs: answer.forMs });
    return;
  }
  const { askedOf } = target;
  const outcome = await receiveAnswer(ctx, { raceId, source: ctx.source.name, answer, askedOf });
  ctx.log.info("a result was looked for", {
    season,
    slug,
    outcome,
    ...("reason" in answer && { reason: answer.reason }),
  });
  if (ctx.witness && WORTH_A_WITNESS.has(outcome)) await hear(ctx, ctx.witness, target);
}

/** Where the source was silent, or said something that somebody else may know otherwise. */
const WORTH_A_WITNESS: ReadonlySet<LookOutcome> = new Set(["none_yet", "recorded", "corrected", "unchanged"]);

async function hear(ctx: JobContext, witness: Witness, target: LookTarget): Promise<void> {
  const { raceId, season, slug } = target;
  const testimony = await witness.testimonyOf(target);
  const remark = await noteTestimony(ctx, { raceId, witness: witness.name, testimony });
  ctx.log.info("a witness was heard", { season, slug, remark });
}
