import type { Db } from "@pitwall/db/database";
import { leagueMembers, leagues } from "@pitwall/db/schema";
import { DomainError } from "@pitwall/domain/domain-error";
import { and, asc, eq, inArray, type SQL } from "drizzle-orm";
import { membershipChanged } from "./large-leagues.ts";

export interface HeldLeague {
  readonly id: string;
  readonly name: string;
  readonly ownerId: string;
  readonly memberCount: number;
}

/**
 * Holds leagues until the transaction ends: whoever enters, leaves or rules there meanwhile waits. Only the speaker's own
 * account is held before them, teams and seats come after; of several leagues the older is first, so nobody waits in a ring.
 */
export async function holdLeagues(db: Db, which: SQL | undefined): Promise<HeldLeague[]> {
  return db
    .select({ id: leagues.id, name: leagues.name, ownerId: leagues.ownerId, memberCount: leagues.memberCount })
    .from(leagues)
    .where(which)
    .orderBy(asc(leagues.id))
    .for("no key update");
}

/** Ends a user's seats in held leagues. A league is closed when its owner leaves as the last; until then the owner stays. */
export async function giveUpSeats(db: Db, userId: string, held: readonly HeldLeague[]): Promise<void> {
  const owned = held.filter(({ ownerId }) => ownerId === userId);
  const shared = owned.filter(({ memberCount }) => memberCount > 1);
  if (shared.length > 0)
    throw new DomainError(
      "conflict",
      "league.owner_must_transfer",
      `Others are in a league that you own: ${shared.map(({ name }) => name).join(", ")}. Hand it over to one of them, or close it.`,
    );
  for (const { id } of owned) await db.delete(leagues).where(eq(leagues.id, id));
  const ids = held.map(({ id }) => id);
  await db.delete(leagueMembers).where(and(eq(leagueMembers.userId, userId), inArray(leagueMembers.leagueId, ids)));
  for (const id of ids) await membershipChanged(db, id);
}
