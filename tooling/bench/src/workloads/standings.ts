import type { ServiceContext } from "@pitwall/services/context";
import { buildLeague } from "@pitwall/services/standings/league-builds";
import { aroundInLeague, leagueStandings, myLeagueStanding } from "@pitwall/services/standings/leagues";
import { aroundTeam, globalStandings, myStandings } from "@pitwall/services/standings/reading";
import { sql } from "drizzle-orm";
import type { Bench } from "../bench.ts";
import { foundLeague, type Member, membersOf } from "../leagues.ts";
import { oneStatement } from "../limits/limits.ts";
import { inTurn, timed } from "../samples.ts";
import type { Line, Workload } from "../workload.ts";

const SIZES = [10, 100, 300, 1_000, 3_000, 10_000, 100_000];
/** From this size on a league may have rows of its own, and is sorted when asked by few. */
const LARGE = 300;
const SLOW = 3_000;
const ORDERS = ["total", "race"] as const;

/** What one reader of standings waits for, all statements of an answer together; without HTTP. */
export const standings: Workload = {
  name: "standings",
  async *lines(bench) {
    await bench.weekends.scored(2);
    await bench.database.db.execute(sql`vacuum analyze`);
    yield* wholeGame(bench);
    for (const size of SIZES.filter((wanted) => wanted <= bench.scale.teams)) yield* leagueOf(bench, size);
  },
};

async function* wholeGame(bench: Bench): AsyncGenerator<Line> {
  const { ctx, season } = bench.weekends;
  const some = await membersOf(
    ctx.db,
    sql`select id as team_id, owner_id as user_id from teams where season = ${season}`,
  );
  for (const by of ORDERS) {
    const cursors: string[] = [];
    for (const { teamId } of some) cursors.push(await cursorAt(bench, by, teamId));
    const page = { season, by, limit: 50 };
    yield reading(bench, `first page by ${by}`, () => globalStandings(ctx, page));
    yield reading(bench, `any page by ${by}`, (nth) =>
      globalStandings(ctx, { ...page, cursor: cursors[nth % cursors.length] }),
    );
    yield reading(bench, `my rank by ${by}`, (nth) => myStandings(as(ctx, one(some, nth)), { season, by }));
    yield reading(bench, `five above and below by ${by}`, (nth) =>
      aroundTeam(ctx, { teamId: one(some, nth).teamId, by, each: 5 }),
    );
  }
}

async function* leagueOf(bench: Bench, size: number): AsyncGenerator<Line> {
  const { ctx } = bench.weekends;
  const id = await foundLeague(bench, size);
  const members = await membersOf(ctx.db, sql`select team_id, user_id from league_members where league_id = ${id}`);
  const calls = size > SLOW ? 10 : bench.scale.calls;
  const sorted = (what: string) => `league of ${size}, sorted when asked: ${what}`;
  yield reading(bench, sorted("first page"), () => leagueStandings(ctx, { id, limit: 50, offset: 0 }), calls);
  yield reading(bench, sorted("my rank"), (nth) => myLeagueStanding(as(ctx, one(members, nth)), { id }), calls);
  if (size >= LARGE) yield* rowsOf(bench, { id, size, members });
}

interface League {
  readonly id: string;
  readonly size: number;
  readonly members: readonly Member[];
}

async function* rowsOf(bench: Bench, { id, size, members }: League): AsyncGenerator<Line> {
  const { ctx } = bench.weekends;
  const own = (what: string) => `league of ${size}, own rows: ${what}`;
  const writing = () => timed(() => buildLeague(ctx, { leagueId: id }), size);
  yield { what: own("writing them"), unit: " teams/s", rounds: 1, round: writing };
  await ctx.db.execute(sql`vacuum analyze league_standings`);
  for (const by of ORDERS) {
    const page = (offset: number) => () => leagueStandings(ctx, { id, by, limit: 50, offset });
    yield reading(bench, own(`first page by ${by}`), page(0));
    yield reading(bench, own(`the page in the middle by ${by}, by offset`), page(size / 2));
    yield reading(bench, own(`my rank by ${by}`), (nth) => myLeagueStanding(as(ctx, one(members, nth)), { id, by }));
    yield reading(bench, own(`five above and below by ${by}`), (nth) =>
      aroundInLeague(ctx, { id, by, teamId: one(members, nth).teamId, each: 5 }),
    );
  }
}

function reading(bench: Bench, what: string, ask: (nth: number) => Promise<unknown>, calls = bench.scale.calls): Line {
  return { what, warmUps: 1, limit: oneStatement(bench), round: () => inTurn(calls, ask) };
}

/** A cursor that stands at a team, made of what is known of it. */
async function cursorAt({ weekends, database }: Bench, by: "total" | "race", id: string): Promise<string> {
  const { rows } = await database.db.execute<{ cursor: string }>(sql`
    select ${by === "race" ? sql`race_points || '.' ||` : sql``} total || '.' || best || '.' || team_id as cursor from standings
    where team_id = ${id} and build_id = (
      select build_id from races where season = ${weekends.season} and build_id is not null order by lock_at desc limit 1)`);
  return rows[0]?.cursor ?? "";
}

function one(members: readonly Member[], nth: number): Member {
  return members[nth % members.length] ?? { teamId: "", userId: "" };
}

function as(ctx: ServiceContext, { userId }: Member): ServiceContext {
  return { ...ctx, actor: { kind: "user", userId, username: "somebody", sessionId: null } };
}
