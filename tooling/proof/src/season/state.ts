import type { World } from "./world.ts";

/** All that a season has come to, by names and without the moments, each row as text. */
export async function stateOf({ database }: World): Promise<Record<string, string[]>> {
  const { rows } = await database.pool.query<{ what: string; row: string }>({ name: "state", text: STATE });
  const what = Object.groupBy(rows, (one) => one.what);
  return Object.fromEntries(Object.entries(what).map(([name, found = []]) => [name, found.map(({ row }) => row)]));
}

const TABLES = {
  races: "select slug, round, sessions, lock_at, locked_at is not null, cancelled_at is not null, revision from races",
  entries: "select slug, driver_id, constructor_id, number from race_entries join races on races.id = race_id",
  prices: "select driver_id, price from driver_prices",
  teams: "select name, version, removed_at is not null, season from teams",
  lineups:
    "select team.name, saved.version, slug, cost, drivers, captain from team_lineups saved join teams team on team.id = team_id join lineups on lineups.id = lineup_id join races on races.id = race_id",
  fielded:
    "select slug, team.name, drivers, captain from fielded join races on races.id = race_id join teams team on team.id = team_id join lineups on lineups.id = lineup_id",
  leagues:
    "select league.name, seats, member_count, owner.username from leagues league join users owner on owner.id = owner_id",
  members:
    "select league.name, team.name, role from league_members member join leagues league on league.id = league_id join teams team on team.id = team_id",
  revisions: "select slug, n, digest, diff from revisions join races on races.id = race_id",
  scorings: "select slug, run.revision, digest_in, digest_out from scoring_runs run join races on races.id = race_id",
  points:
    "select slug, run.revision, drivers, captain, points from lineup_scores score join scoring_runs run on run.id = run_id join races on races.id = race_id join lineups on lineups.id = lineup_id",
  standings:
    "select slug, team.name, race_points, total, best from standings join races on races.build_id = standings.build_id join teams team on team.id = team_id",
  ranks: "select slug, step.total, above, teams from rank_steps step join races on races.build_id = step.build_id",
  broadcasts:
    "select type, slug, broadcasts.revision, title, body from broadcasts left join races on races.id = race_id where audience is distinct from 'admins'",
  notices: "select username, type, title, body from notifications join users on users.id = user_id",
};

const STATE = Object.entries(TABLES)
  .map(([what, query]) => `select '${what}' as what, to_jsonb(found)::text as row from (${query}) found`)
  .join(" union all ");
