import { seasonSyncs } from "@pitwall/db/schema";
import { eq, sql } from "drizzle-orm";
import type { ServiceContext } from "../context.ts";
import { alertAdmins } from "../internal/admin-alerts.ts";
import type { SyncView } from "./syncs.ts";

/**
 * Tells the admins of a source that says nothing of a season, or nonsense, and of one that was out of reach for as long as
 * a result may be missing: once for each stretch of it, which begins with the last time that all was well.
 */
export async function alertOfSync(
  ctx: Pick<ServiceContext, "db" | "log" | "schedule">,
  { season, at, outcome, reason }: SyncView,
): Promise<void> {
  if (outcome === "done") return;
  const [known] = await ctx.db
    .select({
      first: sql`min(${seasonSyncs.at})`.mapWith(seasonSyncs.at),
      well: sql`max(${seasonSyncs.at}) filter (where ${seasonSyncs.outcome} = 'done')`.mapWith(seasonSyncs.at),
    })
    .from(seasonSyncs)
    .where(eq(seasonSyncs.season, season));
  const well: Date | undefined = known?.well ?? undefined;
  const isAway = outcome === "failed";
  const since = well ?? known?.first ?? at;
  if (isAway && at.getTime() - since.getTime() < ctx.schedule.alertAfter) return;
  await alertAdmins(ctx, {
    // The first sync is forgotten in time.
    about: `season ${season} since ${well?.toISOString() ?? "ever"}`,
    reason: isAway ? "source_away" : "season_not_told",
    title: isAway ? `The source of the season ${season} is out of reach` : `The season ${season} is not told whole`,
    body: `What is stored stays, and the source is asked again; what changes meanwhile you may enter by hand. ${reason ?? ""}`,
    link: `/api/v1/admin/syncs?season=${season}`,
    data: { season },
  });
}
