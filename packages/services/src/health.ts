import { isMigrated } from "@pitwall/db/migrated";
import { SECOND } from "@pitwall/domain/durations";
import { sql } from "drizzle-orm";
import type { ServiceContext } from "./context.ts";

export type State = "ok" | "down";

/** What the game stands on, each by itself. */
export type Ground = Readonly<Record<"database" | "migrations" | "queue" | "workers" | "cache", State>>;

/** A worker speaks every few seconds, and may miss some. */
const WORKER_PATIENCE = 30 * SECOND;

/** Looks at all of it at once. Never rejects. */
export async function lookAtGround({ db, cache }: Pick<ServiceContext, "db" | "cache">): Promise<Ground> {
  const [migrated, queue, isCacheThere] = await Promise.all([
    isMigrated(db).catch(() => null),
    lookAtQueue(db).catch(() => ({ isThere: false, isWorkedOn: false })),
    cache.ping(),
  ]);
  return {
    database: stateOf(migrated !== null),
    migrations: stateOf(migrated === true),
    queue: stateOf(queue.isThere),
    workers: stateOf(queue.isWorkedOn),
    cache: stateOf(isCacheThere),
  };
}

/** Rejects also when there are no tables yet. */
async function lookAtQueue(db: ServiceContext["db"]) {
  const { rows } = await db.execute<{ isThere: boolean; isWorkedOn: boolean }>(sql`
    select
      to_regclass('graphile_worker._private_jobs') is not null as "isThere",
      exists (
        select 1 from workers
        where pool is not null and seen_at > clock_timestamp() - ${WORKER_PATIENCE}::int * interval '1 millisecond'
      ) as "isWorkedOn"`);
  return { isThere: rows[0]?.isThere === true, isWorkedOn: rows[0]?.isWorkedOn === true };
}

export function stateOf(isWell: boolean): State {
  return isWell ? "ok" : "down";
}
