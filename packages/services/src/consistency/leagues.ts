import type { Db } from "@pitwall/db/database";
import { sql } from "drizzle-orm";
import { type Finding, found } from "./report.ts";

/** What all leagues say of the number of their members. */
export async function memberCountFindings(db: Db): Promise<Finding[]> {
  const { rows } = await db.execute<{ id: string; season: number; off: number }>(sql`
    select league.id, league.season::int as season, abs(league.member_count - count(member.user_id))::int as off
    from leagues league left join league_members member on member.league_id = league.id
    group by league.id having league.member_count <> count(member.user_id)
    order by league.id`);
  return rows.flatMap(({ id, season, off }) => found("league.member_count", { season, where: `league ${id}` }, off));
}

/** Leagues that nobody living owns or sits in: whoever deletes an account hands them over and gives the seats up. */
export async function goneFindings(db: Db): Promise<Finding[]> {
  const { rows } = await db.execute<{ id: string; season: number; owned: number; seats: number }>(sql`
    select league.id, league.season::int as season, (owner.deleted_at is not null)::int as owned, coalesce(gone.seats, 0)::int as seats
    from leagues league join users owner on owner.id = league.owner_id
    left join (
      select member.league_id, count(*) as seats from league_members member
      join users on users.id = member.user_id and users.deleted_at is not null group by member.league_id
    ) gone on gone.league_id = league.id
    where owner.deleted_at is not null or gone.seats > 0 order by league.id`);
  return rows.flatMap(({ id, season, owned, seats }) => {
    const at = { season, where: `league ${id}` };
    return [...found("league.owner", at, owned), ...found("league.gone", at, seats)];
  });
}

interface KeptLeague extends Record<string, unknown> {
  readonly leagueId: string;
  readonly season: number;
  readonly leagueBuildId: number;
  readonly buildId: number;
}

/** Those with rows of their own for the newest standings, unless they are just about to be written again. */
export async function keptLeagues(db: Db, newestBuildIds: readonly number[]): Promise<KeptLeague[]> {
  const { rows } = await db.execute<KeptLeague>(sql`
    select distinct on (kept.league_id) kept.league_id as "leagueId", league.season::int as season, kept.id as "leagueBuildId",
      kept.build_id as "buildId"
    from league_builds kept join leagues league on league.id = kept.league_id
    where kept.build_id = any(${sql.param(newestBuildIds)}::int[]) and not exists (
      select from graphile_worker.jobs job where job.key = 'build-league:' || league.id
        and (job.locked_at is not null or job.attempts < job.max_attempts))
    order by kept.league_id, kept.id desc`);
  return rows;
}

/** Ranks a league's members once more and compares its own rows with them. */
export async function leagueFindings(db: Db, league: KeptLeague): Promise<Finding[]> {
  const { rows } = await db.execute<{ teams: number; points: number; team: string | null; point: string | null }>(sql`
    with seated as (
      select member.team_id, coalesce(after.race_points, 0) as race_points, coalesce(after.total, 0) as total,
        coalesce(after.best, 0) as best
      from league_members member
      left join standings after on after.build_id = ${league.buildId} and after.team_id = member.team_id
      where member.league_id = ${league.leagueId}
    ),
    ranked as (
      select seated.*, rank() over (order by total desc) as rank, rank() over (order by race_points desc) as race_rank from seated
    ),
    compared as (
      select coalesce(ranked.team_id, kept.team_id) as team_id, ranked.team_id is null or kept.team_id is null as is_alone,
        (ranked.race_points, ranked.total, ranked.best, ranked.rank, ranked.race_rank)
          is distinct from (kept.race_points, kept.total, kept.best, kept.rank, kept.race_rank) as differs
      from ranked full join (select * from league_standings where build_id = ${league.leagueBuildId}) kept
        on kept.team_id = ranked.team_id
    )
    select count(*) filter (where is_alone)::int as teams, min(team_id::text) filter (where is_alone) as team,
      count(*) filter (where differs and not is_alone)::int as points,
      min(team_id::text) filter (where differs and not is_alone) as point
    from compared`);
  const at = { season: league.season, where: `league ${league.leagueId}` };
  const [row] = rows;
  return [
    ...found("league.teams", at, row?.teams ?? 0, `team ${row?.team}`),
    ...found("league.points", at, row?.points ?? 0, `team ${row?.point}`),
  ];
}
