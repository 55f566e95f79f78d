import type { Db } from "@pitwall/db/database";
import { races, standings, teams } from "@pitwall/db/schema";
import { DomainError } from "@pitwall/domain/domain-error";
import type { Tenths } from "@pitwall/domain/tenths";
import { and, desc, eq, isNotNull, isNull, type SQL, sql } from "drizzle-orm";
import type { ServiceContext } from "../context.ts";
import { shownUsername } from "../internal/profiles.ts";
import { type RaceRow, raceNamed, rulesOfSeason } from "../internal/race-lookup.ts";
import { speakerId } from "../internal/speaker.ts";

export interface StandingView {
  readonly rank: number;
  readonly teamId: string;
  readonly teamName: string;
  readonly username: string;
  readonly racePoints: Tenths;
  readonly total: Tenths;
  /** Places gained since the race before; null when the team was not placed then. */
  readonly rankChange: number | null;
}

export interface StandingsPage {
  /** The race that the standings are after; null before the season's first result. */
  readonly race: { readonly season: number; readonly slug: string; readonly revision: number } | null;
  readonly items: StandingView[];
  readonly total: number;
  readonly nextCursor: string | null;
}

/** The whole game, best first, after a race or after the newest result. Equal totals share a rank. */
export async function globalStandings(
  ctx: ServiceContext,
  input: {
    readonly season: number;
    readonly race?: string | undefined;
    readonly limit: number;
    readonly cursor?: string | undefined;
  },
): Promise<StandingsPage> {
  const race = await scoredRace(ctx.db, input);
  if (!race?.buildId || race.revision === null) return { race: null, items: [], total: 0, nextCursor: null };
  const after = input.cursor === undefined ? sql`true` : afterCursor(input.cursor);
  const rows = await placedTeams(
    ctx.db,
    race,
    sql`${after} order by placed.total desc, placed.best desc, placed.team_id limit ${input.limit + 1}`,
  );
  const page = rows.slice(0, input.limit);
  const last = page.at(-1);
  const { rows: counted } = await ctx.db.execute<{ teams: number }>(
    sql`select teams from standings_builds where id = ${race.buildId}`,
  );
  return {
    race: { season: race.season, slug: race.slug, revision: race.revision },
    items: page.map(viewOf),
    total: counted[0]?.teams ?? 0,
    nextCursor: last && rows.length > input.limit ? `${last.total}.${last.best}.${last.teamId}` : null,
  };
}

/** Where my teams stand in the whole game. */
export async function myStandings(
  ctx: ServiceContext,
  input: { readonly season: number },
): Promise<{ items: StandingView[] }> {
  const owner = speakerId(ctx.actor);
  const race = await scoredRace(ctx.db, input);
  if (!race?.buildId) return { items: [] };
  const rows = await placedTeams(
    ctx.db,
    race,
    sql`team.owner_id = ${owner} order by placed.total desc, placed.best desc, placed.team_id`,
  );
  return { items: rows.map(viewOf) };
}

/** The teams just above and just below one team. */
export async function aroundTeam(
  ctx: ServiceContext,
  input: { readonly teamId: string; readonly each: number },
): Promise<{ items: StandingView[] }> {
  const [team] = await ctx.db
    .select({ season: teams.season })
    .from(teams)
    .where(and(eq(teams.id, input.teamId), isNull(teams.removedAt)));
  if (!team) throw new DomainError("not_found", "team.not_found", "There is no such team.");
  const race = await scoredRace(ctx.db, { season: team.season });
  if (!race?.buildId) return { items: [] };
  const [me] = await ctx.db
    .select({ total: standings.total, best: standings.best })
    .from(standings)
    .where(and(eq(standings.buildId, race.buildId), eq(standings.teamId, input.teamId)));
  if (!me) return { items: [] };
  const here = keyOf(`${me.total}.${me.best}.${input.teamId}`);
  const above = await placedTeams(
    ctx.db,
    race,
    sql`(placed.total, placed.best) >= (${me.total}, ${me.best}) and (-placed.total, -placed.best, placed.team_id) < ${here}
      order by placed.total, placed.best, placed.team_id desc limit ${input.each}`,
  );
  const below = await placedTeams(
    ctx.db,
    race,
    sql`(placed.total, placed.best) <= (${me.total}, ${me.best}) and (-placed.total, -placed.best, placed.team_id) >= ${here}
      order by placed.total desc, placed.best desc, placed.team_id limit ${input.each + 1}`,
  );
  return { items: [...above.reverse(), ...below].map(viewOf) };
}

/** The race asked for, or the season's newest with standings. */
export async function scoredRace(
  db: Db,
  input: { readonly season: number; readonly race?: string | undefined },
): Promise<RaceRow | null> {
  await rulesOfSeason(db, input.season);
  if (input.race !== undefined) return raceNamed(db, { season: input.season, slug: input.race });
  const [race] = await db
    .select()
    .from(races)
    .where(and(eq(races.season, input.season), isNotNull(races.buildId), isNull(races.cancelledAt)))
    .orderBy(desc(races.lockAt))
    .limit(1);
  return race ?? null;
}

type PlacedRow = Omit<StandingView, "rankChange"> & { readonly best: number; readonly rankBefore: number | null };

async function placedTeams(db: Db, race: RaceRow, chosen: SQL): Promise<PlacedRow[]> {
  const { rows } = await db.execute<PlacedRow & Record<string, unknown>>(sql`
    select step.above + 1 as rank, placed.team_id as "teamId", team.name as "teamName", ${shownUsername} as username,
      placed.race_points as "racePoints", placed.total, placed.best, step_before.above + 1 as "rankBefore"
    from standings placed
    join rank_steps step on step.build_id = placed.build_id and step.total = placed.total
    join teams team on team.id = placed.team_id
    join users on users.id = team.owner_id
    left join lateral (
      select build_id from races where season = ${race.season} and lock_at < ${race.lockAt.toISOString()}::timestamptz and build_id is not null
      order by lock_at desc limit 1) before on true
    left join standings placed_before on placed_before.build_id = before.build_id and placed_before.team_id = placed.team_id
    left join rank_steps step_before on step_before.build_id = before.build_id and step_before.total = placed_before.total
    where placed.build_id = ${race.buildId} and ${chosen}`);
  return rows;
}

function viewOf({ best: _best, rankBefore, ...row }: PlacedRow): StandingView {
  return { ...row, rankChange: rankBefore === null ? null : rankBefore - row.rank };
}

/** The bound on the total alone lets the index start at the cursor instead of at the leader. */
function afterCursor(cursor: string): SQL {
  return sql`(-placed.total, -placed.best, placed.team_id) > ${keyOf(cursor)} and placed.total <= ${Number(cursor.split(".")[0])}::int`;
}

/** A cursor names the last team of a page by what orders it: total, best race, id. */
function keyOf(cursor: string): SQL {
  const [total, best, teamId] = cursor.split(".");
  if (!/^-?\d{1,9}$/.test(total ?? "") || !/^-?\d{1,9}$/.test(best ?? "") || !/^[0-9a-f-]{36}$/.test(teamId ?? ""))
    throw new DomainError(
      "malformed",
      "standings.bad_cursor",
      "This cursor is not one of ours. Take it from nextCursor of the page before.",
    );
  return sql`(${-Number(total)}::int, ${-Number(best)}::int, ${teamId}::uuid)`;
}
