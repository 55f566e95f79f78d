create trigger calendar_changes_append_only before update on calendar_changes for each row execute function refuse_change();--> statement-breakpoint

-- Up to here a race has only ever been told of by its source.
update races set source_digest = revisions.digest from revisions where revisions.race_id = races.id and revisions.n = races.revision;--> statement-breakpoint

-- What a team fielded follows from the moment of the lock, so that moment stands once the line-ups are fixed.
create function keep_lock() returns trigger language plpgsql as $$
begin
  raise exception 'the race has locked' using errcode = 'PW006';
end
$$;--> statement-breakpoint
create trigger races_lock_stands before update on races for each row
  when (old.locked_at is not null and (old.lock_at, old.locked_at) is distinct from (new.lock_at, new.locked_at))
  execute function keep_lock();--> statement-breakpoint

-- A race that was removed while a line-up waited for it takes none.
create or replace function stamp_lineup() returns trigger language plpgsql as $$
declare
  race record;
begin
  select lock_at, locked_at, cancelled_at into race from races where id = new.race_id for share;
  new.saved_at := clock_timestamp();
  if race.lock_at is null or race.locked_at is not null or race.cancelled_at is not null or new.saved_at >= race.lock_at then
    raise exception 'the race is locked' using errcode = 'PW001';
  end if;
  return new;
end
$$;
