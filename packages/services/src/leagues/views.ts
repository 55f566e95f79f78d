import type { Db } from "@pitwall/db/database";
import { leagueMembers, leagues, users } from "@pitwall/db/schema";
import { count, eq, type SQL, sql } from "drizzle-orm";
import { isInside, isOwner, type Reader, seatOf } from "../internal/league-visibility.ts";

export type LeagueRole = "owner" | "manager" | "member";

export interface LeagueView {
  readonly id: string;
  readonly season: number;
  readonly name: string;
  readonly description: string;
  readonly isPrivate: boolean;
  readonly seats: number;
  readonly memberCount: number;
  readonly owner: { readonly id: string; readonly username: string };
  readonly createdAt: Date;
  /** Counts what its rulers changed of it; who comes and goes is no such change. */
  readonly version: number;
  /** The reader's place in the league. Null for outsiders, who do not see the code either. */
  readonly role: LeagueRole | null;
  /** The team that the reader entered. */
  readonly teamId: string | null;
  readonly code: string | null;
}

/** Leagues as somebody sees them. To be narrowed by `isVisibleTo` or `isInside`, since private ones are among them. */
export function leaguesFor(db: Db, reader: Reader) {
  return db
    .select({
      id: leagues.id,
      season: leagues.season,
      name: leagues.name,
      description: leagues.description,
      isPrivate: leagues.isPrivate,
      seats: leagues.seats,
      memberCount: leagues.memberCount,
      owner: { id: users.id, username: users.username },
      createdAt: leagues.createdAt,
      version: leagues.version,
      role: sql<LeagueRole | null>`case when ${isOwner(reader)} then 'owner' else ${leagueMembers.role} end`,
      teamId: leagueMembers.teamId,
      code: sql<string | null>`case when ${isInside(reader)} then ${leagues.code} end`,
    })
    .from(leagues)
    .innerJoin(users, eq(users.id, leagues.ownerId))
    .leftJoin(leagueMembers, seatOf(reader));
}

/** How many of the same there are. */
export async function countLeaguesFor(db: Db, reader: Reader, chosen: SQL | undefined): Promise<number> {
  const [counted] = await db.select({ n: count() }).from(leagues).leftJoin(leagueMembers, seatOf(reader)).where(chosen);
  return counted?.n ?? 0;
}
