-- The rules of a season stand once one of its races has locked. The races are held first and the clock read after them, so
-- that no race locks while the rules are being changed.
create function hold_season_rules() returns trigger language plpgsql as $$
begin
  perform from races where season = new.year for share;
  if exists (
    select from races
    where season = new.year and (locked_at is not null or (lock_at <= clock_timestamp() and cancelled_at is null))
  ) then
    raise exception 'the rules of the season are in use' using errcode = 'PW007';
  end if;
  return new;
end
$$;--> statement-breakpoint
create trigger seasons_rules_stand before update of rule_set_id on seasons for each row
  when (old.rule_set_id is distinct from new.rule_set_id) execute function hold_season_rules();
