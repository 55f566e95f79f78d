import type { Db } from "@pitwall/db/database";
import {
  drivers,
  leagueMembers,
  leagues,
  lineups,
  notifications,
  oneTimeTokens,
  races,
  sessions,
  teamLineups,
  teams,
  users,
} from "@pitwall/db/schema";
import { DomainError } from "@pitwall/domain/domain-error";
import { and, asc, eq, isNotNull, or, sql } from "drizzle-orm";
import type { ServiceContext } from "../context.ts";
import { pickedDriverIds } from "../internal/interned-lineups.ts";
import { storedPreferences } from "../internal/notification-preferences.ts";
import { speakerId } from "../internal/speaker.ts";

/** Everything that is stored of the speaker. Digests of passwords and tokens are proofs, not data, and stay here. */
export async function exportMyData(ctx: ServiceContext) {
  const userId = speakerId(ctx.actor);
  return {
    exportedAt: ctx.now(),
    profile: await profileOf(ctx.db, userId),
    sessions: await sessionsOf(ctx.db, userId),
    mailedLinks: await mailedLinksOf(ctx.db, userId),
    teams: await teamsOf(ctx.db, userId),
    leagues: await leaguesOf(ctx.db, userId),
    notifications: await notificationsOf(ctx.db, userId),
    preferences: await storedPreferences(ctx.db, userId),
  };
}

async function profileOf(db: Db, userId: string) {
  const [profile] = await db
    .select({
      id: users.id,
      username: users.username,
      email: users.email,
      emailVerifiedAt: users.emailVerifiedAt,
      fullName: users.fullName,
      role: users.role,
      tier: users.tier,
      since: users.createdAt,
    })
    .from(users)
    .where(eq(users.id, userId));
  if (profile) return profile;
  throw new DomainError("not_found", "user.not_found", "There is no such user.");
}

/** One for each time that a session was used from somewhere. */
function sessionsOf(db: Db, userId: string) {
  return db
    .select({
      id: sessions.family,
      device: sessions.device,
      address: sessions.address,
      startedAt: sessions.startedAt,
      lastSeenAt: sessions.lastSeenAt,
      expiresAt: sessions.expiresAt,
    })
    .from(sessions)
    .where(eq(sessions.userId, userId))
    .orderBy(asc(sessions.startedAt), asc(sessions.lastSeenAt));
}

function mailedLinksOf(db: Db, userId: string) {
  return db
    .select({
      purpose: oneTimeTokens.purpose,
      email: oneTimeTokens.email,
      createdAt: oneTimeTokens.createdAt,
      expiresAt: oneTimeTokens.expiresAt,
      usedAt: oneTimeTokens.usedAt,
    })
    .from(oneTimeTokens)
    .where(eq(oneTimeTokens.userId, userId))
    .orderBy(asc(oneTimeTokens.createdAt));
}

async function teamsOf(db: Db, userId: string) {
  const owned = await db
    .select({
      id: teams.id,
      season: teams.season,
      name: teams.name,
      createdAt: teams.createdAt,
      removedAt: teams.removedAt,
    })
    .from(teams)
    .where(eq(teams.ownerId, userId))
    .orderBy(asc(teams.id));
  const saved = await db
    .select({
      teamId: teamLineups.teamId,
      version: teamLineups.version,
      race: { season: races.season, slug: races.slug },
      driverIds: pickedDriverIds,
      captainId: drivers.id,
      cost: teamLineups.cost,
      savedAt: teamLineups.savedAt,
    })
    .from(teamLineups)
    .innerJoin(teams, and(eq(teams.id, teamLineups.teamId), eq(teams.ownerId, userId)))
    .innerJoin(races, eq(races.id, teamLineups.raceId))
    .innerJoin(lineups, eq(lineups.id, teamLineups.lineupId))
    .innerJoin(drivers, eq(drivers.key, lineups.captain))
    .orderBy(asc(teamLineups.teamId), asc(teamLineups.version));
  return owned.map((team) => ({
    ...team,
    lineups: saved.filter(({ teamId }) => teamId === team.id).map(({ teamId: _team, ...lineup }) => lineup),
  }));
}

function leaguesOf(db: Db, userId: string) {
  return db
    .select({
      id: leagues.id,
      season: leagues.season,
      name: leagues.name,
      role: sql<
        "owner" | "manager" | "member"
      >`case when ${leagues.ownerId} = ${userId} then 'owner' else ${leagueMembers.role} end`,
      teamId: leagueMembers.teamId,
      joinedAt: leagueMembers.joinedAt,
    })
    .from(leagues)
    .leftJoin(leagueMembers, and(eq(leagueMembers.leagueId, leagues.id), eq(leagueMembers.userId, userId)))
    .where(or(eq(leagues.ownerId, userId), isNotNull(leagueMembers.userId)))
    .orderBy(asc(leagues.id));
}

function notificationsOf(db: Db, userId: string) {
  return db
    .select({
      id: notifications.id,
      type: notifications.type,
      title: notifications.title,
      body: notifications.body,
      link: notifications.link,
      data: notifications.data,
      createdAt: notifications.createdAt,
      readAt: notifications.readAt,
    })
    .from(notifications)
    .where(eq(notifications.userId, userId))
    .orderBy(asc(notifications.id));
}
