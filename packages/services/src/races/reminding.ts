import { withTx } from "@pitwall/db/database";
import { races } from "@pitwall/db/schema";
import { dueReminder } from "@pitwall/domain/schedule";
import { and, isNull, sql } from "drizzle-orm";
import type { ServiceContext } from "../context.ts";
import { announceLock } from "../internal/announce.ts";

/**
 * Reminds whoever has a team of each lock that is near, by the database's clock, in one row for all of them. Told once for a
 * race, a moment before its lock, and the time of the lock: a lock that is moved is told of again, since what was said of it
 * holds no more. A race that is just being changed is reminded of at the next tick. Answers how many reminders are new.
 */
export function remindOfLocks(ctx: ServiceContext): Promise<number> {
  const furthest = Math.max(...ctx.schedule.remindBefore);
  return withTx(ctx.db, async (db) => {
    const near = await db
      .select({
        race: races,
        untilLock: sql<number>`1000 * extract(epoch from ${races.lockAt} - clock_timestamp())::float8`,
      })
      .from(races)
      .where(
        and(
          isNull(races.cancelledAt),
          isNull(races.lockedAt),
          sql`${races.lockAt} > clock_timestamp()`,
          sql`${races.lockAt} <= clock_timestamp() + ${furthest}::int8 * interval '1 millisecond'`,
        ),
      )
      .for("share", { skipLocked: true });
    let told = 0;
    for (const { race, untilLock } of near) {
      const before = dueReminder(untilLock, ctx.schedule);
      if (before !== null && (await announceLock(db, race, before))) told += 1;
    }
    return told;
  });
}
