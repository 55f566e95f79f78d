import { sessions, users } from "@pitwall/db/schema";
import { and, eq, sql } from "drizzle-orm";
import type { AccountContext, Actor } from "../context.ts";
import { lookup } from "../internal/lookups.ts";
import { type Places, prepared } from "../internal/prepared.ts";
import type { SessionRef } from "./access-tokens.ts";
import type { LiveBearer } from "./bearers.ts";
import { isLive, livesFor } from "./sessions.ts";

/**
 * Who bears an access token; null unless the token is ours, its session lives and its user is active. Role and name are
 * the database's, so a change of either, or a sign-out, holds from the next request on.
 */
export async function authenticate(
  ctx: Pick<AccountContext, "db" | "auth">,
  accessToken: string,
): Promise<Actor | null> {
  const session = ctx.auth.accessTokens.verify(accessToken);
  if (!session) return null;
  const { bearers } = ctx.auth;
  return bearers.known(session) ?? bearers.of(session, () => liveBearer(ctx.db, session));
}

/** Of each session that can still be used by an active user. */
const liveBearer = lookup(async (db, asked: readonly SessionRef[]): Promise<(LiveBearer | null)[]> => {
  const found = await bearers(db, { sessionIds: asked.map(({ sessionId }) => sessionId) });
  const bySession = new Map(found.map((one) => [one.sessionId, one]));
  return asked.map((session) => {
    const one = bySession.get(session.sessionId);
    if (one?.userId !== session.userId) return null;
    const { role: kind, username, tier, livesFor } = one;
    return { bearer: { kind, ...session, username, tier }, livesFor };
  });
});

const bearers = prepared("bearers_of_sessions", (db, { sessionIds }: Places<{ sessionIds: string[] }>) =>
  db
    .select({
      sessionId: sessions.family,
      userId: users.id,
      username: users.username,
      role: users.role,
      tier: users.tier,
      livesFor,
    })
    .from(sessions)
    .innerJoin(users, and(eq(users.id, sessions.userId), users.isActive))
    .where(and(sql`${sessions.family} = any(${sessionIds}::uuid[])`, isLive)),
);
