import type { Db } from "@pitwall/db/database";
import { leagueMembers, leagues, notifications } from "@pitwall/db/schema";
import { aSeason, aTeam, aUser } from "@pitwall/testing/builders";
import { and, asc, eq } from "drizzle-orm";
import { asUser } from "../context.fixture.ts";
import { createLeague, joinByCode, type NewLeague } from "./membership.ts";
import { setRole } from "./people.ts";

export type Player = Awaited<ReturnType<typeof aPlayer>>;

/** Somebody with a team in a season. */
export async function aPlayer(db: Db, season: number) {
  const user = await aUser(db);
  const team = await aTeam(db, { owner: user, season });
  return { id: user.id, user, team, ctx: asUser(db, user) };
}

/** A league of an owner, a manager and a member, each with a team in it, and an outsider who could enter one. */
export async function aLeague(db: Db, wanted: Partial<NewLeague> = {}) {
  const season = await aSeason(db);
  const [owner, manager, member] = [await aPlayer(db, season), await aPlayer(db, season), await aPlayer(db, season)];
  const all = { season, name: "Sunday drivers", isPrivate: false, seats: 20, teamId: owner.team.id, ...wanted };
  const { id, code } = await createLeague(owner.ctx, all);
  for (const { ctx, team } of [manager, member]) await joinByCode(ctx, { code: code ?? "", teamId: team.id });
  await setRole(owner.ctx, { id, userId: manager.id, role: "manager" });
  await db.delete(notifications);
  return { id, code: code ?? "", season, owner, manager, member, outsider: await aPlayer(db, season) };
}

/** What somebody was told, the earliest first. */
export function toldTo(db: Db, { id }: Pick<Player, "id">) {
  return db.select().from(notifications).where(eq(notifications.userId, id)).orderBy(asc(notifications.id));
}

/** How a league stands by its rows: whether what is counted is so, and whether its owner is in it. Null when it is gone. */
export async function leagueStands(db: Db, id: string) {
  const [league] = await db.select().from(leagues).where(eq(leagues.id, id));
  const members = await db.$count(leagueMembers, eq(leagueMembers.leagueId, id));
  if (!league) return members === 0 ? null : { orphans: members };
  const seat = and(eq(leagueMembers.leagueId, id), eq(leagueMembers.userId, league.ownerId));
  return {
    members,
    isCounted: league.memberCount === members,
    isOwnerIn: (await db.$count(leagueMembers, seat)) === 1,
    isWithinSeats: members <= league.seats,
  };
}

export async function reasonOf(attempt: Promise<unknown>): Promise<string> {
  return attempt.then(
    () => "done",
    (error) => error.reason ?? error,
  );
}
