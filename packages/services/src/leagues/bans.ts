import { leagueBans, users } from "@pitwall/db/schema";
import { DomainError } from "@pitwall/domain/domain-error";
import { and, asc, desc, eq, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import type { ServiceContext } from "../context.ts";
import { speakerId } from "../internal/speaker.ts";
import type { Place } from "./people.ts";
import { requirePower } from "./powers.ts";
import { leagueById } from "./reading.ts";
import { ruling } from "./ruling.ts";

export interface LeagueBan {
  readonly userId: string;
  readonly username: string;
  readonly bannedBy: { readonly id: string; readonly username: string };
  readonly bannedAt: Date;
}

/** Who may not come back, the newest first. */
export async function bansOf(
  ctx: ServiceContext,
  input: { readonly id: string; readonly limit: number; readonly offset: number },
): Promise<{ items: LeagueBan[]; total: number }> {
  speakerId(ctx.actor);
  requirePower(await leagueById(ctx, input), "seeBans");
  const judges = alias(users, "judges");
  const items = await ctx.db
    .select({
      userId: users.id,
      username: users.username,
      bannedBy: {
        id: judges.id,
        username: sql<string>`case when ${judges.deletedAt} is null then ${judges.username} else 'deleted user' end`,
      },
      bannedAt: leagueBans.bannedAt,
    })
    .from(leagueBans)
    .innerJoin(users, eq(users.id, leagueBans.userId))
    .innerJoin(judges, eq(judges.id, leagueBans.bannedBy))
    .where(eq(leagueBans.leagueId, input.id))
    .orderBy(desc(leagueBans.bannedAt), asc(users.id))
    .limit(input.limit)
    .offset(input.offset);
  return { items, total: await ctx.db.$count(leagueBans, eq(leagueBans.leagueId, input.id)) };
}

/** Lets somebody come back who was banned. */
export async function liftBan(ctx: ServiceContext, input: Place): Promise<void> {
  await ruling(ctx, { id: input.id, power: "liftBan" }, async ({ db }) => {
    const lifted = await db
      .delete(leagueBans)
      .where(and(eq(leagueBans.leagueId, input.id), eq(leagueBans.userId, input.userId)))
      .returning({ userId: leagueBans.userId });
    if (lifted.length === 0)
      throw new DomainError("not_found", "league.not_banned", "Nobody of that id is banned from this league.");
  });
}
