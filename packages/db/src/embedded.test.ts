import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { aFolder, type Folder } from "@pitwall/rig/folder";
import pg from "pg";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { startEmbedded } from "./embedded.ts";

const HOLDER = new URL("./embedded.fixture.ts", import.meta.url);

let pristine: Folder;

beforeAll(async () => {
  pristine = aFolder();
  await (await startEmbedded({ dataDir: pristine.path, durable: false })).stop();
});

afterAll(() => pristine.remove());

test("keeps what was written over a restart", async () => {
  const dataDir = await aCluster();
  const first = await startEmbedded({ dataDir, durable: false });
  await ask(first.url, "create table kept as select 44 as number");
  await first.stop();
  const second = await startEmbedded({ dataDir, durable: false });
  onTestFinished(second.stop);
  expect(await ask(second.url, "select number from kept")).toEqual([{ number: 44 }]);
});

test("lets nobody in without the password", async () => {
  const server = await startEmbedded({ dataDir: await aCluster(), durable: false });
  onTestFinished(server.stop);
  const url = new URL(server.url);
  url.password = "guessed";
  await expect(ask(url.href, "select 1")).rejects.toThrow("password authentication failed");
});

test("says so when another process is using the folder", async () => {
  const dataDir = await aCluster();
  const holder = await aHolder(dataDir);
  await expect(startEmbedded({ dataDir, durable: false })).rejects.toThrow("already running");
  holder.kill();
});

test("is gone when its process was killed, and starts again in the same folder", async () => {
  const dataDir = await aCluster();
  const holder = await aHolder(dataDir);
  const pid = Number((await readFile(join(dataDir, "cluster", "postmaster.pid"), "utf8")).split("\n")[0]);
  holder.kill("SIGKILL");
  await once(holder, "exit");
  await expect.poll(() => isAlive(pid), { timeout: 5_000 }).toBe(false);
  const server = await startEmbedded({ dataDir, durable: false });
  onTestFinished(server.stop);
  expect(await ask(server.url, "select 1 as one")).toEqual([{ one: 1 }]);
});

test("is not kept from starting by a process number that belongs to another program by now", async () => {
  const dataDir = await aCluster();
  await writeFile(
    join(dataDir, "cluster", "postmaster.pid"),
    `${process.pid}\n${dataDir}/cluster\n1\n1\n\n127.0.0.1\n\nready\n`,
  );
  const server = await startEmbedded({ dataDir, durable: false });
  await server.stop();
});

test("tells when its server is gone, though nobody stopped it", async () => {
  const dataDir = await aCluster();
  const server = await startEmbedded({ dataDir, durable: false });
  onTestFinished(server.stop);
  const pid = Number((await readFile(join(dataDir, "cluster", "postmaster.pid"), "utf8")).split("\n")[0]);
  process.kill(pid, "SIGKILL");
  await server.ended;
});

test("gives PostgreSQL's own words when it cannot start", async () => {
  const dataDir = await aCluster();
  await writeFile(join(dataDir, "cluster", "PG_VERSION"), "9\n");
  await expect(startEmbedded({ dataDir, durable: false })).rejects.toThrow(/set DATABASE_URL[\s\S]*version 9/);
});

/** With a cluster that was stopped in good order, since making one takes its time. */
async function aCluster(): Promise<string> {
  const { path, remove } = aFolder();
  onTestFinished(remove);
  await cp(pristine.path, path, { recursive: true });
  return path;
}

/** Another process with a server on the folder. */
async function aHolder(dataDir: string): Promise<ChildProcess> {
  const holder = fork(HOLDER, [dataDir]);
  onTestFinished(async () => {
    if (holder.exitCode === null && holder.signalCode === null) {
      holder.kill("SIGKILL");
      await once(holder, "exit");
    }
  });
  await once(holder, "message");
  return holder;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function ask(url: string, query: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(query)).rows;
  } finally {
    await client.end();
  }
}
