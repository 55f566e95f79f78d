import type { Db } from "@pitwall/db/database";
import { HOUR, MINUTE } from "@pitwall/domain/durations";
import { nextLook, SCHEDULE } from "@pitwall/domain/schedule";
import { sql } from "drizzle-orm";
import type { Breach } from "./breach.ts";

const PATIENCE = HOUR + 5 * MINUTE;

interface Watched extends Record<string, unknown> {
  readonly where: string;
  readonly flagDueAt: string;
  readonly recordedAt: string | null;
  readonly lookedAt: string | null;
  readonly freshUntil: string | null;
  readonly seasonEndsAt: string;
  readonly lastLook: string | null;
}

/** Races whose next look, or check, was due so long before a moment of the game that nobody can be at it. */
export async function overdueLooks(db: Db, now: Date): Promise<Breach[]> {
  const { rows } = await db.execute<Watched>(sql`
    select season || ' ' || slug as where, flag_due_at::text as "flagDueAt", recorded_at::text as "recordedAt",
      looked_at::text as "lookedAt", copy_fresh_until::text as "freshUntil",
      (max(flag_due_at) over (partition by season) + interval '28 days')::text as "seasonEndsAt",
      (select max(at) from looks where race_id = races.id)::text as "lastLook"
    from races where cancelled_at is null order by season, lock_at, id`);
  return rows.flatMap((race) => {
    const facts = {
      flagDueAt: new Date(race.flagDueAt),
      recordedAt: moment(race.recordedAt),
      lookedAt: moment(race.lookedAt),
      freshUntil: moment(race.freshUntil),
      seasonEndsAt: new Date(race.seasonEndsAt),
    };
    const due = nextLook(facts, SCHEDULE);
    const late =
      now.getTime() - Math.max(due?.getTime() ?? Number.POSITIVE_INFINITY, moment(race.lastLook)?.getTime() ?? 0);
    if (late <= PATIENCE) return [];
    const words = `nobody has looked since ${race.lastLook ?? "its start"}, which was due at ${due?.toISOString()}`;
    return [{ invariant: facts.recordedAt === null ? "I10" : "I9", words, where: race.where }];
  });
}

function moment(text: string | null): Date | null {
  return text === null ? null : new Date(text);
}

/** What nobody will let go of: jobs held by workers that are gone, and transactions left open while nobody works. */
export async function heldForGood(db: Db): Promise<Breach[]> {
  const jobs = await db.execute<{ id: string; task: string }>(sql`
    select id::text, task_identifier as task from graphile_worker.jobs where locked_at < clock_timestamp() - interval '60 seconds'
      and locked_by not in (select pool from workers where pool is not null and seen_at > clock_timestamp() - interval '60 seconds')`);
  const open = await db.execute<{ pid: number; name: string; query: string }>(sql`
    select pid, application_name as name, left(query, 80) as query from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend' and xact_start is not null`);
  return [
    ...jobs.rows.map(
      ({ id, task }): Breach => ({ invariant: "I10", words: `${task} is held by nobody alive`, where: `job ${id}` }),
    ),
    ...open.rows.map(
      ({ pid, name, query }): Breach => ({
        invariant: "I20",
        words: `has a transaction open: ${query}`,
        where: `${name} ${pid}`,
      }),
    ),
  ];
}
