import { setTimeout as wait } from "node:timers/promises";
import { DrizzleQueryError } from "drizzle-orm/errors";
import { drizzle, type NodePgQueryResultHKT } from "drizzle-orm/node-postgres";
import type { PgDatabase } from "drizzle-orm/pg-core";
import pg from "pg";
import * as schema from "./schema/index.ts";

/** A pool or a transaction: whoever is handed one need not know which. */
export type Db = PgDatabase<NodePgQueryResultHKT, typeof schema>;

export interface Database {
  readonly db: Db;
  readonly pool: pg.Pool;
  /** Waits for what is under way. Calling it again is harmless. */
  close(): Promise<void>;
}

export interface DatabaseOptions {
  readonly url: string;
  readonly max?: number;
  readonly applicationName?: string;
  /** Milliseconds after which nobody waits any more for a connection. */
  readonly connectTimeout?: number;
  /** Milliseconds after which the server gives a statement up. 0 is never. */
  readonly statementTimeout?: number;
  /** Milliseconds after which we give an answer up, with its connection. Longer than `statementTimeout`; 0 is never. */
  readonly queryTimeout?: number;
  /** Milliseconds after which a statement that waits for somebody else's lock is given up. 0 is never. */
  readonly lockTimeout?: number;
  /** Milliseconds after which the server undoes a whole transaction, from PostgreSQL 17 on. 0 is never. */
  readonly transactionTimeout?: number;
}

/** Set-based work over a million teams takes its time: its connections have a patience that most requests must not have. */
export const PATIENT = {
  statementTimeout: 120_000,
  queryTimeout: 130_000,
  lockTimeout: 30_000,
  transactionTimeout: 600_000,
} as const satisfies Partial<DatabaseOptions>;

const poolOf = new WeakMap<Db, pg.Pool>();

/** Connects at the first query, so an absent database shows there. */
export function openDatabase(options: DatabaseOptions): Database {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.max ?? 10,
    application_name: options.applicationName ?? "pitwall",
    connectionTimeoutMillis: options.connectTimeout ?? 2_000,
    query_timeout: options.queryTimeout ?? 5_000,
    statement_timeout: options.statementTimeout ?? 4_000,
    lock_timeout: options.lockTimeout ?? 2_000,
    idle_in_transaction_session_timeout: 10_000,
    keepAlive: true,
    options: "-c timezone=UTC",
    onConnect: (client) => limitTransactions(client, options.transactionTimeout ?? 10_000),
  });
  // A connection that breaks also rejects the query on it. Without both listeners the event would end the process.
  pool.on("error", () => undefined);
  pool.on("connect", (client) => client.on("error", () => undefined));

  const db: Db = drizzle(pool, { schema });
  poolOf.set(db, pool);
  let closing: Promise<void> | undefined;
  return {
    db,
    pool,
    close() {
      closing ??= pool.end();
      return closing;
    },
  };
}

/** Older servers would refuse a connection that begins with a setting which they do not know. */
async function limitTransactions(client: pg.ClientBase, milliseconds: number): Promise<void> {
  await client.query(
    "select set_config('transaction_timeout', $1, false) where current_setting('server_version_num')::int >= 170000",
    [String(milliseconds)],
  );
}

/** Whether what is done with it comes to be only when somebody else's transaction does. */
export function isTransaction(db: Db): boolean {
  return !poolOf.has(db);
}

/** How many connections this process has, in use and not, and how many wait for one. */
export function connectionsOf(db: Db): Readonly<Record<"total" | "idle" | "waiting", number>> {
  const pool = poolOf.get(db);
  return { total: pool?.totalCount ?? 0, idle: pool?.idleCount ?? 0, waiting: pool?.waitingCount ?? 0 };
}

/**
 * Does `work` unless somebody is at the work of this name already, here or in another process; then it answers undefined.
 * The claim belongs to a connection, not to a transaction, and ends with it: who is killed keeps nobody waiting.
 */
export async function alone<T>(db: Db, name: string, work: () => Promise<T>): Promise<T | undefined> {
  const pool = poolOf.get(db);
  if (pool === undefined)
    throw new TypeError("A claim needs a connection of its own, and a transaction has none to give.");
  const client = await pool.connect();
  try {
    const { rows } = await client.query<{ mine: boolean }>(CLAIM, [name]);
    return rows[0]?.mine ? await work() : undefined;
  } finally {
    // A connection that is lost took its claim with it.
    const isLost = await client.query("select pg_advisory_unlock_all()").then(
      () => false,
      () => true,
    );
    client.release(isLost);
  }
}

const CLAIM = "select pg_try_advisory_lock(hashtextextended($1, 0)) as mine";

const ATTEMPTS = 4;

/**
 * Runs `work` in a transaction: all of it happens, or nothing. Joins the transaction that `db` already is. After a deadlock
 * or a serialization failure the whole of `work` runs again, so it must do nothing outside of the database.
 */
export async function withTx<T>(db: Db, work: (tx: Db) => Promise<T>): Promise<T> {
  const pool = poolOf.get(db);
  if (pool === undefined) return work(db);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await transact(pool, work);
    } catch (error) {
      if (attempt === ATTEMPTS || !isPassing(error)) throw error;
      await wait(Math.random() * 20 * attempt);
    }
  }
}

async function transact<T>(pool: pg.Pool, work: (tx: Db) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  const tx = onConnection(client);
  let broken: Error | undefined;
  try {
    await tx.execute("begin");
    const result = await work(tx);
    const { command } = await tx.execute("commit");
    // PostgreSQL answers so when a statement failed and `work` went on as if it had not.
    if (command !== "COMMIT") throw new Error("The transaction was rolled back, because a statement in it had failed.");
    return result;
  } catch (error) {
    broken = isLost(error) ? error : await rollback(tx);
    throw error;
  } finally {
    client.release(broken);
  }
}

const dbOf = new WeakMap<pg.PoolClient, Db>();

/** The same for every transaction on a connection, so that a query is built once for all of them. */
function onConnection(client: pg.PoolClient): Db {
  const db = dbOf.get(client) ?? drizzle(client, { schema });
  dbOf.set(client, db);
  return db;
}

/** What makes the connection unusable, if anything does. */
async function rollback(tx: Db): Promise<Error | undefined> {
  try {
    await tx.execute("rollback");
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error("The rollback failed.", { cause: error });
  }
}

/** The connection is gone or still busy, as opposed to the server having answered with an error. */
function isLost(error: unknown): error is Error {
  for (const link of chain(error)) {
    if (link instanceof pg.DatabaseError) return false;
    if (link instanceof DrizzleQueryError) return !(link.cause instanceof pg.DatabaseError);
  }
  return false;
}

const DEADLOCK = "40P01";
const SERIALIZATION_FAILURE = "40001";

function isPassing(error: unknown): boolean {
  for (const link of chain(error)) {
    if (link instanceof pg.DatabaseError) return link.code === DEADLOCK || link.code === SERIALIZATION_FAILURE;
  }
  return false;
}

function* chain(error: unknown): Generator<Error> {
  for (let link = error; link instanceof Error; link = link.cause) yield link;
}
