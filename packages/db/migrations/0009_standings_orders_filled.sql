-- What builds are made with from now on, for those that are there.
insert into race_rank_steps (build_id, race_points, above, teams)
select build_id, race_points, (sum(teams) over (partition by build_id order by race_points desc) - teams)::int, teams
from (select build_id, race_points, count(*)::int as teams from standings group by build_id, race_points) steps;--> statement-breakpoint

update standings_builds build set carried_id = (
  select before.build_id from races before join races race on race.season = before.season
  where race.id = build.race_id and before.lock_at < race.lock_at and before.build_id is not null and before.cancelled_at is null
  order by before.lock_at desc, before.id desc limit 1);--> statement-breakpoint

do $$
declare
  partition regclass;
  replaced regclass;
begin
  for partition in select inhrelid::regclass from pg_inherits where inhparent = 'standings'::regclass loop
    for replaced in select indexrelid::regclass from pg_index where indrelid = partition and not indisprimary loop
      execute format('drop index %s', replaced);
    end loop;
    execute format('create index on %s ((-total), (-best), team_id)', partition);
    execute format('create index on %s ((-race_points), (-total), (-best), team_id)', partition);
    execute format('analyze %s', partition);
  end loop;
end
$$;
