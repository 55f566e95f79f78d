import { type Db, withTx } from "@pitwall/db/database";
import { jobRuns, workers } from "@pitwall/db/schema";
import { SECOND } from "@pitwall/domain/durations";
import { and, asc, inArray, isNotNull, type SQL, sql } from "drizzle-orm";
import type { ServiceContext } from "../context.ts";

/** A process that does jobs. */
export interface Worker {
  readonly id: string;
  /** The name under which the queue locks jobs for it; null for one that takes none from the queue. */
  readonly pool: string | null;
  readonly host: string;
  readonly pid: number;
}

export type WorkerView = Omit<typeof workers.$inferSelect, "pool">;

/** Who takes jobs from the queue, and has been heard lately. */
export async function workersAtWork({ db }: Pick<ServiceContext, "db">): Promise<WorkerView[]> {
  const { id, host, pid, startedAt, seenAt } = workers;
  return db
    .select({ id, host, pid, startedAt, seenAt })
    .from(workers)
    .where(and(isNotNull(workers.pool), sql`${seenAt} >= ${ago(LATELY)}`))
    .orderBy(asc(startedAt));
}

const LATELY = 30 * SECOND;

/** What every connection of a worker is called, so that they can be cut when it is dead. */
export function connectionName(workerId: string): string {
  return `pitwall-jobs ${workerId}`;
}

export interface Pulse {
  /** Whether it counted as alive until now. Who did not has slept, or could not reach the database, and cannot judge others. */
  readonly wasAlive: boolean;
  /** By how many milliseconds the clock of this process is ahead of the database's. */
  readonly skew: number;
}

/** Says that a worker is alive. `patience` is after how many milliseconds of silence it is not. */
export async function pulse(ctx: ServiceContext, worker: Worker, patience: number): Promise<Pulse> {
  const { id, pool, host, pid } = worker;
  const { rows } = await ctx.db.execute<{ wasAlive: boolean; now: string }>(sql`
    with before as (select seen_at from workers where id = ${id})
    insert into workers (id, pool, host, pid) values (${id}, ${pool}, ${host}, ${pid})
    on conflict (id) do update set seen_at = clock_timestamp()
    returning coalesce((select seen_at >= ${ago(patience)} from before), false) as "wasAlive", clock_timestamp()::text as now`);
  const [said] = rows;
  if (!said) throw new Error("a pulse came back without its row");
  return { wasAlive: said.wasAlive, skew: ctx.now().getTime() - new Date(said.now).getTime() };
}

export interface TakenOver {
  readonly workers: number;
  /** Jobs that are free to be done by somebody else. */
  readonly jobs: number;
  /** Jobs that have cost too many workers their lives. */
  readonly givenUp: number;
  readonly runs: number;
}

/**
 * Takes away what silent workers hold. Their connections are cut first: one that only slept wakes up without its claims and
 * its transactions, so whatever it was about to write is undone. Doing it twice, or by several at once, changes nothing.
 */
export function takeOver(ctx: ServiceContext, patience: number): Promise<TakenOver> {
  return withTx(ctx.db, async (db) => {
    const dead = await db
      .delete(workers)
      .where(sql`${workers.seenAt} < ${ago(patience)}`)
      .returning({ id: workers.id, pool: workers.pool });
    if (dead.length > 0) await cutOff(db, dead);
    const { rows: unknown } = await db.execute<{ pool: string }>(sql`
      select distinct locked_by as pool from graphile_worker.jobs
      where locked_at < ${ago(patience)} and locked_by not in (select pool from workers where pool is not null)`);
    const pools = new Set([...dead.flatMap(({ pool }) => pool ?? []), ...unknown.map(({ pool }) => pool)]);
    const freed = await free(db, [...pools]);
    const runs = await abandon(
      db,
      sql`${jobRuns.startedAt} < ${ago(patience)} and ${jobRuns.worker} not in (select id from workers)`,
    );
    return { workers: dead.length, ...freed, runs };
  });
}

/** A worker goes, and leaves what it could not end to the others. */
export async function leave(ctx: ServiceContext, { id, pool }: Worker): Promise<void> {
  await withTx(ctx.db, async (db) => {
    await db.execute(sql`delete from workers where id = ${id}`);
    if (pool !== null) await free(db, [pool]);
    await abandon(db, sql`${jobRuns.worker} = ${id}`);
  });
}

function ago(milliseconds: number): SQL {
  return sql`clock_timestamp() - ${milliseconds}::int * interval '1 millisecond'`;
}

async function cutOff(db: Db, dead: readonly { readonly id: string }[]): Promise<void> {
  const names = dead.map(({ id }) => connectionName(id));
  await db.execute(sql`
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and usename = current_user and ${inArray(sql`application_name`, names)}`);
}

/** After so many attempts that ended with their worker, the job is what kills them. */
const MOST_DEATHS = 3;

/** An attempt that its worker did not survive is not the job's fault, so it is given another one. */
async function free(db: Db, pools: readonly string[]): Promise<Pick<TakenOver, "jobs" | "givenUp">> {
  if (pools.length === 0) return { jobs: 0, givenUp: 0 };
  const { rows: held } = await db.execute<{ id: string; attempts: number; most: number }>(sql`
    select id::text, attempts, max_attempts as most from graphile_worker.jobs
    where ${inArray(sql`locked_by`, [...pools])}`);
  await db.execute(sql`select graphile_worker.force_unlock_workers(${sql.param(pools)}::text[])`);
  let givenUp = 0;
  for (const { id, attempts, most } of held) {
    if (attempts < most) continue;
    if (attempts < MOST_DEATHS) {
      await db.execute(
        sql`select graphile_worker.reschedule_jobs(array[${id}::bigint], max_attempts => ${attempts + 1}::int)`,
      );
      continue;
    }
    await db.execute(sql`select graphile_worker.permanently_fail_jobs(array[${id}::bigint], ${WORKER_DIED})`);
    givenUp += 1;
  }
  return { jobs: held.length - givenUp, givenUp };
}

const WORKER_DIED = "the worker that did it is gone";

async function abandon(db: Db, chosen: SQL): Promise<number> {
  const { rowCount } = await db
    .update(jobRuns)
    .set({ endedAt: sql`clock_timestamp()`, outcome: "abandoned", error: WORKER_DIED })
    .where(sql`${jobRuns.endedAt} is null and ${chosen}`);
  return rowCount ?? 0;
}
