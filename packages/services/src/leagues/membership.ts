import type { Db } from "@pitwall/db/database";
import { withTx } from "@pitwall/db/database";
import { leagueMembers, leagues, notifications, teams } from "@pitwall/db/schema";
import { DomainError } from "@pitwall/domain/domain-error";
import { and, eq, isNull } from "drizzle-orm";
import type { Actor, ServiceContext } from "../context.ts";
import { activeSpeaker } from "../internal/active-speaker.ts";
import { refusing } from "../internal/breaches.ts";
import { membershipChanged } from "../internal/large-leagues.ts";
import { giveUpSeats } from "../internal/league-seats.ts";
import { holdLeague, holdLeagueByCode } from "./held.ts";
import { newJoinCode, normalizedJoinCode } from "./join-codes.ts";
import { leagueById } from "./reading.ts";
import type { LeagueView } from "./views.ts";

export interface NewLeague {
  readonly season: number;
  readonly name: string;
  readonly description?: string | undefined;
  readonly isPrivate: boolean;
  readonly seats: number;
  /** The team that the founder enters at once, if any. */
  readonly teamId?: string | undefined;
}

/** Founds a league, which the speaker owns with or without a team in it. */
export async function createLeague(ctx: ServiceContext, input: NewLeague): Promise<LeagueView> {
  const { season, name, description, isPrivate, seats } = input;
  return withTx(ctx.db, async (db) => {
    const ownerId = await activeSpeaker(db, ctx.actor);
    const values = { season, ownerId, name, description: description ?? "", isPrivate, seats, code: newJoinCode() };
    const [league] = await refusing(
      () => db.insert(leagues).values(values).returning({ id: leagues.id, season: leagues.season }),
      {
        leagues_season_seasons_year_fk: () =>
          new DomainError("not_found", "season.not_found", `There is no season ${season} here.`),
        leagues_seats_range: () =>
          new DomainError("malformed", "league.seats_out_of_range", "A league has 2 to 100 000 seats."),
      },
    );
    if (!league) throw new Error("a new league came back without its row");
    if (input.teamId !== undefined) await takeSeat(db, league, ownerId, input.teamId);
    return leagueById({ ...ctx, db }, league);
  });
}

/** Enters one of the speaker's teams in a league that is open to all. */
export async function joinLeague(
  ctx: ServiceContext,
  input: { readonly id: string; readonly teamId: string },
): Promise<LeagueView> {
  return enter(ctx, (tx) => holdLeague(tx, input.id), input.teamId);
}

/** Enters one of the speaker's teams in the league that a code lets into, private or not. */
export async function joinByCode(
  ctx: ServiceContext,
  input: { readonly code: string; readonly teamId: string },
): Promise<LeagueView> {
  return enter(ctx, (tx) => holdLeagueByCode(tx, normalizedJoinCode(input.code)), input.teamId);
}

async function enter(
  ctx: ServiceContext,
  hold: (tx: ServiceContext) => Promise<LeagueView>,
  teamId: string,
): Promise<LeagueView> {
  return withTx(ctx.db, async (db) => {
    const tx = { ...ctx, db };
    const userId = await activeSpeaker(db, ctx.actor);
    const league = await hold(tx);
    await takeSeat(db, league, userId, teamId);
    const entered = await leagueById(tx, league);
    await tellOwner(db, entered, ctx.actor);
    return entered;
  });
}

/** The keys and the check on the seats decide among those who come at once. */
async function takeSeat(
  db: Db,
  league: { readonly id: string; readonly season: number },
  userId: string,
  teamId: string,
): Promise<void> {
  const [team] = await db
    .select({ season: teams.season })
    .from(teams)
    .where(and(eq(teams.id, teamId), eq(teams.ownerId, userId), isNull(teams.removedAt)))
    .for("share");
  if (!team) throw new DomainError("not_found", "team.not_found", "You have no such team.");
  if (team.season !== league.season)
    throw new DomainError(
      "broken_rule",
      "league.wrong_season",
      `The league plays the season ${league.season}, your team ${team.season}.`,
    );
  await refusing(
    () => db.insert(leagueMembers).values({ leagueId: league.id, userId, teamId, season: league.season }),
    {
      league_members_league_id_user_id_pk: () =>
        new DomainError("conflict", "league.already_member", "You have a team in this league already."),
      leagues_seats_hold: () => new DomainError("conflict", "league.full", "The last seat of this league is taken."),
      PW003: () =>
        new DomainError("forbidden", "league.banned", "You were removed from this league, and may not enter it again."),
    },
  );
  await membershipChanged(db, league.id);
}

async function tellOwner(db: Db, league: LeagueView, actor: Actor): Promise<void> {
  if (actor.kind === "guest" || actor.kind === "system" || actor.userId === league.owner.id) return;
  const { userId, username } = actor;
  await db.insert(notifications).values({
    userId: league.owner.id,
    type: "league_joined",
    title: `${username} joined ${league.name}`,
    body: `${league.memberCount} of ${league.seats} seats are taken.`,
    link: `/api/v1/leagues/${league.id}`,
    data: { leagueId: league.id, userId, username, teamId: league.teamId },
  });
}

/** Takes the speaker's team out. The owner stays as long as anybody else is in, and closes the league by leaving last. */
export async function leaveLeague(ctx: ServiceContext, input: { readonly id: string }): Promise<void> {
  return withTx(ctx.db, async (db) => {
    const userId = await activeSpeaker(db, ctx.actor);
    const league = await holdLeague({ ...ctx, db }, input.id);
    if (league.teamId === null)
      throw new DomainError("not_found", "league.not_a_member", "You have no team in this league.");
    await giveUpSeats(db, userId, [{ ...league, ownerId: league.owner.id }]);
  });
}
