-- Whoever changes a thing need not think of its version: what counts as a change is said here, once.
create function count_change() returns trigger language plpgsql as $$
begin
  new.version := old.version + 1;
  return new;
end
$$;--> statement-breakpoint
create trigger leagues_changed before update of name, description, is_private, seats, code, owner_id on leagues for each row
  when ((old.name, old.description, old.is_private, old.seats, old.code, old.owner_id)
    is distinct from (new.name, new.description, new.is_private, new.seats, new.code, new.owner_id))
  execute function count_change();--> statement-breakpoint
create trigger drivers_changed before update of given_name, family_name, code, nationality, date_of_birth, edited_at on drivers for each row
  when ((old.given_name, old.family_name, old.code, old.nationality, old.date_of_birth, old.edited_at)
    is distinct from (new.given_name, new.family_name, new.code, new.nationality, new.date_of_birth, new.edited_at))
  execute function count_change();
