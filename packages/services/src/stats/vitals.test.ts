import { openDatabase } from "@pitwall/db/database";
import { workers } from "@pitwall/db/schema";
import { HOUR } from "@pitwall/domain/durations";
import { aDatabase } from "@pitwall/testing/database";
import { sql } from "drizzle-orm";
import { expect, onTestFinished, test } from "vitest";
import { asClock } from "../context.fixture.ts";
import { enqueue } from "../jobs.ts";
import { receiveAnswer } from "../results/receive.ts";
import { aLockedRace, answer, result } from "../results/results.fixture.ts";
import { fallSilent, takeTurn } from "../sources/budget.ts";
import { createMetrics } from "./metrics.ts";
import { publicStats } from "./public.ts";
import { vitals } from "./vitals.ts";

/** The vitals are those of a whole game, so each test has one to itself. */
async function aGame() {
  const { url, drop } = await aDatabase("migrated");
  const { db, close } = openDatabase({ url, max: 3 });
  onTestFinished(() => close().then(drop));
  return db;
}

test("a game that nobody plays yet has nothing that could be old", async () => {
  const db = await aGame();
  expect(await vitals(asClock(db, new Date()))).toEqual({
    queue: [],
    oldestDue: 0,
    workers: 0,
    lastLook: null,
    races: { locked: 0, awaited: 0, overdue: 0, held: 0 },
    sources: [],
    standings: null,
    mails: 0,
    players: { users: 0, teams: 0, leagues: 0 },
  });
});

test("the queue is told by task and state, and for how long its oldest job has been due", async () => {
  const db = await aGame();
  const ctx = asClock(db, new Date());
  for (const key of ["due", "later", "held", "lost"]) await enqueue(ctx, "lock-races", {}, key);
  await db.execute(sql`
    update graphile_worker._private_jobs set
      run_at = now() + case key when 'due' then interval '-90 seconds' when 'later' then interval '1 hour' else '0' end,
      locked_at = case key when 'held' then now() end, locked_by = case key when 'held' then 'somebody' end,
      attempts = case key when 'lost' then 1 else 0 end`);
  await db.insert(workers).values({ id: crypto.randomUUID(), pool: "pool", host: "pit-lane", pid: 7 });
  const { queue, oldestDue, workers: known } = await vitals(ctx);
  const states = ["failed", "running", "scheduled", "waiting"];
  expect(queue.toSorted((a, b) => a.state.localeCompare(b.state))).toEqual(
    states.map((state) => ({ task: "lock-races", state, jobs: 1 })),
  );
  expect(oldestDue).toBeGreaterThanOrEqual(90);
  expect(known).toBe(1);
});

test("a result is awaited from the flag, overdue two days later, and ages once it is there", async () => {
  const db = await aGame();
  const { race, drivers, hours } = await aLockedRace(db);
  const after = (hour: number) => asClock(db, hours(hour));
  const racesAfter = async (hour: number) => (await vitals(after(hour))).races;
  expect(await racesAfter(1)).toMatchObject({ awaited: 1, overdue: 0, held: 0 });
  const receive = (hour: number, said: Parameters<typeof receiveAnswer>[1]["answer"]) =>
    receiveAnswer(after(hour), { raceId: race.id, source: "test", answer: said });
  await receive(49, { kind: "unreadable", body: "?", reason: "It is not JSON." });
  expect(await racesAfter(49)).toMatchObject({ awaited: 1, overdue: 1, held: 1 });
  await receive(50, answer(result(drivers)));
  const found = await vitals(after(52));
  expect(found.races).toMatchObject({ locked: 1, awaited: 0, overdue: 0, held: 0 });
  expect(found.standings).toBe((2 * HOUR) / 1000);
  expect(found.lastLook).toBe((2 * HOUR) / 1000);
});

test("a source that refuses is told with how long it is left alone", async () => {
  const db = await aGame();
  await takeTurn({ db }, { source: "jolpica", gap: 0, burst: 60, refill: 60_000 });
  await fallSilent({ db }, { source: "jolpica", why: "refused", atLeast: 60_000 });
  const { sources } = await vitals(asClock(db, new Date()));
  expect(sources).toEqual([{ source: "jolpica", refusals: 1, failures: 0, silence: expect.any(Number) }]);
  expect(sources[0]?.silence).toBeGreaterThan(30);
});

test("all of it is told in the words of Prometheus, and that the database is away if it is", async () => {
  const db = await aGame();
  await enqueue({ db }, "lock-races", {});
  const ctx = asClock(db, new Date());
  const metrics = createMetrics(ctx);
  for (let asked = 0; asked < 3; asked += 1) await publicStats(ctx);
  await takeTurn({ db }, { source: "jolpica", gap: 0, burst: 60, refill: 60_000 });
  const there = await metrics.metrics();
  expect(there).toContain('pitwall_queue_jobs{task="lock-races",state="waiting"} 1');
  expect(there).toContain('pitwall_races{state="locked"} 0');
  expect(there).toMatch(/^pitwall_source_refusals{source="jolpica"} 0$/m);
  expect(there).toMatch(/^pitwall_database_up 1$/m);
  expect(there).toMatch(/^pitwall_database_connections{state="total"} [1-9]/m);
  expect(there).toMatch(/^pitwall_cache_reads_total{outcome="hit"} 2$/m);
  expect(there).toMatch(/^pitwall_cache_outages_total 0$/m);
  const away = openDatabase({ url: "postgres://nobody@127.0.0.1:1/nowhere" });
  onTestFinished(away.close);
  const gone = await createMetrics(asClock(away.db, new Date())).metrics();
  expect(gone).toMatch(/^pitwall_database_up 0$/m);
  expect(gone).not.toMatch(/^pitwall_(queue|workers|races|teams)/m);
});
