-- Servers keep answers that everybody may read ready to be sent. Whatever such an answer shows is told here when it changes,
-- so that a script or a hand is heard as well; the word is the name of the table. PostgreSQL lets those who tell commit one
-- after the other, so what players write by the thousand tells nothing, and answers that show it are not kept.
create function tell_change() returns trigger language plpgsql as $$
begin
  perform pg_notify('pitwall_changes', tg_table_name);
  return null;
end
$$;--> statement-breakpoint

do $$
declare
  one text;
begin
  foreach one in array array[
    'rule_sets', 'seasons', 'circuits', 'constructors', 'races', 'calendar_changes', 'drivers', 'race_entries', 'driver_prices',
    'looks', 'revisions', 'classifications', 'scoring_runs', 'driver_scores', 'lineup_scores', 'standings_builds', 'rank_steps',
    'race_rank_steps', 'corrections'
  ] loop
    execute format(
      'create trigger %I after insert or update or delete or truncate on %I for each statement execute function tell_change()',
      one || '_told', one
    );
  end loop;
end
$$;--> statement-breakpoint

-- Of a player and a team only what standings show.
create trigger teams_told after update of name, owner_id, season, removed_at or delete or truncate on teams
  for each statement execute function tell_change();--> statement-breakpoint
create trigger users_told after update of username, deleted_at or delete or truncate on users
  for each statement execute function tell_change();
