import { withTx } from "@pitwall/db/database";
import { sql } from "drizzle-orm";
import type { Bench } from "../bench.ts";
import { bareWrite } from "../limits/limits.ts";
import type { Script } from "../load/script.ts";
import { PLAYED } from "../season.ts";
import { HTTP_WARM_UPS, type Workload } from "../workload.ts";

const STEADY = 32;
const RUSHING = 256;
const SHORTEST_RUSH = 1;
/** As long as so many rounds of other loads: all connections are opened at once, and their first answers are not to be one in thirty. */
const ROUNDS_LONG = 3;
/** For this share of a rush, line-ups are in time. */
const BEFORE_LOCK = 0.7;
/** In time or too late. */
const EITHER = [200, 422];

/** Saving line-ups for the race that is open. */
export const lineups: Workload = {
  name: "lineups",
  async *lines(bench) {
    await bench.weekends.locked(PLAYED);
    await locksIn(bench, 86_400);
    yield {
      ...{ what: "set a line-up", warmUps: HTTP_WARM_UPS, limit: bareWrite(bench, STEADY) },
      async round(nth) {
        const script = await savings(bench, nth);
        return (await bench.fire(script, { connections: atMost(STEADY, script) })).sample;
      },
    };
  },
};

/** The last moments before a lock, and the first ones after it. */
export const rush: Workload = {
  name: "rush",
  async *lines(bench) {
    await bench.weekends.locked(PLAYED);
    const seconds = Math.max(SHORTEST_RUSH, ROUNDS_LONG * bench.scale.seconds);
    const seen = { inTime: 0, late: 0 };
    yield {
      ...{ what: `${RUSHING} at once until the lock falls`, warmUps: HTTP_WARM_UPS, limit: bareWrite(bench, RUSHING) },
      async round(nth) {
        const script = await savings(bench, nth + 1);
        await locksIn(bench, seconds * BEFORE_LOCK);
        const { sample, statuses } = await bench.fire(script, {
          connections: atMost(RUSHING, script),
          seconds,
          expected: EITHER,
        });
        await untilLocked(bench);
        await expectNoneLate(bench);
        seen.inTime += statuses["200"] ?? 0;
        seen.late += statuses["422"] ?? 0;
        return sample;
      },
      told: () => `${seen.inTime} saved, ${seen.late} refused as late, and none in the tables after its lock`,
    };
    await locksIn(bench, 86_400);
  },
};

/** One half of the teams, then the other: what the round before left unanswered may still be saved. */
async function savings(bench: Bench, nth: number): Promise<Savings> {
  const teams = (await (await bench.players()).teams()).filter((_, at) => at % 2 === Math.abs(nth) % 2);
  return { kind: "lineups", teams, choices: bench.weekends.choices };
}

/** Each team is saved by one of them only. */
function atMost(connections: number, { teams }: Savings): number {
  return Math.min(connections, teams.length);
}

type Savings = Extract<Script, { kind: "lineups" }>;

/** Counted from when the race is held: what is being saved meanwhile would otherwise be after a lock that it could not see. */
export async function locksIn({ database, weekends }: Bench, seconds: number): Promise<void> {
  const { id } = weekends.open;
  await withTx(database.db, async (tx) => {
    await tx.execute(sql`select from races where id = ${id} for update`);
    await tx.execute(
      sql`update races set lock_at = clock_timestamp() + ${seconds}::float8 * interval '1 second' where id = ${id}`,
    );
  });
}

/** On a slow machine the load may be over before; then nobody was late. */
async function untilLocked({ database, weekends }: Bench): Promise<void> {
  await database.db.execute(sql`
    select pg_sleep(greatest(0, extract(epoch from lock_at - clock_timestamp()))) from races where id = ${weekends.open.id}`);
}

async function expectNoneLate({ database, weekends }: Bench): Promise<void> {
  const { rows } = await database.db.execute<{ late: number; by: string }>(sql`
    select count(*)::int as late, max(saved.saved_at - race.lock_at)::text as by from team_lineups saved join races race on race.id = saved.race_id
    where race.id = ${weekends.open.id} and saved.saved_at >= race.lock_at`);
  if (rows[0]?.late !== 0) throw new Error(`${rows[0]?.late} saved after the lock, by ${rows[0]?.by}`);
}
