import { withTx } from "@pitwall/db/database";
import { leagueMembers, leagues, teams } from "@pitwall/db/schema";
import { and, eq, inArray, isNull, sql } from "drizzle-orm";
import type { ServiceContext } from "../context.ts";
import { giveUpSeats, holdLeagues } from "../internal/league-seats.ts";
import { type TeamView, teamById } from "../teams.ts";
import { ownTeam, teamNotFound } from "./own-team.ts";

export async function renameTeam(
  ctx: ServiceContext,
  input: { readonly id: string; readonly name: string },
): Promise<TeamView> {
  return withTx(ctx.db, async (db) => {
    const { id } = await ownTeam(db, ctx, input.id);
    await db
      .update(teams)
      .set({ name: input.name })
      .where(and(eq(teams.id, id), isNull(teams.removedAt)));
    return teamById({ ...ctx, db }, { id });
  });
}

/**
 * Takes a team out of the game: it leaves its leagues, fields nobody from the next lock on, and is found no more. What it
 * fielded and scored stays on record.
 */
export async function removeTeam(ctx: ServiceContext, input: { readonly id: string }): Promise<void> {
  await withTx(ctx.db, async (db) => {
    // Nobody else of the owner's enters this team anywhere until it is gone.
    const team = await ownTeam(db, ctx, input.id, "no key update");
    const entered = db
      .select({ id: leagueMembers.leagueId })
      .from(leagueMembers)
      .where(eq(leagueMembers.teamId, team.id));
    await giveUpSeats(db, team.ownerId, await holdLeagues(db, inArray(leagues.id, entered)));
    const gone = await db
      .update(teams)
      .set({ removedAt: sql`clock_timestamp()` })
      .where(and(eq(teams.id, team.id), isNull(teams.removedAt)))
      .returning({ id: teams.id });
    if (gone.length === 0) throw teamNotFound();
  });
}
