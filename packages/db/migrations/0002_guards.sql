-- A line-up is saved before its race's lock or not at all. The race row is locked first and the clock read after it, so a
-- write that waited across the deadline is late, and the lock of the race waits for every write that was in time.
create function stamp_lineup() returns trigger language plpgsql as $$
declare
  race record;
begin
  select lock_at, locked_at, cancelled_at into race from races where id = new.race_id for share;
  new.saved_at := clock_timestamp();
  if race.locked_at is not null or race.cancelled_at is not null or new.saved_at >= race.lock_at then
    raise exception 'the race is locked' using errcode = 'PW001';
  end if;
  return new;
end
$$;--> statement-breakpoint
create trigger team_lineups_stamp before insert on team_lineups for each row execute function stamp_lineup();--> statement-breakpoint

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'PW002';
end
$$;--> statement-breakpoint
create trigger team_lineups_append_only before update on team_lineups for each row execute function refuse_change();--> statement-breakpoint
create trigger fielded_append_only before update on fielded for each row execute function refuse_change();--> statement-breakpoint
create trigger revisions_append_only before update on revisions for each row execute function refuse_change();--> statement-breakpoint
create trigger rule_sets_append_only before update on rule_sets for each row execute function refuse_change();--> statement-breakpoint

-- The seats of a league are held by the check on its member count; the counting happens here, once for a statement.
create function count_league_members() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    update leagues l set member_count = l.member_count + added.n
    from (select league_id, count(*)::int as n from changed group by league_id) added where l.id = added.league_id;
  else
    update leagues l set member_count = l.member_count - gone.n
    from (select league_id, count(*)::int as n from changed group by league_id) gone where l.id = gone.league_id;
  end if;
  return null;
end
$$;--> statement-breakpoint
create trigger league_members_added after insert on league_members
  referencing new table as changed for each statement execute function count_league_members();--> statement-breakpoint
create trigger league_members_gone after delete on league_members
  referencing old table as changed for each statement execute function count_league_members();--> statement-breakpoint

alter table races add constraint races_build foreign key (build_id) references standings_builds (id);
