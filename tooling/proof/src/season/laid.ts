import type { Database } from "@pitwall/db/database";

type Pool = Database["pool"];

/** Remembers a database as it is now. */
export async function rememberLaid(pool: Pool): Promise<void> {
  await pool.query(REMEMBER);
}

/** Brings a database back to what is remembered: cheaper than a new copy, whose every connection has all to learn again. */
export async function layAgain(pool: Pool): Promise<void> {
  await pool.query("select laid.again()");
}

const REMEMBER = `
  create schema laid;
  do $$
  declare
    one record;
    steps text := '';
  begin
    for one in
      select c.oid, c.relname, string_agg(quote_ident(attname), ', ' order by attnum) filter (where attgenerated = '') as columns
      from pg_class c join pg_attribute on attrelid = c.oid and attnum > 0 and not attisdropped
      where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and not c.relispartition group by c.oid order by c.relname
    loop
      execute format('create table laid.%I as select %s from public.%I', one.relname, one.columns, one.relname);
      steps := steps || format(
        'delete from public.%1$I; insert into public.%1$I (%2$s) overriding system value select %2$s from laid.%1$I;', one.relname, one.columns);
    end loop;
    for one in select schemaname, sequencename, last_value from pg_sequences where schemaname = 'public' loop
      steps := steps || format('perform setval(%L, %s, %L);',
        format('%I.%I', one.schemaname, one.sequencename), coalesce(one.last_value, 1), one.last_value is not null);
    end loop;
    execute format($f$
      create function laid.again() returns void language plpgsql set session_replication_role = replica as $b$
      declare
        one record;
      begin
        for one in select inhrelid::regclass as part from pg_inherits join pg_class on oid = inhrelid where relkind = 'r' loop
          execute format('drop table %%s', one.part);
        end loop;
        delete from graphile_worker._private_jobs;
        %s
      end
      $b$ $f$, steps);
  end
  $$`;
