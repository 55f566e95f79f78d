import { withTx } from "@pitwall/db/database";
import { leagueMembers, leagues, teams } from "@pitwall/db/schema";
import { and, eq, inArray, isNull, sql } from "drizzle-orm";
import type { ServiceContext } from "../context.ts";
import { giveUpSeats, holdLeagues } from "../internal/league-seats.ts";
import { staleOrGone, teamById } from "../teams.ts";
import { ownTeam } from "./own-team.ts";
import type { TeamView } from "./views.ts";

interface MeantTeam {
  readonly id: string;
  /** That of the team as it was read; left out, it is done whatever has happened since. */
  readonly version?: number | undefined;
}

/** Judged by the write itself, since no lock is held on a team. */
function isMeant({ id, version }: MeantTeam) {
  return and(eq(teams.id, id), isNull(teams.removedAt), version === undefined ? undefined : eq(teams.version, version));
}

export async function renameTeam(ctx: ServiceContext, input: MeantTeam & { readonly name: string }): Promise<TeamView> {
  return withTx(ctx.db, async (db) => {
    const { id } = await ownTeam(db, ctx, input.id);
    const renamed = await db
      .update(teams)
      .set({ name: input.name, version: sql`${teams.version} + 1` })
      .where(isMeant({ ...input, id }))
      .returning({ id: teams.id });
    if (renamed.length === 0) throw await staleOrGone({ ...ctx, db }, id);
    return teamById({ ...ctx, db }, { id });
  });
}

/**
 * Takes a team out of the game: it leaves its leagues, fields nobody from the next lock on, and is found no more. What it
 * fielded and scored stays on record.
 */
export async function removeTeam(ctx: ServiceContext, input: MeantTeam): Promise<void> {
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
      .where(isMeant(input))
      .returning({ id: teams.id });
    if (gone.length === 0) throw await staleOrGone({ ...ctx, db }, team.id);
  });
}
