import type { Db } from "@pitwall/db/database";
import { sql } from "drizzle-orm";
import { type Finding, found } from "./report.ts";

/** What people did by hand without a line in the audit trail, and acts under a key whose answer is not known. */
export async function actFindings(db: Db): Promise<Finding[]> {
  const { rows: unanswered } = await db.execute<{ count: number; example: string | null }>(
    sql`select count(*)::int as count, min(procedure) as example from idempotency_keys where answer is null`,
  );
  const { rows: unseen } = await db.execute<{ season: number | null; where: string; count: number }>(sql`
    select season::int as season, "where", count(*)::int as count from (${UNSEEN}) unseen group by season, "where" order by season, "where"`);
  return [
    ...found("key.unanswered", { season: null, where: "keys" }, unanswered[0]?.count ?? 0, unanswered[0]?.example),
    ...unseen.flatMap(({ count, ...at }) => found("audit.missing", at, count)),
  ];
}

/** A row for each thing that says of itself that somebody did it, and of which the trail does not know. */
const UNSEEN = sql`
  select race.season, race.slug || ', revision ' || revision.n as "where"
  from revisions revision join races race on race.id = revision.race_id
  where revision.source like 'admin:%' and not exists (select from audit_log audit
    where audit.act = 'enter_result' and audit.subject = race.season || '/' || race.slug
      and audit.actor = substr(revision.source, 7) and audit.detail ->> 'revision' = revision.n::text)
  union all
  select race.season, race.slug || ', calendar'
  from calendar_changes change join races race on race.id = change.race_id
  where change.source like 'admin:%' and not exists (select from audit_log audit
    where audit.act in ('create_race', 'update_race') and audit.subject = race.season || '/' || race.slug
      and audit.actor = substr(change.source, 7))
  union all
  select null, 'user ' || id from users
  where deleted_at is not null and not exists (select from audit_log audit
    where audit.act = 'remove_account' and audit.subject = users.id::text)
  union all
  select null, 'prices of ' || price.driver_id
  from (select driver_id, set_by, count(*) as times from driver_prices where set_by is not null group by driver_id, set_by) price
  where price.times > (select count(*) from audit_log audit
    where audit.act in ('set_price', 'create_driver') and audit.subject = price.driver_id and audit.actor = price.set_by::text)`;
