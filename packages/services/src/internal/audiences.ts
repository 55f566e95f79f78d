import { broadcasts } from "@pitwall/db/schema";
import { type Placeholder, type SQL, sql } from "drizzle-orm";

/**
 * Whether a broadcast is for a reader, in a statement over `broadcasts`. What was told before somebody's time was never for
 * them, and a team that came later, or is gone, has nothing to be told.
 */
export function isMeantFor(userId: SQL | Placeholder | string): SQL {
  return sql`(${broadcasts.createdAt} >= (select reader.created_at from users reader where reader.id = ${userId}) and
    case ${broadcasts.audience}
      when 'admins' then exists (select from users reader where reader.id = ${userId} and reader.role = 'admin')
      when 'teams' then exists (
        select from teams team where team.owner_id = ${userId} and team.removed_at is null
          and team.season = (select race.season from races race where race.id = ${broadcasts.raceId})
          and team.created_at <= ${broadcasts.createdAt})
      else true end)`;
}
