import type { ServiceContext } from "../context.ts";
import { enqueueIn } from "../jobs.ts";

/** Lets a season be asked for, at once unless it is to wait so many milliseconds. It is asked for once, however often this is called meanwhile. */
export function queueSync(
  ctx: Pick<ServiceContext, "db">,
  { season, inMs = 0 }: { readonly season: number; readonly inMs?: number },
): Promise<void> {
  return enqueueIn(ctx, "sync-season", { season }, { key: `sync-season:${season}`, inMs });
}
