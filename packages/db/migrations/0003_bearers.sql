-- Servers remember who bears a session. Whatever takes a session or changes what its user may do is told here, so that a
-- script or a hand is heard as well. `*` stands for everybody.
create function tell_bearers(who uuid[]) returns void language plpgsql as $$
begin
  if cardinality(who) > 100 then
    perform pg_notify('pitwall_bearers', '*');
  else
    perform pg_notify('pitwall_bearers', id::text) from unnest(who) id;
  end if;
end
$$;--> statement-breakpoint

create function tell_everybody() returns trigger language plpgsql as $$
begin
  perform pg_notify('pitwall_bearers', '*');
  return null;
end
$$;--> statement-breakpoint

-- A spent or expired row opens nothing, so sweeping it out is no news. A session ends with its one live row.
create function tell_ended_sessions() returns trigger language plpgsql as $$
begin
  perform tell_bearers(array_agg(distinct user_id)) from ended
    where spent_at is null and expires_at > clock_timestamp();
  return null;
end
$$;--> statement-breakpoint
create trigger sessions_ended after delete on sessions
  referencing old table as ended for each statement execute function tell_ended_sessions();--> statement-breakpoint
create trigger sessions_emptied after truncate on sessions for each statement execute function tell_everybody();--> statement-breakpoint

-- A refresh spends a row and adds the next: the session goes on, and its bearer is the same. All else is done by hand.
create function tell_moved_session() returns trigger language plpgsql as $$
begin
  perform tell_bearers(array[old.user_id, new.user_id]);
  return null;
end
$$;--> statement-breakpoint
create trigger sessions_moved after update on sessions for each row
  when ((old.user_id, old.family, old.expires_at, old.started_at)
    is distinct from (new.user_id, new.family, new.expires_at, new.started_at))
  execute function tell_moved_session();--> statement-breakpoint

create function tell_changed_users() returns trigger language plpgsql as $$
begin
  perform tell_bearers(array_agg(was.id)) from was left join now_is on now_is.id = was.id
    where (now_is.role, now_is.is_active, now_is.username, now_is.tier, now_is.deleted_at)
      is distinct from (was.role, was.is_active, was.username, was.tier, was.deleted_at);
  return null;
end
$$;--> statement-breakpoint
create trigger users_changed after update on users
  referencing old table as was new table as now_is for each statement execute function tell_changed_users();--> statement-breakpoint

create function tell_gone_users() returns trigger language plpgsql as $$
begin
  perform tell_bearers(array_agg(id)) from was;
  return null;
end
$$;--> statement-breakpoint
create trigger users_gone after delete on users
  referencing old table as was for each statement execute function tell_gone_users();--> statement-breakpoint
create trigger users_emptied after truncate on users for each statement execute function tell_everybody();
