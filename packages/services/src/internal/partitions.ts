import type { Db } from "@pitwall/db/database";
import { type SQL, sql } from "drizzle-orm";

/**
 * How each partitioned table is keyed and ordered; the indexes are made after the rows, which is several times cheaper.
 * What orders a partition leaves its key out, and turns points round, so that all of it ascends and a place in the order is
 * one comparison of rows.
 */
const PARTITIONED = {
  fielded: { primaryKey: "(race_id, team_id)", orders: [] },
  standings: {
    primaryKey: "(build_id, team_id)",
    orders: ["((-total), (-best), team_id)", "((-race_points), (-total), (-best), team_id)"],
  },
} as const;

type Partitioned = keyof typeof PARTITIONED;

/** A partition under its own name: a query that names it plans and locks nothing of the others. */
export function partitionOf(table: Partitioned, key: number): SQL {
  return sql`${sql.identifier(`${table}_${key}`)}`;
}

/**
 * Fills one partition beside the table and attaches it whole, so that readers see all of it or none of it. Answers the
 * number of rows; no rows leave no partition behind. Runs in the caller's transaction.
 */
export async function fillPartition(db: Db, table: Partitioned, key: number, rows: SQL): Promise<number> {
  const { primaryKey, orders } = PARTITIONED[table];
  const partition = partitionOf(table, key);
  await db.execute(sql`create table ${partition} (like ${sql.identifier(table)} including defaults)`);
  const { rowCount } = await db.execute(sql`insert into ${partition} ${rows}`);
  if (!rowCount) {
    await db.execute(sql`drop table ${partition}`);
    return 0;
  }
  await db.execute(sql`alter table ${partition} add primary key ${sql.raw(primaryKey)}`);
  for (const order of orders) await db.execute(sql`create index on ${partition} ${sql.raw(order)}`);
  await db.execute(sql`analyze ${partition}`);
  await db.execute(
    sql`alter table ${sql.identifier(table)} attach partition ${partition} for values in (${sql.raw(String(key))})`,
  );
  return rowCount;
}
