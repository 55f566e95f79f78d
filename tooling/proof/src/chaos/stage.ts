import { setTimeout as wait } from "node:timers/promises";
import { type Database, openDatabase } from "@pitwall/db/database";
import { freePort } from "@pitwall/db/free-port";
import { aFolder } from "@pitwall/rig/folder";
import { aProxy } from "@pitwall/rig/proxy";
import type { Door } from "./balancer.ts";
import { aPostgres, aRedis, type Redis } from "./stores.ts";
import { type Heard, type Supervised, supervised } from "./supervised.ts";

export interface Stage {
  readonly doors: readonly Door[];
  readonly workers: readonly Supervised[];
  readonly wires: readonly Awaited<ReturnType<typeof aProxy>>[];
  readonly postgres: Awaited<ReturnType<typeof aPostgres>>;
  readonly redis: Redis | null;
  readonly lines: readonly Heard[];
  readonly ends: readonly string[];
  /** Past every wire; a new one each time, since the server comes and goes. */
  asked<T>(work: (database: Database) => Promise<T>): Promise<T>;
  startWorkers(sourceUrl: string): void;
  ready(): Promise<void>;
  /** Lets everybody finish, and takes all of it away. `last` sees the database when nobody works any more. */
  close<T>(last: (database: Database) => Promise<T>): Promise<T>;
}

const MANY = 2;

/** PostgreSQL and Redis of its own, two servers and two workers as they are started for real, each over wires of its own. */
export async function aStage(path: string): Promise<Stage> {
  const folder = aFolder();
  const postgres = await aPostgres(folder.path);
  const redis = await aRedis(path);
  const lines: Heard[] = [];
  const ends: string[] = [];
  const wires: Awaited<ReturnType<typeof aProxy>>[] = [];
  const common = { onLine: (line: Heard) => lines.push(line), onEnd: (words: string) => ends.push(words) };
  const wired = async () => {
    const wire = await aProxy(postgres.url);
    wires.push(wire);
    return { PATH: path, LOG_LEVEL: "info", DATABASE_URL: wire.url, ...(redis && { REDIS_URL: redis.url }) };
  };
  const doors: Door[] = [];
  for (const name of ["API 1", "API 2"]) {
    const port = await freePort();
    const env = {
      ...(await wired()),
      ...{
        HOST: "127.0.0.1",
        PORT: `${port}`,
        TRUSTED_PROXIES: "127.0.0.1",
        JWT_SECRET: "only the chaos of this run knows it",
      },
    };
    const process = supervised({ name, door: "@pitwall/server/main", env, greeting: "listening", ...common });
    doors.push({ url: `http://127.0.0.1:${port}`, process });
  }
  const workers: Supervised[] = [];
  const envs = [await wired(), await wired()];
  async function asked<T>(work: (database: Database) => Promise<T>): Promise<T> {
    const database = openDatabase({
      url: postgres.url(),
      max: MANY,
      statementTimeout: 0,
      queryTimeout: 0,
      transactionTimeout: 0,
    });
    try {
      return await work(database);
    } finally {
      await database.close();
    }
  }
  return {
    ...{ doors, workers, wires, postgres, redis, lines, ends },
    asked,
    startWorkers(sourceUrl) {
      for (const [index, env] of envs.entries())
        workers.push(
          supervised({
            ...{ name: `worker ${index + 1}`, door: "@pitwall/jobs/main", greeting: "working" },
            ...{ env: { ...env, F1_API_BASE_URL: sourceUrl, WORKER_CONCURRENCY: "2" }, ...common },
          }),
        );
    },
    async ready() {
      for (const wire of wires) wire.heal();
      for (const { process } of doors) while (!process.wasUpSince(performance.now())) await wait(50);
    },
    async close(last) {
      await Promise.all([...doors.map(({ process }) => process), ...workers].map((one) => one.close()));
      try {
        return await asked(last);
      } finally {
        await Promise.all(wires.map((wire) => wire.close()));
        await Promise.all([postgres.close(), redis?.close()]);
        folder.remove();
      }
    },
  };
}
