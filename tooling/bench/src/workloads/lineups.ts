import { sql } from "drizzle-orm";
import type { Bench } from "../bench.ts";
import { bareWrite } from "../limits/limits.ts";
import type { Script } from "../load/script.ts";
import { PLAYED } from "../season.ts";
import type { Workload } from "../workload.ts";

const STEADY = 32;
const RUSHING = 256;
const SHORTEST_RUSH = 1;
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
      ...{ what: "set a line-up", warmsUp: true, limit: bareWrite(bench, STEADY) },
      async round() {
        const script = await savings(bench);
        return (await bench.fire(script, { connections: STEADY })).sample;
      },
    };
  },
};

/** The last moments before a lock, and the first ones after it. */
export const rush: Workload = {
  name: "rush",
  async *lines(bench) {
    await bench.weekends.locked(PLAYED);
    const seconds = Math.max(SHORTEST_RUSH, bench.scale.seconds);
    const seen = { inTime: 0, late: 0 };
    yield {
      ...{ what: `${RUSHING} at once until the lock falls`, warmsUp: true, limit: bareWrite(bench, RUSHING) },
      async round() {
        const script = await savings(bench);
        await locksIn(bench, seconds * BEFORE_LOCK);
        const { sample, statuses } = await bench.fire(script, { connections: RUSHING, seconds, expected: EITHER });
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

async function savings(bench: Bench): Promise<Script> {
  const players = await bench.players();
  return { kind: "lineups", teams: await players.teams(), choices: bench.weekends.choices };
}

export async function locksIn({ database, weekends }: Bench, seconds: number): Promise<void> {
  await database.db.execute(sql`
    update races set lock_at = clock_timestamp() + ${seconds}::float8 * interval '1 second' where id = ${weekends.open.id}`);
}

/** On a slow machine the load may be over before; then nobody was late. */
async function untilLocked({ database, weekends }: Bench): Promise<void> {
  await database.db.execute(sql`
    select pg_sleep(greatest(0, extract(epoch from lock_at - clock_timestamp()))) from races where id = ${weekends.open.id}`);
}

async function expectNoneLate({ database, weekends }: Bench): Promise<void> {
  const { rows } = await database.db.execute<{ late: number }>(sql`
    select count(*)::int as late from team_lineups saved join races race on race.id = saved.race_id
    where race.id = ${weekends.open.id} and saved.saved_at >= race.lock_at`);
  if (rows[0]?.late !== 0) throw new Error(`${rows[0]?.late} line-ups were saved after the lock`);
}
