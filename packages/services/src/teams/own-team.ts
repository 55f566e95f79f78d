import type { Db } from "@pitwall/db/database";
import { teams, users } from "@pitwall/db/schema";
import { DomainError } from "@pitwall/domain/domain-error";
import { and, eq, isNull } from "drizzle-orm";
import type { ServiceContext } from "../context.ts";
import { accountIsOver } from "../internal/active-speaker.ts";
import { speakerId } from "../internal/speaker.ts";

export interface OwnTeam {
  readonly id: string;
  readonly season: number;
  readonly ownerId: string;
}

/**
 * The speaker's own team. Holds their account as well, so that nothing is saved for one that is just being deleted; "no key
 * update" keeps the owner's other writes waiting.
 */
export async function ownTeam(
  db: Db,
  ctx: ServiceContext,
  id: string,
  strength: "share" | "no key update" = "share",
): Promise<OwnTeam> {
  const speaker = speakerId(ctx.actor);
  const [found] = await db
    .select({ team: { id: teams.id, season: teams.season, ownerId: teams.ownerId } })
    .from(users)
    .leftJoin(teams, and(eq(teams.id, id), isNull(teams.removedAt)))
    .where(and(eq(users.id, speaker), users.isActive))
    .for(strength, { of: users });
  if (!found) throw accountIsOver();
  const { team } = found;
  if (!team) throw teamNotFound();
  if (team.ownerId !== speaker)
    throw new DomainError("forbidden", "team.not_yours", "This team belongs to somebody else.");
  return team;
}

export function teamNotFound(): DomainError {
  return new DomainError("not_found", "team.not_found", "There is no such team.");
}
