import { type Db, withTx } from "@pitwall/db/database";
import { sql } from "drizzle-orm";
import { expect } from "vitest";

/** Begins the second while the first has done all but what comes `last` and the commit, and sees it wait. */
export async function meanwhile<T>(
  db: Db,
  acts: { first: (tx: Db) => Promise<unknown>; second: () => Promise<T>; last?: (tx: Db) => Promise<unknown> },
): Promise<T> {
  const { second } = await withTx(db, async (tx) => {
    await acts.first(tx);
    const second = acts.second();
    await expect.poll(() => waitersIn(db), { interval: 10 }).toBe(1);
    await acts.last?.(tx);
    return { second };
  });
  return second;
}

async function waitersIn(db: Db): Promise<number> {
  const { rows } = await db.execute<{ n: number }>(
    sql`select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
  );
  return rows[0]?.n ?? 0;
}
