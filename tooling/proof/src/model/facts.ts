import type { Db } from "@pitwall/db/database";
import { sql } from "drizzle-orm";
import type { Game } from "./game.ts";

/** What the database holds of one season: each line a fact that somebody was told. */
export async function held(db: Db, { season, idle }: Game): Promise<string[]> {
  const people = sql`select id from users where username ilike ${`fan_${season}_%`}`;
  const { rows } = await db.execute<{ fact: string }>(sql`
    select concat_ws(' ', 'team', id, name, version) as fact from teams where season = ${season} and removed_at is null
    union all select concat_ws(' ', 'line-up', team_id, saved.version, slug, captain.id)
      from team_lineups saved join teams on teams.id = team_id join races on races.id = race_id
      join lineups on lineups.id = lineup_id join drivers captain on captain.key = captain
      where teams.season = ${season} and removed_at is null
    union all select concat_ws(' ', 'league', id, owner_id, version, seats, code) from leagues where season in (${season}, ${idle})
    union all select concat_ws(' ', 'seat', league_id, user_id, team_id) from league_members where season = ${season}
    union all select concat_ws(' ', 'ban', league_id, user_id) from league_bans join leagues on leagues.id = league_id
      where season in (${season}, ${idle})
    union all select concat_ws(' ', 'session', family) from sessions where user_id in (${people}) and spent_at is null
    union all select concat_ws(' ', 'key', user_id, key) from idempotency_keys where user_id in (${people})`);
  return rows.map(({ fact }) => fact).toSorted();
}

/** The same as the model has it. */
export function remembered({ teams, leagues, sessions, kept, races }: Game): string[] {
  return [
    ...[...teams].flatMap(([id, { name, version, lineups }]) => [
      `team ${id} ${name} ${version}`,
      ...lineups.map((saved) => `line-up ${id} ${saved.version} ${races[saved.race]} ${saved.captain}`),
    ]),
    ...[...leagues].flatMap(([id, { owner, version, seats, code, members, bans }]) => [
      `league ${id} ${owner} ${version} ${seats} ${code}`,
      ...[...members].map(([user, { team }]) => `seat ${id} ${user} ${team}`),
      ...[...bans].map((user) => `ban ${id} ${user}`),
    ]),
    ...[...sessions.keys()].map((id) => `session ${id}`),
    ...[...kept.keys()].map((key) => `key ${key}`),
  ].toSorted();
}
