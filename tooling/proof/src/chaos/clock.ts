import { setTimeout as wait } from "node:timers/promises";
import { enqueue } from "@pitwall/services/jobs";
import type { Chance } from "../chance.ts";
import { SEASON, type Weekend } from "./season.ts";
import type { Stage } from "./stage.ts";

const EVERY = 700;

/**
 * The clock in fast motion: what cron asks for every few minutes and hours it asks for all the time, and the hours in which
 * the source recovers its patience pass as fast. Answers how to stop it.
 */
export function turnClock(stage: Stage, weekends: readonly Weekend[], chance: Chance): () => Promise<void> {
  const end = new AbortController();
  const turning = (async () => {
    while (!end.signal.aborted) {
      await turn(stage, weekends, chance).catch(() => undefined);
      await wait(EVERY, undefined, { signal: end.signal }).catch(() => undefined);
    }
  })();
  return () => {
    end.abort();
    return turning;
  };
}

function turn(stage: Stage, weekends: readonly Weekend[], chance: Chance): Promise<void> {
  return stage.asked(async ({ db, pool }) => {
    await pool.query(
      "update source_budgets set full_at = asked_at, silent_until = least(silent_until, clock_timestamp() + interval '1 second')",
    );
    for (const name of ["lock-races", "remind-of-lock", "watch-results"] as const)
      await enqueue({ db }, name, {}, name);
    const run = weekends.filter(({ lockAt }) => lockAt.getTime() < Date.now());
    if (run.length > 0) await look(stage, chance.next() < 0.7 ? run.at(-1) : chance.one(run));
  });
}

function look(stage: Stage, weekend: Weekend | undefined): Promise<void> {
  return stage.asked(async ({ db, pool }) => {
    const { rows } = await pool.query<{ id: number }>(
      "select id from races where slug = $1 and season = $2 and locked_at is not null",
      [weekend?.slug, SEASON],
    );
    for (const { id: raceId } of rows)
      await enqueue({ db }, "check-result", { raceId, anyway: true }, `check-result:${raceId}`);
  });
}

const SETTLES_WITHIN = 75_000;

/** Until every race that is over has the last result that the source tells, and nothing waits to be done. */
export async function settle(
  stage: Stage,
  weekends: readonly Weekend[],
  told: (slug: string) => number,
): Promise<string[]> {
  const until = Date.now() + SETTLES_WITHIN;
  for (;;) {
    const run = weekends.filter(({ lockAt }) => lockAt.getTime() < Date.now());
    const behind = await stage
      .asked(async ({ pool }) => {
        await pool.query("update source_budgets set full_at = asked_at, silent_until = clock_timestamp()");
        const { rows } = await pool.query<{ slug: string; n: number }>(
          "select slug, coalesce(revision, 0)::int as n from races where season = $1",
          [SEASON],
        );
        const held = new Map(rows.map(({ slug, n }) => [slug, n]));
        const waiting = await pool.query(
          "select task_identifier || ' ' || coalesce(key, '') || coalesce(' held by ' || locked_by, '') as job from graphile_worker.jobs where locked_at is not null or (attempts < max_attempts and run_at <= now())",
        );
        const late = run.filter(({ slug }) => (held.get(slug) ?? 0) < told(slug));
        if (late.length > 0) for (const weekend of late) await look(stage, weekend);
        return [
          ...late.map(({ slug }) => `${slug} has ${held.get(slug)} of ${told(slug)} revisions`),
          ...waiting.rows.map((row) => `${row.job} waits`),
        ];
      })
      .catch((error: unknown) => [String(error)]);
    if (behind.length === 0) return [];
    if (Date.now() > until) return behind;
    await wait(1_000);
  }
}
