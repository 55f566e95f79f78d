import { leagueMembers, leagues } from "@pitwall/db/schema";
import { DomainError } from "@pitwall/domain/domain-error";
import { and, eq, sql } from "drizzle-orm";
import type { ServiceContext } from "../context.ts";
import { isVisibleTo, leagueNotFound, seatOf } from "../internal/league-visibility.ts";
import { speakerId } from "../internal/speaker.ts";
import { type StandingsPage, type StandingView, scoredRace } from "./reading.ts";

interface LeagueRow {
  readonly id: string;
  readonly season: number;
  readonly memberCount: number;
}

/** A league's teams, best first. Members who joined since the newest result stand at the end with nothing. */
export async function leagueStandings(
  ctx: ServiceContext,
  input: { readonly id: string; readonly race?: string | undefined; readonly limit: number; readonly offset: number },
): Promise<StandingsPage> {
  const league = await visibleLeague(ctx, input.id);
  const race = await scoredRace(ctx.db, { season: league.season, race: input.race });
  const items = await placedMembers(ctx, league, race, sql`limit ${input.limit} offset ${input.offset}`);
  const named =
    race && race.revision !== null ? { season: race.season, slug: race.slug, revision: race.revision } : null;
  return { race: named, items, total: league.memberCount, nextCursor: null };
}

/** Where I stand in a league. */
export async function myLeagueStanding(ctx: ServiceContext, input: { readonly id: string }): Promise<StandingView> {
  const user = speakerId(ctx.actor);
  const league = await visibleLeague(ctx, input.id);
  const race = await scoredRace(ctx.db, { season: league.season });
  const [mine] = await placedMembers(ctx, league, race, sql`where user_id = ${user}`);
  if (mine) return mine;
  throw new DomainError("not_found", "league.not_a_member", "You have no team in this league.");
}

/** The ranks before are those that the league's present members had after the race before. */
async function placedMembers(
  ctx: ServiceContext,
  league: LeagueRow,
  race: Awaited<ReturnType<typeof scoredRace>>,
  chosen: ReturnType<typeof sql>,
): Promise<StandingView[]> {
  const { rows } = await ctx.db.execute<StandingView & Record<string, unknown>>(sql`
    with before as (
      select build_id from races where season = ${league.season} and build_id is not null
        and lock_at < ${(race?.lockAt ?? new Date(0)).toISOString()}::timestamptz order by lock_at desc limit 1
    ), ranked as (
      select member.user_id, member.team_id, coalesce(placed.race_points, 0) as race_points, coalesce(placed.total, 0) as total,
        coalesce(placed.best, 0) as best, rank() over (order by coalesce(placed.total, 0) desc)::int as rank,
        case when placed_before.team_id is not null then
          (rank() over (order by (placed_before.team_id is null), placed_before.total desc))::int end as rank_before
      from league_members member
      left join standings placed on placed.build_id = ${race?.buildId ?? 0} and placed.team_id = member.team_id
      left join standings placed_before on placed_before.build_id = (select build_id from before) and placed_before.team_id = member.team_id
      where member.league_id = ${league.id}
    ), chosen as (
      select * from (select * from ranked order by total desc, best desc, team_id) ordered ${chosen}
    )
    select chosen.rank, chosen.team_id as "teamId", team.name as "teamName", owner.username, chosen.race_points as "racePoints",
      chosen.total, chosen.rank_before - chosen.rank as "rankChange"
    from chosen join teams team on team.id = chosen.team_id join users owner on owner.id = team.owner_id
    order by chosen.total desc, chosen.best desc, chosen.team_id`);
  return rows;
}

async function visibleLeague({ db, actor }: ServiceContext, id: string): Promise<LeagueRow> {
  const [league] = await db
    .select({ id: leagues.id, season: leagues.season, memberCount: leagues.memberCount })
    .from(leagues)
    .leftJoin(leagueMembers, seatOf(actor))
    .where(and(eq(leagues.id, id), isVisibleTo(actor)));
  if (league) return league;
  throw leagueNotFound();
}
