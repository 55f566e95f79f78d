import { leagueMembers, leagues } from "@pitwall/db/schema";
import { DomainError } from "@pitwall/domain/domain-error";
import { and, eq, or, type SQL, sql } from "drizzle-orm";
import type { Actor } from "../context.ts";
import { readerId } from "./speaker.ts";

/** Nobody has this id: a guest is a reader who owns nothing and has no seat. */
const NOBODY = "00000000-0000-0000-0000-000000000000";

/** Outsiders must not learn that a private league exists. */
export function isVisibleTo(actor: Actor): SQL | undefined {
  return or(eq(leagues.isPrivate, false), isInside(actor));
}

export function isInside(actor: Actor): SQL {
  return sql`(${isOwner(actor)} or ${leagueMembers.userId} is not null)`;
}

export function isOwner(actor: Actor): SQL {
  return eq(leagues.ownerId, readerId(actor) ?? NOBODY);
}

export function seatOf(actor: Actor): SQL | undefined {
  return and(eq(leagueMembers.leagueId, leagues.id), eq(leagueMembers.userId, readerId(actor) ?? NOBODY));
}

export function leagueNotFound(): DomainError {
  return new DomainError(
    "not_found",
    "league.not_found",
    "There is no such league, or it is private and you are not in it.",
  );
}
