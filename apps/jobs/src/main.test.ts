import { once } from "node:events";
import { createInterface } from "node:readline";
import { openDatabase } from "@pitwall/db/database";
import { seasonFacts } from "@pitwall/db/facts";
import { aDatabase } from "@pitwall/testing/database";
import { ended, started } from "@pitwall/testing/process";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { type ReplayServer, startReplayServer } from "./feed/replay-server.ts";
import { DOORS } from "./processes.fixture.ts";

/** A source that knows no result of 2026 yet. */
async function aSource(): Promise<ReplayServer> {
  const feed = await startReplayServer({ facts: seasonFacts(2026), calendar: new Map() });
  onTestFinished(feed.close);
  return feed;
}

async function anEmptyDatabase(): Promise<string> {
  const { url, drop } = await aDatabase("empty");
  onTestFinished(drop);
  return url;
}

function connected(url: string) {
  const database = openDatabase({ url, max: 1 });
  onTestFinished(database.close);
  return database.pool;
}

/** What a process answers a probe, at the port that it says it is monitored at. */
async function probed(said: readonly string[], path: string) {
  const { port } = JSON.parse(said.find((line) => line.includes('"monitored"')) ?? "{}");
  const answer = await fetch(`http://127.0.0.1:${port}${path}`);
  return { status: answer.status, body: await answer.text() };
}

/** What the process says, line by line, until it says `word` or nothing more. */
async function untilSaid(child: ReturnType<typeof started>, word: string): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of createInterface(child.stdout)) {
    lines.push(line);
    if (line.includes(word)) break;
  }
  return lines;
}

test("a wrong environment is told whole, and nothing starts", async () => {
  const { code, stderr } = await ended(started(DOORS.main, { WORKER_CONCURRENCY: "many" }));
  expect(code).toBe(1);
  for (const name of ["DATABASE_URL", "WORKER_CONCURRENCY"]) expect(stderr).toContain(`${name}: `);
});

test("a database that is away is waited for, and a signal ends the waiting", async () => {
  const main = started(DOORS.main, { DATABASE_URL: "postgres://pit:wall@127.0.0.1:1/nowhere", HEALTH_PORT: "0" });
  const said = await untilSaid(main, "does not answer");
  expect(said.at(-1)).toContain("see DATABASE_URL");
  expect(said.at(-1)).not.toMatch(/stack|wall@/);
  expect(await probed(said, "/health/live")).toMatchObject({ status: 200 });
  const ready = await probed(said, "/health/ready");
  expect([ready.status, JSON.parse(ready.body)]).toMatchObject([
    503,
    { checks: { database: "down", working: "down" } },
  ]);
  main.kill("SIGTERM");
  expect(await once(main, "exit")).toEqual([0, null]);
});

describe("a worker on an empty database", { timeout: 60_000 }, () => {
  test("makes it playable, looks at what is due, and ends in order however often it is asked to", async () => {
    const [url, feed] = [await anEmptyDatabase(), await aSource()];
    const main = started(DOORS.main, { DATABASE_URL: url, F1_API_BASE_URL: feed.url, HEALTH_PORT: "0" });
    const said = await untilSaid(main, '"working"');
    expect(said.join("\n")).not.toMatch(/"level":"error"/);
    await vi.waitFor(() => expect(feed.requests.length).toBeGreaterThan(0), { timeout: 10_000 });
    expect(await probed(said, "/health/ready")).toMatchObject({ status: 200 });
    await vi.waitFor(async () =>
      expect((await probed(said, "/metrics")).body).toMatch(
        /^pitwall_job_duration_seconds_count{task="watch-results",outcome="done"} [1-9]/m,
      ),
    );
    expect((await probed(said, "/metrics")).body).toMatch(/^process_cpu_seconds_total [\d.]+$/m);
    const exit = once(main, "exit");
    main.kill("SIGTERM");
    main.kill("SIGINT");
    main.kill("SIGTERM");
    expect(await exit).toEqual([0, null]);

    const pool = connected(url);
    const { rows } = await pool.query("select count(*)::int as known from races where revision is not null");
    expect(rows).toEqual([{ known: 24 + 11 }]);
    const { rows: left } = await pool.query(
      `select 'a locked job' as what from graphile_worker.jobs where locked_at is not null
       union all select 'a worker' from workers union all select 'an attempt without an end' from job_runs where ended_at is null
       union all select 'an attempt that was not done' from job_runs where outcome <> 'done'`,
    );
    expect(left).toEqual([]);
  });

  test("ends with a fault when its queue is taken away", async () => {
    const [url, feed] = [await anEmptyDatabase(), await aSource()];
    feed.serve({ delay: 500 });
    const main = started(DOORS.main, { DATABASE_URL: url, F1_API_BASE_URL: feed.url });
    const exit = once(main, "exit");
    const said = untilSaid(main, "nobody asked it to");
    await vi.waitFor(() => expect(feed.requests.length).toBeGreaterThan(0), { timeout: 50_000 });
    await connected(url).query("alter table graphile_worker._private_jobs rename to away");
    expect(await exit).toEqual([1, null]);
    expect((await said).at(-1)).toContain('"level":"error"');
  });
});
