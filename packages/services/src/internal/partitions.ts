import type { Db } from "@pitwall/db/database";
import { type SQL, sql } from "drizzle-orm";

/**
 * How each partitioned table is keyed and ordered. What orders a partition leaves its key out, and turns points round, so that
 * all of it ascends and a place in the order is one comparison of rows.
 */
const PARTITIONED = {
  fielded: {
    key: "race_id",
    columns: ["race_id", "team_id", "lineup_id"],
    primaryKey: "race_id, team_id",
    orders: [],
  },
  standings: {
    key: "build_id",
    columns: ["build_id", "team_id", "race_points", "total", "best"],
    primaryKey: "build_id, team_id",
    orders: ["(-total), (-best), team_id", "(-race_points), (-total), (-best), team_id"],
  },
} as const;

type Partitioned = keyof typeof PARTITIONED;

/** A partition under its own name: a query that names it plans and locks nothing of the others. */
export function partitionOf(table: Partitioned, key: number): SQL {
  return sql`${sql.identifier(`${table}_${key}`)}`;
}

/**
 * Fills one partition beside the table and attaches it whole, so that readers see all of it or none of it. `rows` selects the
 * table's columns in their order, best by team: the key is then made without sorting, and what is made of these rows next
 * needs no hashing. Answers the number of rows; no rows leave no partition behind. Runs in the caller's transaction.
 */
export async function fillPartition(db: Db, table: Partitioned, key: number, rows: SQL): Promise<number> {
  const { key: keyColumn, columns, primaryKey, orders } = PARTITIONED[table];
  const partition = partitionOf(table, key);
  await useTheMachine(db);
  const { rowCount } = await db.execute(
    sql`create table ${partition} as select * from (${rows}) made (${sql.raw(columns.join(", "))})`,
  );
  if (!rowCount) {
    await db.execute(sql`drop table ${partition}`);
    return 0;
  }
  // The check spares the table's own look at every row when the partition joins it.
  await db.execute(
    sql`alter table ${partition} ${sql.raw(
      columns.map((column) => `alter ${column} set not null`).join(", "),
    )}, add check (${sql.raw(`${keyColumn} = ${key}`)}), add primary key (${sql.raw(primaryKey)})`,
  );
  for (const order of orders) await db.execute(sql`create index on ${partition} (${sql.raw(order)})`);
  await db.execute(sql`analyze ${partition}`);
  await db.execute(
    sql`alter table ${sql.identifier(table)} attach partition ${partition} for values in (${sql.raw(String(key))})`,
  );
  return rowCount;
}

/**
 * For the rest of the transaction: sorts and hashes of a whole season stay in memory, and a million rows are known from three
 * thousand of them. They go into a table of their own in half the time that an insert into an existing one takes, since only
 * that may read in parallel.
 */
async function useTheMachine(db: Db): Promise<void> {
  await db.execute(sql`
    select set_config('work_mem', '64MB', true), set_config('maintenance_work_mem', '256MB', true),
      set_config('default_statistics_target', '10', true), set_config('jit', 'off', true)`);
}
