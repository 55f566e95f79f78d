import { randomBytes, randomUUID } from "node:crypto";
import { DrizzlePostgreSQLAdapter } from "@lucia-auth/adapter-drizzle";
import type { Db } from "@pitwall/db/database";
import { sessions, users } from "@pitwall/db/schema";
import { and, eq, isNotNull, ne, type Placeholder, type SQL, sql } from "drizzle-orm";
import { Lucia, TimeSpan } from "lucia";
import type { Actor } from "../context.ts";
import { sha256 } from "../internal/digests.ts";
import { endSessions } from "../internal/end-sessions.ts";
import { type Places, prepared } from "../internal/prepared.ts";
import type { OwnProfile } from "../internal/profiles.ts";
import { sessionIdOf } from "../internal/speaker.ts";

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
  const { refreshToken, digest: nextDigest } = freshToken();
  const [rotated] = await rotation(db, { digest, nextDigest, ...whereabouts(actor) });
  return rotated ? { ...rotated, refreshToken } : null;
}

export interface RotatedSession extends OpenSession {
  readonly user: OwnProfile;
}

const rotation = prepared(
  "rotate_session",
  (db, at: Places<{ digest: string; nextDigest: string; device: string | null; address: string | null }>) =>
    rotating(db, sql`${sessions.id} = ${at.digest}`, {
      nextDigest: at.nextDigest,
      device: sql`${at.device}`,
      address: sql`${at.address}`,
    }),
);

function rotating(
  db: Db,
  which: SQL,
  next: { readonly nextDigest: string | Placeholder; readonly device: SQL; readonly address: SQL },
) {
  const spent = db.$with("spent", {}).as(sql`
    update sessions set spent_at = clock_timestamp() from users
    where ${which} and ${isLive} and ${users.id} = ${sessions.userId} and ${users.isActive}
    returning user_id, family, started_at, device, address, username, email, email_verified_at, full_name, role, created_at`);
  const opened = db.$with("opened", {}).as(sql`
    insert into sessions (id, user_id, expires_at, family, started_at, device, address)
    select ${next.nextDigest}, user_id, least(clock_timestamp() + ${IDLE}, started_at + ${MOST}), family, started_at,
      ${next.device}, ${next.address}
    from spent`);
  return db
    .with(spent, opened)
    .select({
      sessionId: sql<string>`family`,
      user: {
        id: sql<string>`user_id`,
        username: sql<string>`username`,
        email: sql<string>`email`,
        emailVerified: sql<boolean>`email_verified_at is not null`,
        fullName: sql<string | null>`full_name`,
        role: sql<OwnProfile["role"]>`role`,
        since: sql`created_at`.mapWith(users.createdAt),
      },
    })
    .from(sql`spent`);
}

/**
 * Ends all sessions of a user but the speaker's own, which goes on with a new refresh token; null if it is over. Who speaks
 * without a session gets one.
 */
export async function keepOneSession(db: Db, userId: string, actor: Actor): Promise<OpenSession | null> {
  const own = sessionIdOf(actor);
  await endSessions(db, and(eq(sessions.userId, userId), own === null ? undefined : ne(sessions.family, own)));
  if (own === null) return openSession(db, userId, actor);
  // A refresh under way may have spent the token that the first statement saw; the second sees the next one.
  return (await goOn(db, own)) ?? (await goOn(db, own));
}

/** Where it was. */
async function goOn(db: Db, family: string): Promise<OpenSession | null> {
  const { refreshToken, digest: nextDigest } = freshToken();
  const stays = { nextDigest, device: sql`device`, address: sql`address` };
  const [rotated] = await rotating(db, sql`${sessions.family} = ${family}`, stays);
  return rotated ? { sessionId: rotated.sessionId, refreshToken } : null;
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
