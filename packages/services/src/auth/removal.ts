import type { Db } from "@pitwall/db/database";
import { withTx } from "@pitwall/db/database";
import {
  idempotencyKeys,
  leagueBans,
  leagueMembers,
  leagues,
  notificationPreferences,
  notificationReads,
  notifications,
  oneTimeTokens,
  sessions,
  users,
} from "@pitwall/db/schema";
import { and, asc, desc, eq, inArray, or, sql } from "drizzle-orm";
import type { AccountContext } from "../context.ts";
import { audit } from "../internal/audit.ts";
import { endSessions } from "../internal/end-sessions.ts";
import { holdAdminsAnd, refuseLastAdmin } from "../internal/hold-admins.ts";
import { membershipChanged } from "../internal/large-leagues.ts";
import { provenOwner, stillProven } from "./proof.ts";

/**
 * Erases the speaker's account for good. The teams and their scores stay, as a deleted user's; seats in leagues end, and
 * the name and the address can be taken anew.
 */
export async function removeAccount(ctx: AccountContext, input: { readonly password: string }): Promise<void> {
  const owner = await provenOwner(ctx, input.password);
  const userId = owner.user.id;
  await withTx(ctx.db, async (db) => {
    const { admins } = await holdAdminsAnd(db, userId);
    await stillProven(db, owner);
    refuseLastAdmin(admins, userId);
    await leaveLeagues(db, userId);
    await erase(db, userId);
    await audit({ ...ctx, db }, { act: "remove_account", subject: userId, detail: {} });
  });
  await ctx.auth.bearers.revoked(ctx, userId);
  ctx.log.info("an account was deleted", { userId });
}

/** Every league is held before the seats end, so that nobody inherits one who is leaving as well. */
async function leaveLeagues(db: Db, userId: string): Promise<void> {
  const seats = db.select({ id: leagueMembers.leagueId }).from(leagueMembers).where(eq(leagueMembers.userId, userId));
  const held = await db
    .select({ id: leagues.id, name: leagues.name, ownerId: leagues.ownerId })
    .from(leagues)
    .where(or(eq(leagues.ownerId, userId), inArray(leagues.id, seats)))
    .orderBy(asc(leagues.id))
    .for("update");
  await db.delete(leagueMembers).where(eq(leagueMembers.userId, userId));
  for (const league of held) if (league.ownerId === userId) await bequeath(db, league);
  for (const { id } of held) await membershipChanged(db, id);
}

/** To the longest-standing manager, else to the longest-standing member, rather to one who can sign in; else to nobody. */
async function bequeath(db: Db, league: { readonly id: string; readonly name: string }): Promise<void> {
  const [heir] = await db
    .select({ id: users.id })
    .from(leagueMembers)
    .innerJoin(users, eq(users.id, leagueMembers.userId))
    .where(eq(leagueMembers.leagueId, league.id))
    .orderBy(
      desc(users.isActive),
      desc(eq(leagueMembers.role, "manager")),
      asc(leagueMembers.joinedAt),
      asc(leagueMembers.userId),
    )
    .limit(1);
  if (!heir) {
    await db.delete(leagues).where(eq(leagues.id, league.id));
    return;
  }
  await db.update(leagues).set({ ownerId: heir.id }).where(eq(leagues.id, league.id));
  await db.insert(notifications).values({
    userId: heir.id,
    type: "league_role",
    title: `${league.name} is yours now`,
    body: "Its owner has deleted their account, and you have been in it the longest.",
    link: `/api/v1/leagues/${league.id}`,
    data: { leagueId: league.id, role: "owner" },
  });
}

/** What stands instead of a name and an address holds a space and no @, so nobody can register it or sign in with it. */
async function erase(db: Db, userId: string): Promise<void> {
  const erased = `deleted user ${userId}`;
  await db
    .update(users)
    .set({
      username: erased,
      email: erased,
      passwordHash: "",
      fullName: null,
      role: "user",
      tier: "standard",
      isActive: false,
      emailVerifiedAt: null,
      deletedAt: sql`clock_timestamp()`,
    })
    .where(eq(users.id, userId));
  await endSessions(db, eq(sessions.userId, userId));
  await db.delete(oneTimeTokens).where(eq(oneTimeTokens.userId, userId));
  // What others were answered may name the user as well. Asked again, they are answered anew.
  await db
    .delete(idempotencyKeys)
    .where(or(eq(idempotencyKeys.userId, userId), sql`position(${userId} in ${idempotencyKeys.answer}) > 0`));
  await db.delete(leagueBans).where(eq(leagueBans.userId, userId));
  await db.delete(notificationPreferences).where(eq(notificationPreferences.userId, userId));
  await db.delete(notificationReads).where(eq(notificationReads.userId, userId));
  await db.delete(notifications).where(or(eq(notifications.userId, userId), speaksOf(userId)));
}

/** Notes in others' inboxes that name the user. */
function speaksOf(userId: string) {
  return and(
    inArray(notifications.type, ["league_joined", "league_role"]),
    sql`${notifications.data} ->> 'userId' = ${userId}`,
  );
}
