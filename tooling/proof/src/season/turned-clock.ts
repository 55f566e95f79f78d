import type { Database } from "@pitwall/db/database";

/**
 * Lets a run turn the database's clock. A function of this name comes before PostgreSQL's own on the search path, for
 * statements, triggers and defaults alike. Every reading is a microsecond later than the one before; no reading is undone.
 */
export async function installClock(pool: Database["pool"]): Promise<void> {
  await pool.query(INSTALL);
}

const INSTALL = `
  create unlogged sequence turned_clock minvalue 0;
  create function public.clock_timestamp() returns timestamptz language sql volatile parallel restricted as $$
    select 'epoch'::timestamptz + interval '1 microsecond' *
      case current_setting('transaction_read_only') when 'on' then pg_sequence_last_value('public.turned_clock') else nextval('public.turned_clock') end
  $$;
  do $$
  declare
    one record;
  begin
    for one in
      select attrelid::regclass as holder, attname, pg_get_expr(adbin, adrelid) as told
      from pg_attrdef join pg_attribute on attrelid = adrelid and attnum = adnum
      where pg_get_expr(adbin, adrelid) ~ '^(pg_catalog\\.)?clock_timestamp\\(\\)$'
    loop
      execute format('alter table %s alter %I set default public.clock_timestamp()', one.holder, one.attname);
    end loop;
  end
  $$`;

/** The address at which the turned clock is the only one. */
export function clockedUrl(url: string): string {
  const clocked = new URL(url);
  clocked.searchParams.set(
    "options",
    "-c timezone=UTC -c search_path=public,pg_catalog -c plan_cache_mode=force_generic_plan",
  );
  return clocked.href;
}

export async function turnClock(pool: Database["pool"], to: Date): Promise<void> {
  await pool.query({ name: "turn", text: "select setval('turned_clock', $1::bigint * 1000)", values: [to.getTime()] });
}
