import { randomBytes, randomUUID } from "node:crypto";
import { DrizzlePostgreSQLAdapter } from "@lucia-auth/adapter-drizzle";
import type { Db } from "@pitwall/db/database";
import { sessions, users } from "@pitwall/db/schema";
import { and, eq, isNotNull, sql } from "drizzle-orm";
import { Lucia, TimeSpan } from "lucia";
import type { Actor } from "../context.ts";
import { sha256 } from "../internal/digests.ts";

declare module "lucia" {
  interface Register {
    Lucia: Lucia;
    DatabaseSessionAttributes: Omit<typeof sessions.$inferInsert, "id" | "userId" | "expiresAt">;
  }
}

/** A session left alone ends after 30 days; used daily, it ends 90 days after the sign-in all the same. */
export const IDLE_DAYS = 30;
export const IDLE = sql.raw(`interval '${IDLE_DAYS} days'`);
export const MOST = sql.raw("interval '90 days'");

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
export function freshToken(): { readonly refreshToken: string; readonly digest: string } {
  const refreshToken = randomBytes(32).toString("base64url");
  return { refreshToken, digest: sha256(refreshToken) };
}

/** Where a session is used from, as far as the guest who opens or refreshes it says. */
export function whereabouts(actor: Actor): { readonly device: string | null; readonly address: string | null } {
  if (actor.kind !== "guest") return { device: null, address: null };
  const device = actor.device?.replace(/\p{Cc}/gu, "").slice(0, DEVICE_LENGTH);
  return { device: device || null, address: actor.address };
}
