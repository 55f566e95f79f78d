import type { Db } from "@pitwall/db/database";
import { type SQL, sql } from "drizzle-orm";
import { lookup } from "../internal/lookups.ts";
import { prepared, preparedByName } from "../internal/prepared.ts";
import { partitionsOf, type Standings } from "./as-of.ts";
import { type Board, isSeated, RANKS } from "./league-board.ts";
import { TEAM_COLUMNS } from "./questions.ts";
import { rankedMembers } from "./ranked-members.ts";
import type { PlacedRow, StandingsOrder } from "./views.ts";

export interface Seat {
  readonly board: Board;
  readonly teamId: string;
}

/** Whoever is in a league of more waits for the sorting of that league alone, and keeps nobody waiting with it. */
const FEW = 30;

/** Where a team stands on a board, if it does. */
export async function placeOnBoard(db: Db, seat: Seat): Promise<PlacedRow | null> {
  const { leagueBuildId, memberCount } = seat.board;
  if (leagueBuildId !== null || memberCount <= FEW) return together(db, seat);
  const [row] = await placesOf(db, [seat]);
  return row ?? null;
}

/** Many are in leagues of a few, and each time it would cost as much again to ask as to answer. */
const together = lookup(placesOf);

async function placesOf(db: Db, seats: readonly Seat[]): Promise<(PlacedRow | null)[]> {
  const found = new Map<Seat, PlacedRow>();
  for (const [name, alike] of Map.groupBy(seats, nameOf))
    for (const { nth, ...row } of await placesOfAlike(db, name, alike)) {
      const seat = alike[nth - 1];
      if (seat) found.set(seat, row);
    }
  return seats.map((seat) => found.get(seat) ?? null);
}

/** What is asked for under the same name stands in the same rows. */
function nameOf({ board: { by, standings, leagueBuildId } }: Seat): string {
  if (leagueBuildId !== null) return `kept_${by}`;
  return `${by}_${standings ? partitionsOf(standings) : "none"}`;
}

async function placesOfAlike(db: Db, name: string, seats: readonly Seat[]) {
  const board = seats[0]?.board;
  if (!board) return [];
  const { by, standings, leagueBuildId } = board;
  const leagueIds = seats.map((seat) => seat.board.leagueId);
  const teamIds = seats.map(({ teamId }) => teamId);
  if (leagueBuildId !== null)
    return KEPT[by](db, { leagueIds, teamIds, buildIds: seats.map((seat) => seat.board.leagueBuildId) });
  const sorted = () => built(db, by, sortedSeats(standings));
  const ready = standings?.isNewest ? remembered(db, `seats_${name}`, sorted) : sorted().prepare("");
  return ready.execute({ leagueIds, teamIds });
}

const remembered = preparedByName<ReturnType<typeof built>>();

const leagueIds = sql.placeholder("leagueIds");
const teamIds = sql.placeholder("teamIds");

function sortedSeats(standings: Standings | null): SQL {
  return sql`unnest(${leagueIds}::uuid[], ${teamIds}::uuid[]) with ordinality asked (league_id, team_id, nth)
    cross join lateral (${rankedMembers(sql`asked.league_id`, standings)}) placed where placed.team_id = asked.team_id`;
}

const KEPT_SEATS = sql`unnest(${leagueIds}::uuid[], ${teamIds}::uuid[], ${sql.placeholder("buildIds")}::int[])
      with ordinality asked (league_id, team_id, build_id, nth)
    join league_standings placed on placed.build_id = asked.build_id and placed.team_id = asked.team_id
    where ${isSeated(sql`asked.league_id`)}`;

const keptBy = (by: StandingsOrder) => prepared(`kept_seats_${by}`, (db) => built(db, by, KEPT_SEATS));

const KEPT = { total: keptBy("total"), race: keptBy("race") };

function built(db: Db, by: StandingsOrder, seats: SQL) {
  return db
    .select({ nth: sql<number>`placed.nth::int`, ...RANKS[by], ...TEAM_COLUMNS })
    .from(sql`(select asked.nth, placed.* from ${seats}) placed
      join teams team on team.id = placed.team_id
      join users on users.id = team.owner_id`);
}
