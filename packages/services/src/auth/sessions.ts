import { randomBytes, randomUUID } from "node:crypto";
import { DrizzlePostgreSQLAdapter } from "@lucia-auth/adapter-drizzle";
import type { Db } from "@pitwall/db/database";
import { sessions, users } from "@pitwall/db/schema";
import { and, eq, isNotNull, ne, type SQL, sql } from "drizzle-orm";
import { Lucia, TimeSpan } from "lucia";
import type { Actor } from "../context.ts";
import { sha256 } from "../internal/digests.ts";
import { endSessions } from "../internal/end-sessions.ts";
import type { OwnProfile } from "../internal/profiles.ts";

declare module "lucia" {
  interface Register {
    Lucia: Lucia;
    DatabaseSessionAttributes: Omit<typeof sessions.$inferInsert, "id" | "userId" | "expiresAt">;
  }
}

/** A session left alone ends after 30 days; used daily, it ends 90 days after the sign-in all the same. */
export const IDLE_DAYS = 30;
const IDLE = sql.raw(`interval '${IDLE_DAYS} days'`);
const MOST = sql.raw("interval '90 days'");

const DEVICE_LENGTH = 200;

/** Holds for the one row of a session whose token can still be used. */
export const isLive = sql`${sessions.spentAt} is null and ${sessions.expiresAt} > clock_timestamp() and ${sessions.startedAt} > clock_timestamp() - ${MOST}`;

/** For how many milliseconds a live session can still be used, if nobody refreshes or ends it. */
export const livesFor =
  sql<number>`extract(epoch from least(${sessions.expiresAt}, ${sessions.startedAt} + ${MOST}) - clock_timestamp()) * 1000`.mapWith(
    Number,
  );

export interface OpenSession {
  readonly sessionId: string;
  readonly refreshToken: string;
}

/** A new session, in which no earlier one goes on, whatever the speaker bore before. */
export async function openSession(db: Db, userId: string, actor: Actor): Promise<OpenSession> {
  const lucia = new Lucia(new DrizzlePostgreSQLAdapter(db, sessions, users), {
    sessionExpiresIn: new TimeSpan(IDLE_DAYS, "d"),
  });
  const { refreshToken, digest } = freshToken();
  const sessionId = randomUUID();
  await lucia.createSession(
    userId,
    { family: sessionId, startedAt: new Date(), ...whereabouts(actor) },
    { sessionId: digest },
  );
  return { sessionId, refreshToken };
}

/**
 * Spends the refresh token of this digest and gives out the next of its session, in one statement: of two at once the row
 * lets one through. Null if the token is spent, unknown or over, or its user is no longer active. Lucia knows neither
 * families nor an absolute end, so this and the ending of sessions are our own.
 */
export async function rotateSession(db: Db, digest: string, actor: Actor): Promise<RotatedSession | null> {
  return rotate(db, sql`${sessions.id} = ${digest}`, whereabouts(actor));
}

export interface RotatedSession extends OpenSession {
  readonly user: OwnProfile;
}

/** Left out, the whereabouts stay those of the session. */
async function rotate(db: Db, which: SQL, where?: ReturnType<typeof whereabouts>): Promise<RotatedSession | null> {
  const { refreshToken, digest } = freshToken();
  const [device, address] = where ? [sql`${where.device}`, sql`${where.address}`] : [sql`device`, sql`address`];
  const { rows } = await db.execute<Omit<OwnProfile, "since"> & { sessionId: string; since: string }>(sql`
    with spent as (
      update sessions set spent_at = clock_timestamp() from users
      where ${which} and ${isLive} and ${users.id} = ${sessions.userId} and ${users.isActive}
      returning user_id, family, started_at, device, address, username, email, email_verified_at, full_name, role, created_at
    ), next as (
      insert into sessions (id, user_id, expires_at, family, started_at, device, address)
      select ${digest}, user_id, least(clock_timestamp() + ${IDLE}, started_at + ${MOST}), family, started_at, ${device}, ${address}
      from spent
    )
    select user_id as id, username, email, email_verified_at is not null as "emailVerified", full_name as "fullName", role,
      created_at as since, family as "sessionId"
    from spent`);
  const [row] = rows;
  if (!row) return null;
  const { sessionId, since, ...user } = row;
  return { sessionId, refreshToken, user: { ...user, since: new Date(since) } };
}

/**
 * Ends all sessions of a user but the speaker's own, which goes on with a new refresh token; null if it is over. Who speaks
 * without a session gets one.
 */
export async function keepOneSession(db: Db, userId: string, actor: Actor): Promise<OpenSession | null> {
  const own = actor.kind === "user" || actor.kind === "admin" ? actor.sessionId : null;
  await endSessions(db, and(eq(sessions.userId, userId), own === null ? undefined : ne(sessions.family, own)));
  if (own === null) return openSession(db, userId, actor);
  const which = sql`${sessions.family} = ${own}`;
  // A refresh under way may have spent the token that the first statement saw; the second sees the next one.
  return (await rotate(db, which)) ?? (await rotate(db, which));
}

/** Whose session a spent refresh token belongs to, and how many milliseconds ago it was spent; null if it is not a spent one. */
export async function spentTokenOf(
  db: Db,
  digest: string,
): Promise<{ readonly userId: string; readonly sessionId: string; readonly spentFor: number } | null> {
  const [spent] = await db
    .select({
      userId: sessions.userId,
      sessionId: sessions.family,
      spentFor: sql`extract(epoch from clock_timestamp() - ${sessions.spentAt}) * 1000`.mapWith(Number),
    })
    .from(sessions)
    .where(and(eq(sessions.id, digest), isNotNull(sessions.spentAt)));
  return spent ?? null;
}

/** The table keeps the digest alone, so that whoever reads it holds no key. */
function freshToken(): { readonly refreshToken: string; readonly digest: string } {
  const refreshToken = randomBytes(32).toString("base64url");
  return { refreshToken, digest: sha256(refreshToken) };
}

/** Where a session is used from, as far as the guest who opens or refreshes it says. */
function whereabouts(actor: Actor): { readonly device: string | null; readonly address: string | null } {
  if (actor.kind !== "guest") return { device: null, address: null };
  const device = actor.device?.replace(/\p{Cc}/gu, "").slice(0, DEVICE_LENGTH);
  return { device: device || null, address: actor.address };
}
