import type { Db } from "@pitwall/db/database";
import { sessions } from "@pitwall/db/schema";
import type { SQL } from "drizzle-orm";

/**
 * Ends every session that the condition names, and answers whether there was any. A refresh under way may add a row that a
 * statement did not see, but only after the row that it saw: once a statement finds nothing, nothing can follow.
 */
export async function endSessions(db: Db, which: SQL | undefined): Promise<boolean> {
  for (let ended = false; ; ended = true) {
    const { rowCount } = await db.delete(sessions).where(which);
    if (!rowCount) return ended;
  }
}
