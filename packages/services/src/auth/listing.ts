import { sessions } from "@pitwall/db/schema";
import { DomainError } from "@pitwall/domain/domain-error";
import { and, desc, eq } from "drizzle-orm";
import type { AccountContext, ServiceContext } from "../context.ts";
import { endSessions } from "../internal/end-sessions.ts";
import { sessionIdOf, speakerId } from "../internal/speaker.ts";
import { isLive } from "./sessions.ts";

export interface SessionView {
  readonly id: string;
  readonly device: string | null;
  readonly address: string | null;
  readonly startedAt: Date;
  /** When its refresh token was last used, which an app in use does at least every half hour. */
  readonly lastSeenAt: Date;
  readonly isCurrent: boolean;
}

/** The speaker's own sessions, the one seen last first. */
export async function sessionsOf(ctx: ServiceContext): Promise<{ items: SessionView[] }> {
  const rows = await ctx.db
    .select({
      id: sessions.family,
      device: sessions.device,
      address: sessions.address,
      startedAt: sessions.startedAt,
      lastSeenAt: sessions.lastSeenAt,
    })
    .from(sessions)
    .where(and(eq(sessions.userId, speakerId(ctx.actor)), isLive))
    .orderBy(desc(sessions.lastSeenAt));
  const current = sessionIdOf(ctx.actor);
  return { items: rows.map((row) => ({ ...row, isCurrent: row.id === current })) };
}

export async function endSession(ctx: AccountContext, input: { readonly id: string }): Promise<void> {
  const userId = speakerId(ctx.actor);
  const ended = await endSessions(ctx.db, and(eq(sessions.family, input.id), eq(sessions.userId, userId)));
  if (!ended)
    throw new DomainError("not_found", "session.not_found", "You have no such session. It may have ended already.");
  await ctx.auth.bearers.revoked(ctx, userId);
  ctx.log.info("a session was ended", { userId, sessionId: input.id });
}
