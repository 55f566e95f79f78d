import type { Db } from "@pitwall/db/database";
import { users } from "@pitwall/db/schema";
import { DomainError } from "@pitwall/domain/domain-error";
import { and, eq } from "drizzle-orm";
import type { Actor } from "../context.ts";
import { speakerId } from "./speaker.ts";

/**
 * The id of the person who speaks, whose account is held until the transaction ends: whoever deletes or deactivates it
 * waits for what is written here, and then clears it away; whoever was first leaves nothing to write for. It comes before
 * every other lock. "no key update" lets one writer of an account through at a time.
 */
export async function activeSpeaker(
  tx: Db,
  actor: Actor,
  strength: "share" | "no key update" = "share",
): Promise<string> {
  const userId = speakerId(actor);
  const held = await tx
    .select({ id: users.id })
    .from(users)
    .where(and(eq(users.id, userId), users.isActive))
    .for(strength);
  if (held.length === 0) throw accountIsOver();
  return userId;
}

export function accountIsOver(): DomainError {
  return new DomainError("unauthenticated", "auth.session_over", "This session is over. Sign in again.");
}
