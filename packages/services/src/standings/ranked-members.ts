import { type Placeholder, type SQL, sql } from "drizzle-orm";
import { partitionOf } from "../internal/partitions.ts";
import type { Standings } from "./as-of.ts";

/**
 * A league's members with their part of the standings, ranked among themselves. Whoever has entered since stands there with
 * nothing. The ranks before are those that the present members had after the race before.
 */
export function rankedMembers(leagueId: string | Placeholder | SQL, standings: Standings | null): SQL {
  return sql`
    select member.team_id, coalesce(after.race_points, 0) as race_points, coalesce(after.total, 0) as total,
      coalesce(after.best, 0) as best,
      rank() over (order by coalesce(after.total, 0) desc)::int as rank,
      rank() over (order by coalesce(after.race_points, 0) desc)::int as race_rank,
      case when before.team_id is not null then rank() over (order by before.team_id is null, before.total desc)::int end
        as rank_before,
      case when before.team_id is not null then rank() over (order by before.team_id is null, before.race_points desc)::int end
        as race_rank_before
    from league_members member
    left join ${teamsIn(standings?.teams ? standings.buildId : null)} after on after.team_id = member.team_id
    left join ${teamsIn(standings?.carriedId ?? null)} before on before.team_id = member.team_id
    where member.league_id = ${leagueId}`;
}

/** A build without teams has no partition. */
function teamsIn(buildId: number | null): SQL {
  if (buildId === null) return sql`(select * from standings where false)`;
  return sql`(select * from ${partitionOf("standings", buildId)} where build_id = ${sql.raw(String(buildId))})`;
}
