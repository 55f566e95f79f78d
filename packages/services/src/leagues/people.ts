import type { Db } from "@pitwall/db/database";
import { leagueBans, leagueMembers, leagues, notifications, users } from "@pitwall/db/schema";
import { DomainError } from "@pitwall/domain/domain-error";
import { and, eq } from "drizzle-orm";
import type { ServiceContext } from "../context.ts";
import { membershipChanged } from "../internal/large-leagues.ts";
import { speakerId } from "../internal/speaker.ts";
import { heldLeague } from "./held.ts";
import { requirePower } from "./powers.ts";
import { type LeagueMember, memberOf } from "./reading.ts";
import { type MeantLeague, ruling } from "./ruling.ts";
import type { LeagueView } from "./views.ts";

export interface Place {
  readonly id: string;
  readonly userId: string;
}

/** Takes somebody's team out of a league and tells them. They may not come back unless the ban is waived, or lifted later. */
export async function removeMember(ctx: ServiceContext, input: Place & { readonly ban: boolean }): Promise<void> {
  const speaker = speakerId(ctx.actor);
  await ruling(ctx, { id: input.id, power: "removeMember" }, async ({ db }, league) => {
    if (input.userId === speaker)
      throw new DomainError("broken_rule", "league.leave_instead", "To take your own team out, leave the league.");
    const member = await memberOf(db, league, input.userId);
    if (member.role !== "member") requirePower(league, "removeManager");
    await db.delete(leagueMembers).where(seatAt(input));
    await membershipChanged(db, input.id);
    if (input.ban) await db.insert(leagueBans).values({ leagueId: input.id, userId: input.userId, bannedBy: speaker });
    await tell(db, league, input.userId, {
      title: `You are no longer in ${league.name}`,
      body: "Your team was taken out of the league. It plays on in the season.",
      isInside: false,
      role: null,
    });
  });
}

/** Makes a member a manager, or a manager a member, and tells them. */
export async function setRole(
  ctx: ServiceContext,
  input: Place & { readonly role: "manager" | "member" },
): Promise<LeagueMember> {
  return ruling(ctx, { id: input.id, power: "setRole" }, async ({ db }, league) => {
    const { role } = await memberOf(db, league, input.userId);
    if (role === "owner")
      throw new DomainError("conflict", "league.owner_must_transfer", "You own this league until you hand it over.");
    if (role !== input.role) {
      await db.update(leagueMembers).set({ role: input.role }).where(seatAt(input));
      await tell(db, league, input.userId, {
        title: `You are a ${input.role} of ${league.name}`,
        body: input.role === "manager" ? "You may describe it and remove members." : "You are no longer its manager.",
        isInside: true,
        role: input.role,
      });
    }
    return memberOf(db, league, input.userId);
  });
}

/** Hands the league over to somebody who is in it. Whoever owned it stays as a manager, if they have a team in it. */
export async function transferLeague(ctx: ServiceContext, input: Place & MeantLeague): Promise<LeagueView> {
  return ruling(ctx, { id: input.id, version: input.version, power: "transfer" }, async (tx, league) => {
    const { db } = tx;
    if (input.userId === league.owner.id) return league;
    await memberOf(db, league, input.userId);
    await requireSomebodyThere(db, input.userId);
    await db
      .update(leagueMembers)
      .set({ role: "manager" })
      .where(seatAt({ id: input.id, userId: league.owner.id }));
    await db.update(leagues).set({ ownerId: input.userId }).where(eq(leagues.id, input.id));
    await tell(db, league, input.userId, {
      title: `${league.name} is yours now`,
      body: "Its owner has handed it over to you.",
      isInside: true,
      role: "owner",
    });
    return heldLeague(tx, input.id);
  });
}

/** A league of somebody who cannot sign in could be ruled by nobody. */
async function requireSomebodyThere(db: Db, userId: string): Promise<void> {
  const [heir] = await db.select({ isActive: users.isActive }).from(users).where(eq(users.id, userId));
  if (!heir?.isActive)
    throw new DomainError("conflict", "league.heir_cannot_sign_in", "This member cannot sign in. Choose another one.");
}

function seatAt({ id, userId }: Place) {
  return and(eq(leagueMembers.leagueId, id), eq(leagueMembers.userId, userId));
}

interface Note {
  readonly title: string;
  readonly body: string;
  /** Outsiders are not sent to where they may find nothing. */
  readonly isInside: boolean;
  readonly role: "owner" | "manager" | "member" | null;
}

async function tell(db: Db, { id }: LeagueView, userId: string, { isInside, role, ...words }: Note): Promise<void> {
  const link = isInside ? `/api/v1/leagues/${id}` : null;
  await db.insert(notifications).values({ userId, type: "league_role", ...words, link, data: { leagueId: id, role } });
}
