import type { Db } from "@pitwall/db/database";
import { leagueMembers, leagues, users } from "@pitwall/db/schema";
import { DomainError } from "@pitwall/domain/domain-error";
import { and, count, eq, or, type SQL, sql } from "drizzle-orm";
import type { Actor } from "../context.ts";
import { readerId } from "../internal/speaker.ts";

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
  /** The reader's place in the league. Null for outsiders, who do not see the code either. */
  readonly role: LeagueRole | null;
  /** The team that the reader entered. */
  readonly teamId: string | null;
  readonly code: string | null;
}

/** Nobody has this id: a guest is a reader who owns nothing and has no seat. */
const NOBODY = "00000000-0000-0000-0000-000000000000";

/** Leagues as the actor sees them. To be narrowed by `isVisibleTo` or `isInside`, since private ones are among them. */
export function leaguesFor(db: Db, actor: Actor) {
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
      role: sql<LeagueRole | null>`case when ${isOwner(actor)} then 'owner' else ${leagueMembers.role} end`,
      teamId: leagueMembers.teamId,
      code: sql<string | null>`case when ${isInside(actor)} then ${leagues.code} end`,
    })
    .from(leagues)
    .innerJoin(users, eq(users.id, leagues.ownerId))
    .leftJoin(leagueMembers, seatOf(actor));
}

/** How many of the same there are. */
export async function countLeaguesFor(db: Db, actor: Actor, chosen: SQL | undefined): Promise<number> {
  const [counted] = await db.select({ n: count() }).from(leagues).leftJoin(leagueMembers, seatOf(actor)).where(chosen);
  return counted?.n ?? 0;
}

/** Outsiders must not learn that a private league exists. */
export function isVisibleTo(actor: Actor): SQL | undefined {
  return or(eq(leagues.isPrivate, false), isInside(actor));
}

export function isInside(actor: Actor): SQL {
  return sql`(${isOwner(actor)} or ${leagueMembers.userId} is not null)`;
}

function isOwner(actor: Actor): SQL {
  return eq(leagues.ownerId, readerId(actor) ?? NOBODY);
}

function seatOf(actor: Actor): SQL | undefined {
  return and(eq(leagueMembers.leagueId, leagues.id), eq(leagueMembers.userId, readerId(actor) ?? NOBODY));
}

export function leagueNotFound(): DomainError {
  return new DomainError(
    "not_found",
    "league.not_found",
    "There is no such league, or it is private and you are not in it.",
  );
}
