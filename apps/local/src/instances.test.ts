import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { openDatabase } from "@pitwall/db/database";
import { aDatabase } from "@pitwall/testing/database";
import { type Process, started } from "@pitwall/testing/process";
import { expect, onTestFinished, test } from "vitest";

const SERVER = new URL("../../server/src/main.ts", import.meta.url);
const JOBS = new URL("../../jobs/src/main.ts", import.meta.url);
const JOURNAL = new URL("../../../packages/db/migrations/meta/_journal.json", import.meta.url);

interface Instance {
  readonly child: Process;
  /** What it answers a balancer. */
  isReady(): Promise<number>;
}

/** A process that has come up. */
async function anInstance(main: URL, env: Record<string, string>): Promise<Instance> {
  const child = started(main, env);
  child.stderr.pipe(process.stderr);
  const said = new Map<string, Record<string, unknown>>();
  for await (const line of createInterface(child.stdout)) {
    const { message, ...facts } = JSON.parse(line);
    said.set(message, facts);
    if (message === "listening" || message === "working") break;
  }
  child.stdout.resume();
  const url = said.get("listening")?.url ?? `http://127.0.0.1:${said.get("monitored")?.port}`;
  const headers = { connection: "close" };
  return { child, isReady: async () => (await fetch(`${url}/health/ready`, { headers })).status };
}

test("two servers and two workers that start at once on an empty database all come up, and make one game", {
  timeout: 120_000,
}, async () => {
  const { url, drop } = await aDatabase("empty");
  const database = openDatabase({ url, max: 1 });
  onTestFinished(() => database.close().then(drop));
  const shared = { DATABASE_URL: url, HOST: "127.0.0.1", F1_API_BASE_URL: "http://127.0.0.1:1/ergast/f1" };
  const server = {
    ...shared,
    PORT: "0",
    JWT_SECRET: "PZ0Z2u6mYy1xKq0mV3n8c5b7a9d1e2f4",
    ADMIN_USERNAME: "boss",
    ADMIN_PASSWORD: "Correct-Horse-7",
  };
  const jobs = { ...shared, HEALTH_PORT: "0" };
  const instances = await Promise.all([
    anInstance(SERVER, server),
    anInstance(JOBS, jobs),
    anInstance(SERVER, server),
    anInstance(JOBS, jobs),
  ]);
  expect(await Promise.all(instances.map((each) => each.isReady()))).toEqual([200, 200, 200, 200]);
  const { entries } = JSON.parse(await readFile(JOURNAL, "utf8"));
  const { rows } = await database.pool.query(`select
    (select count(*)::int from drizzle.__drizzle_migrations) as migrations,
    (select count(*)::int from users where role = 'admin') as admins,
    (select count(*)::int from races where season = 2025 and revision is not null) as results,
    (select count(*)::int from workers where pool is not null) as workers`);
  expect(rows).toEqual([{ migrations: entries.length, admins: 1, results: 24, workers: 2 }]);
  const ends = instances.map(({ child }) => once(child, "exit"));
  for (const { child } of instances) child.kill("SIGTERM");
  expect(await Promise.all(ends)).toEqual(instances.map(() => [0, null]));
});
