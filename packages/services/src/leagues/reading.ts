import type { Db } from "@pitwall/db/database";
import { leagueMembers, leagues, teams, users } from "@pitwall/db/schema";
import { DomainError } from "@pitwall/domain/domain-error";
import { and, asc, desc, eq, sql } from "drizzle-orm";
import type { ServiceContext } from "../context.ts";
import { isInside, isVisibleTo, leagueNotFound, leagueReader } from "../internal/league-visibility.ts";
import { hasPart } from "../internal/parts.ts";
import { type Places, prepared } from "../internal/prepared.ts";
import { speakerId } from "../internal/speaker.ts";
import { countLeaguesFor, type LeagueRole, type LeagueView, leaguesFor } from "./views.ts";

export async function leagueById(ctx: ServiceContext, input: { readonly id: string }): Promise<LeagueView> {
  const [league] = await visibleLeague(ctx.db, { id: input.id, reader: leagueReader(ctx.actor) });
  if (league) return league;
  throw leagueNotFound();
}

const visibleLeague = prepared("visible_league", (db, { id, reader }: Places<{ id: string; reader: string }>) =>
  leaguesFor(db, reader).where(and(eq(leagues.id, id), isVisibleTo(reader))),
);

export interface LeagueSearch {
  /** Part of a name, without regard to case. Nothing in it is a wildcard. */
  readonly search?: string | undefined;
  /** Those that the speaker owns or is in, private ones too; otherwise the public ones. */
  readonly mine?: boolean | undefined;
  readonly season?: number | undefined;
  readonly limit: number;
  readonly offset: number;
}

/** Newest first. */
export async function listLeagues(
  ctx: ServiceContext,
  input: LeagueSearch,
): Promise<{ items: LeagueView[]; total: number }> {
  if (input.mine) speakerId(ctx.actor);
  const reader = leagueReader(ctx.actor);
  const chosen = and(
    input.mine ? isInside(reader) : eq(leagues.isPrivate, false),
    input.season === undefined ? undefined : eq(leagues.season, input.season),
    input.search === undefined ? undefined : hasPart(leagues.name, input.search),
  );
  const items = await leaguesFor(ctx.db, reader)
    .where(chosen)
    .orderBy(desc(leagues.id))
    .limit(input.limit)
    .offset(input.offset);
  return { items, total: await countLeaguesFor(ctx.db, reader, chosen) };
}

export interface LeagueMember {
  readonly userId: string;
  readonly username: string;
  readonly team: { readonly id: string; readonly name: string };
  readonly role: LeagueRole;
  readonly joinedAt: Date;
}

/** Whoever has entered a team, the earliest first. */
export async function membersOf(
  ctx: ServiceContext,
  input: { readonly id: string; readonly limit: number; readonly offset: number },
): Promise<{ items: LeagueMember[]; total: number }> {
  const league = await leagueById(ctx, input);
  const items = await membersFor(ctx.db, league)
    .where(eq(leagueMembers.leagueId, league.id))
    .orderBy(asc(leagueMembers.joinedAt), asc(users.id))
    .limit(input.limit)
    .offset(input.offset);
  return { items, total: league.memberCount };
}

/** One of them. Whether the league may be seen at all is the caller's to judge. */
export async function memberOf(db: Db, league: LeagueView, userId: string): Promise<LeagueMember> {
  const [member] = await membersFor(db, league).where(
    and(eq(leagueMembers.leagueId, league.id), eq(leagueMembers.userId, userId)),
  );
  if (member) return member;
  throw new DomainError("not_found", "league.not_a_member", "Nobody of that id has a team in this league.");
}

function membersFor(db: Db, league: LeagueView) {
  return db
    .select({
      userId: users.id,
      username: users.username,
      team: { id: teams.id, name: teams.name },
      role: sql<LeagueRole>`case when ${users.id} = ${league.owner.id} then 'owner' else ${leagueMembers.role} end`,
      joinedAt: leagueMembers.joinedAt,
    })
    .from(leagueMembers)
    .innerJoin(users, eq(users.id, leagueMembers.userId))
    .innerJoin(teams, eq(teams.id, leagueMembers.teamId));
}
