import { type SeasonChanges, seasonSyncs } from "@pitwall/db/schema";
import { desc, eq, getTableColumns } from "drizzle-orm";
import type { ServiceContext } from "../context.ts";

export type SyncOutcome = (typeof seasonSyncs.$inferSelect)["outcome"];

export interface SyncView {
  readonly season: number;
  readonly at: Date;
  readonly source: string;
  /** `done`: every list was there and whole. */
  readonly outcome: SyncOutcome;
  readonly reason: string | null;
  readonly changes: SeasonChanges;
}

/** What the newest syncs of a season came to, the latest first. */
export async function syncsOf(
  ctx: ServiceContext,
  { season, limit, offset }: { readonly season: number; readonly limit: number; readonly offset: number },
): Promise<{ items: SyncView[]; total: number }> {
  const { id: _id, ...columns } = getTableColumns(seasonSyncs);
  const isOfSeason = eq(seasonSyncs.season, season);
  const items = await ctx.db
    .select(columns)
    .from(seasonSyncs)
    .where(isOfSeason)
    .orderBy(desc(seasonSyncs.id))
    .limit(limit)
    .offset(offset);
  return { items, total: await ctx.db.$count(seasonSyncs, isOfSeason) };
}
