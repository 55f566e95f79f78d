import { putOffSync, receiveSeason, seasonToSync, syncAlone } from "@pitwall/services/seasons/sync";
import type { JobContext, Task } from "./context.ts";

/** A sync that is under way is not doubled; a tick that comes after it finds that none is due. */
export const syncSeasonTask: Task<"sync-season"> = async (ctx, input) => {
  const isDone = await syncAlone(ctx, () => sync(ctx, input));
  if (!isDone) ctx.log.info("a season is being asked for already");
};

/** Asks outside any transaction, then lets one transaction decide what the answer is worth. */
async function sync(ctx: JobContext, input: { readonly season?: number | undefined }): Promise<void> {
  const season = await seasonToSync(ctx, input);
  if (season === null || ctx.seasons === null) {
    ctx.log.info("no season was to be asked for", { ...input });
    return;
  }
  const answer = await ctx.seasons.seasonOf(season);
  if (answer.kind === "put_off") {
    await putOffSync(ctx, { season, forMs: answer.forMs });
    ctx.log.info("a season is asked for later", { season, reason: answer.reason, forMs: answer.forMs });
    return;
  }
  await receiveSeason(ctx, { season, source: ctx.seasons.name, answer });
}
