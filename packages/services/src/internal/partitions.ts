import type { Db } from "@pitwall/db/database";
import { type SQL, sql } from "drizzle-orm";

/** How each partitioned table is keyed; the indexes are made after the rows, which is several times cheaper. */
const PARTITIONED = {
  fielded: { key: "race_id", indexes: ["primary key (race_id, team_id)"], order: null },
  standings: {
    key: "build_id",
    indexes: ["primary key (build_id, team_id)"],
    order: "(build_id, total desc, best desc, team_id)",
  },
} as const;

/**
 * Fills one partition beside the table and attaches it whole, so that readers see all of it or none of it. Answers the
 * number of rows; no rows leave no partition behind. Runs in the caller's transaction.
 */
export async function fillPartition(db: Db, table: keyof typeof PARTITIONED, key: number, rows: SQL): Promise<number> {
  const { indexes, order } = PARTITIONED[table];
  const partition = sql.identifier(`${table}_${key}`);
  await db.execute(sql`create table ${partition} (like ${sql.identifier(table)} including defaults)`);
  const { rowCount } = await db.execute(sql`insert into ${partition} ${rows}`);
  if (!rowCount) {
    await db.execute(sql`drop table ${partition}`);
    return 0;
  }
  for (const index of indexes) await db.execute(sql`alter table ${partition} add ${sql.raw(index)}`);
  if (order) await db.execute(sql`create index on ${partition} ${sql.raw(order)}`);
  await db.execute(sql`analyze ${partition}`);
  await db.execute(
    sql`alter table ${sql.identifier(table)} attach partition ${partition} for values in (${sql.raw(String(key))})`,
  );
  return rowCount;
}
