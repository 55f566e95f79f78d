import type { Db } from "@pitwall/db/database";
import { type SQL, sql } from "drizzle-orm";
import { prepared, preparedByName } from "../internal/prepared.ts";
import { partitionsOf, type Standings } from "./as-of.ts";
import { ORDERS, type Place } from "./order.ts";
import { QUESTIONS, type Question, TEAM_COLUMNS } from "./questions.ts";
import { rankedMembers } from "./ranked-members.ts";
import type { PlacedRow, StandingsOrder } from "./views.ts";

/** A league's standings and where they are read: in rows of their own, or from its members, sorted for the occasion. */
export interface Board {
  readonly leagueId: string;
  readonly standings: Standings | null;
  readonly leagueBuildId: number | null;
  readonly memberCount: number;
  readonly by: StandingsOrder;
}

/** A page by number. In rows of its own the seats passed over are counted off in their order, and nothing of them looked up. */
export async function pageOfBoard(
  db: Db,
  board: Board,
  { offset, ...page }: Place & { readonly limit: number; readonly offset: number },
): Promise<PlacedRow[]> {
  if (board.leagueBuildId === null) return askBoard(db, board, "page", { ...page, offset });
  if (offset === 0) return askBoard(db, board, "after", { ...page });
  const { rows } = await db.execute<Place & Record<string, unknown>>(sql`
    select race_points as "racePoints", total, best, team_id as "teamId" from league_standings placed
    where build_id = ${board.leagueBuildId} and ${ORDERS[board.by].row} > ${ORDERS[board.by].place(page)}
    order by ${ORDERS[board.by].ascending} limit 1 offset ${offset - 1}`);
  const [passed] = rows;
  return passed ? askBoard(db, board, "after", { ...page, ...passed }) : [];
}

export async function askBoard(
  db: Db,
  board: Board,
  question: LeagueQuestion,
  values: Record<string, unknown>,
): Promise<PlacedRow[]> {
  const { leagueId, leagueBuildId, standings, by } = board;
  if (leagueBuildId !== null) return KEPT[by][question](db, { ...values, leagueId, buildId: leagueBuildId });
  const sorted = () =>
    built(db, { members: sql`(${rankedMembers(sql.placeholder("leagueId"), standings)}) placed`, by, question });
  const ready = standings?.isNewest
    ? remembered(db, `league_${question}_${by}_${partitionsOf(standings)}`, sorted)
    : sorted().prepare("");
  return ready.execute({ ...values, leagueId });
}

const remembered = preparedByName<ReturnType<typeof built>>();

type LeagueQuestion = Exclude<Question, "owned">;

/** Of rows named `placed`. Seats that have ended are left out at once; the ranks below them are settled when the rows are next written. */
export function isSeated(leagueId: SQL): SQL {
  return sql`exists (select from league_members seat where seat.team_id = placed.team_id and seat.league_id = ${leagueId})`;
}

const KEPT_ROWS = sql`(select placed.* from league_standings placed
  where placed.build_id = ${sql.placeholder("buildId")} and ${isSeated(sql`${sql.placeholder("leagueId")}`)}) placed`;

const kept = (by: StandingsOrder) => ({
  after: keptQuery(by, "after"),
  around: keptQuery(by, "around"),
  page: keptQuery(by, "page"),
});

function keptQuery(by: StandingsOrder, question: Question) {
  return prepared(`league_standings_${question}_${by}`, (db) => built(db, { members: KEPT_ROWS, by, question }));
}

const KEPT = { total: kept("total"), race: kept("race") };

export const RANKS = {
  total: { rank: sql<number>`placed.rank`, rankBefore: sql<number | null>`placed.rank_before` },
  race: { rank: sql<number>`placed.race_rank`, rankBefore: sql<number | null>`placed.race_rank_before` },
} as const;

interface Asked {
  readonly members: SQL;
  readonly by: StandingsOrder;
  readonly question: Question;
}

function built(db: Db, { members, by, question }: Asked) {
  return db
    .select({
      ...RANKS[by],
      ...TEAM_COLUMNS,
    })
    .from(sql`(${QUESTIONS[question](by, members)}) placed
      join teams team on team.id = placed.team_id
      join users on users.id = team.owner_id`)
    .orderBy(ORDERS[by].ascending);
}
