import type { Db } from "@pitwall/db/database";
import { leagueBuilds, leagueMembers, leagues } from "@pitwall/db/schema";
import { DomainError } from "@pitwall/domain/domain-error";
import { eq, sql } from "drizzle-orm";
import type { ServiceContext } from "../context.ts";
import { isVisibleTo, leagueNotFound, leagueReader, seatOf } from "../internal/league-visibility.ts";
import { lookup } from "../internal/lookups.ts";
import { type Places, prepared } from "../internal/prepared.ts";
import { speakerId } from "../internal/speaker.ts";
import { newestOfEach, raceMeant, standingsAsOf } from "./as-of.ts";
import { askBoard, type Board, pageOfBoard } from "./league-board.ts";
import { paged, placeOf } from "./order.ts";
import { placeOnBoard } from "./seats.ts";
import { type OrderedAsOf, type PlacedRow, type StandingsPage, type StandingView, viewOf } from "./views.ts";

interface OfLeague extends OrderedAsOf {
  readonly id: string;
}

/** A league's teams, best first. Members who joined since the newest result stand at the end with nothing. */
export async function leagueStandings(
  ctx: ServiceContext,
  input: OfLeague & { readonly limit: number; readonly offset: number; readonly cursor?: string | undefined },
): Promise<StandingsPage> {
  const { by = "total", limit, offset } = input;
  const place = placeOf(input.cursor, by);
  const { board } = await visibleBoard(ctx, input);
  const rows = await pageOfBoard(ctx.db, board, { ...place, limit: limit + 1, offset });
  const { page, nextCursor } = paged(rows, limit, by);
  const { standings } = board;
  const race = standings && { season: standings.season, slug: standings.slug, revision: standings.revision };
  return { race, items: page.map(viewOf), total: board.memberCount, nextCursor };
}

/** Where I stand in a league. */
export async function myLeagueStanding(ctx: ServiceContext, input: OfLeague): Promise<StandingView> {
  speakerId(ctx.actor);
  const { board, myTeamId } = await visibleBoard(ctx, input);
  const mine = myTeamId === null ? null : await seated(ctx.db, board, myTeamId);
  if (mine) return viewOf(mine.row);
  throw new DomainError("not_found", "league.not_a_member", "You have no team in this league.");
}

/** The teams of a league just above and just below one of them. */
export async function aroundInLeague(
  ctx: ServiceContext,
  input: OfLeague & { readonly teamId: string; readonly each: number },
): Promise<{ items: StandingView[] }> {
  const { board } = await visibleBoard(ctx, input);
  const team = await seated(ctx.db, board, input.teamId);
  if (!team) throw new DomainError("not_found", "league.no_such_team", "This team is not in the league.");
  const { racePoints, total, best, teamId } = team.row;
  const rows = await askBoard(ctx.db, team.board, "around", { racePoints, total, best, teamId, limit: input.each });
  return { items: rows.map(viewOf) };
}

/** A team on a league's board. Whoever has just come in is not in its rows yet. */
async function seated(db: Db, board: Board, teamId: string): Promise<{ row: PlacedRow; board: Board } | null> {
  const row = await placeOnBoard(db, { board, teamId });
  if (row) return { row, board };
  return board.leagueBuildId === null ? null : seated(db, { ...board, leagueBuildId: null }, teamId);
}

async function visibleBoard(
  { db, actor }: ServiceContext,
  { id, by = "total", race, revision }: OfLeague,
): Promise<{ board: Board; myTeamId: string | null }> {
  const league = await leagueSeenBy(db, { id, reader: leagueReader(actor) });
  if (!league) throw leagueNotFound();
  const { kept, memberCount, myTeamId, newest } = league;
  const asOf = { race, revision };
  const standings = raceMeant(asOf) === null ? newest : await standingsAsOf(db, league.season, asOf);
  const leagueBuildId = standings?.isNewest && kept?.buildId === standings.buildId ? kept.id : null;
  return { board: { leagueId: id, standings, leagueBuildId, memberCount, by }, myTeamId };
}

interface Glance {
  readonly id: string;
  readonly reader: string;
}

/** A league for whoever may see it, with the newest standings of its season; null for all others. */
const leagueSeenBy = lookup(async (db, glances: readonly Glance[]) => {
  const ids = glances.map(({ id }) => id);
  const rows = await leaguesSeenBy(db, { ids, readers: glances.map(({ reader }) => reader) });
  const newest = await newestOfEach(
    db,
    rows.map(({ season }) => season),
  );
  const seen = new Map(
    rows.map(({ nth, ...league }) => [nth, { ...league, newest: newest.get(league.season) ?? null }]),
  );
  return glances.map((_, at) => seen.get(at + 1) ?? null);
});

const READER = sql`glance.reader`;

const leaguesSeenBy = prepared(
  "leagues_seen_by",
  (db, { ids, readers }: Places<{ ids: string[]; readers: string[] }>) =>
    db
      .select({
        nth: sql<number>`glance.nth::int`,
        season: leagues.season,
        memberCount: leagues.memberCount,
        myTeamId: leagueMembers.teamId,
        kept: { id: leagueBuilds.id, buildId: leagueBuilds.buildId },
      })
      .from(sql`unnest(${ids}::uuid[], ${readers}::uuid[]) with ordinality glance (league_id, reader, nth)`)
      .innerJoin(leagues, eq(leagues.id, sql`glance.league_id`))
      .leftJoin(leagueMembers, seatOf(READER))
      .leftJoin(
        leagueBuilds,
        sql`${leagueBuilds.id} = (select max(newest.id) from league_builds newest where newest.league_id = ${leagues.id})`,
      )
      .where(isVisibleTo(READER)),
);
