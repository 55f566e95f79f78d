-- Seats are taken under the league's row lock, so that bans, transfers and the counting itself come before or after, never
-- meanwhile. The team's row is held as well: a team that is being removed takes no seat.
create or replace function count_league_members() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    perform from leagues where id in (select league_id from changed) order by id for no key update;
    if exists (select from changed join league_bans using (league_id, user_id)) then
      raise exception 'the user is banned from the league' using errcode = 'PW003';
    end if;
    perform from teams where id in (select team_id from changed) for share;
    if exists (select from changed join teams on teams.id = changed.team_id where teams.removed_at is not null) then
      raise exception 'the team has been removed' using errcode = 'PW005';
    end if;
    update leagues l set member_count = l.member_count + added.n
    from (select league_id, count(*)::int as n from changed group by league_id) added where l.id = added.league_id;
  else
    update leagues l set member_count = l.member_count - gone.n
    from (select league_id, count(*)::int as n from changed group by league_id) gone where l.id = gone.league_id;
  end if;
  return null;
end
$$;--> statement-breakpoint

create function refuse_seated_ban() returns trigger language plpgsql as $$
begin
  perform from leagues where id = new.league_id for no key update;
  if exists (select from league_members where league_id = new.league_id and user_id = new.user_id) then
    raise exception 'a member gives the seat up before the ban' using errcode = 'PW003';
  end if;
  return null;
end
$$;--> statement-breakpoint
create trigger league_bans_unseated after insert on league_bans for each row execute function refuse_seated_ban();--> statement-breakpoint

create function refuse_seated_removal() returns trigger language plpgsql as $$
begin
  if exists (select from league_members where team_id = new.id) then
    raise exception 'a team leaves its leagues before it is removed' using errcode = 'PW005';
  end if;
  return null;
end
$$;--> statement-breakpoint
create trigger teams_removed after update of removed_at on teams for each row
  when (new.removed_at is not null) execute function refuse_seated_removal();--> statement-breakpoint

-- An owner who has a seat keeps it for as long as the league is theirs. Looked at when the transaction ends, since whoever
-- leaves may hand the league over after.
create function keep_owner_seated() returns trigger language plpgsql as $$
begin
  if exists (select from leagues where id = old.league_id and owner_id = old.user_id)
    and not exists (select from league_members where league_id = old.league_id and user_id = old.user_id) then
    raise exception 'the owner keeps the seat' using errcode = 'PW004';
  end if;
  return null;
end
$$;--> statement-breakpoint
create constraint trigger league_members_owner_stays after delete on league_members
  deferrable initially deferred for each row execute function keep_owner_seated();--> statement-breakpoint

create function seat_heir() returns trigger language plpgsql as $$
begin
  perform from league_members where league_id = new.id and user_id = new.owner_id for key share;
  if not found then
    raise exception 'a league is handed over to a member' using errcode = 'PW004';
  end if;
  return null;
end
$$;--> statement-breakpoint
create trigger leagues_handed_over after update of owner_id on leagues for each row
  when (new.owner_id <> old.owner_id) execute function seat_heir();
