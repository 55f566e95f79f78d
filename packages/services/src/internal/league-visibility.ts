import { leagueMembers, leagues } from "@pitwall/db/schema";
import { DomainError } from "@pitwall/domain/domain-error";
import { and, eq, or, type Placeholder, type SQL, sql } from "drizzle-orm";
import type { Actor } from "../context.ts";
import { readerId } from "./speaker.ts";

/** Whoever reads of leagues, by their id, or where it stands in a query. */
export type Reader = string | Placeholder | SQL;

/** Nobody has this id: a guest is a reader who owns nothing and has no seat. */
const NOBODY = "00000000-0000-0000-0000-000000000000";

export function leagueReader(actor: Actor): string {
  return readerId(actor) ?? NOBODY;
}

/** Outsiders must not learn that a private league exists. */
export function isVisibleTo(reader: Reader): SQL | undefined {
  return or(eq(leagues.isPrivate, false), isInside(reader));
}

export function isInside(reader: Reader): SQL {
  return sql`(${isOwner(reader)} or ${leagueMembers.userId} is not null)`;
}

export function isOwner(reader: Reader): SQL {
  return eq(leagues.ownerId, reader);
}

export function seatOf(reader: Reader): SQL | undefined {
  return and(eq(leagueMembers.leagueId, leagues.id), eq(leagueMembers.userId, reader));
}

export function leagueNotFound(): DomainError {
  return new DomainError(
    "not_found",
    "league.not_found",
    "There is no such league, or it is private and you are not in it.",
  );
}
