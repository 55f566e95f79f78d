import { leagues, revisions, teams, users } from "@pitwall/db/schema";
import { eq, isNull, max } from "drizzle-orm";
import { z } from "zod";
import type { ServiceContext } from "../context.ts";

const stats = z.object({
  users: z.int(),
  teams: z.int(),
  leagues: z.int(),
  /** When a result last came in or changed. */
  updatedAt: z.coerce.date().nullable(),
});

export type Stats = z.infer<typeof stats>;

/** How many take part, counted at most once a minute. */
export function publicStats(ctx: ServiceContext): Promise<Stats> {
  return ctx.cache.cached("stats", { ttlSeconds: 60, parse: stats.parse }, async () => {
    const [newest] = await ctx.db.select({ at: max(revisions.recordedAt) }).from(revisions);
    return {
      users: await ctx.db.$count(users, eq(users.isActive, true)),
      teams: await ctx.db.$count(teams, isNull(teams.removedAt)),
      leagues: await ctx.db.$count(leagues),
      updatedAt: newest?.at ?? null,
    };
  });
}
