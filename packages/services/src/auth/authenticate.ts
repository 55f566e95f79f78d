import type { Db } from "@pitwall/db/database";
import { sessions, users } from "@pitwall/db/schema";
import { and, eq } from "drizzle-orm";
import type { AccountContext, Actor } from "../context.ts";
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
  const session = await ctx.auth.accessTokens.verify(accessToken);
  if (!session) return null;
  return ctx.auth.bearers.of(session, () => liveBearer(ctx.db, session));
}

async function liveBearer(db: Db, session: SessionRef): Promise<LiveBearer | null> {
  const [found] = await bearer(db, session);
  if (!found) return null;
  const { role: kind, username, tier } = found;
  return { bearer: { kind, ...session, username, tier }, livesFor: found.livesFor };
}

const bearer = prepared(
  "bearer_of_session",
  (db, { sessionId, userId }: Places<{ sessionId: string; userId: string }>) =>
    db
      .select({ username: users.username, role: users.role, tier: users.tier, livesFor })
      .from(sessions)
      .innerJoin(users, and(eq(users.id, sessions.userId), users.isActive))
      .where(and(eq(sessions.family, sessionId), eq(sessions.userId, userId), isLive)),
);
