import { readFile, rm } from "node:fs/promises";
import { setTimeout as wait } from "node:timers/promises";
import { type Cluster, openCluster } from "./embedded-cluster.ts";
import { freePort } from "./free-port.ts";
import { endOf, greetingOf, spawnTethered, type Tethered, untether } from "./tethered.ts";

export interface EmbeddedServer {
  readonly url: string;
  /** Settles when the server is gone, stopped or killed. */
  readonly ended: Promise<void>;
  /** Open transactions are rolled back, everything committed is on the disk when it resolves (if durable). */
  stop(): Promise<void>;
}

export interface EmbeddedOptions {
  /** Made if it is missing. Holds one cluster and its password, and belongs to one server at a time. */
  readonly dataDir: string;
  /** False gives up everything on a power cut in exchange for speed: for tests only. */
  readonly durable: boolean;
}

/**
 * A real PostgreSQL of this process: on a free port of the loopback, gone when this process is gone, however it ended.
 * Throws an Error whose message says what to do.
 */
export async function startEmbedded({ dataDir, durable }: EmbeddedOptions): Promise<EmbeddedServer> {
  const cluster = openCluster(dataDir, durable);
  await waitUntilFree(cluster);
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    const server = launch(cluster, port, durable);
    const refusal = await greetingOf(server, "database system is ready to accept connections");
    if (refusal === null) {
      return {
        url: `postgres://postgres:${cluster.password}@127.0.0.1:${port}/postgres`,
        ended: endOf(server),
        stop: () => untether(server),
      };
    }
    await untether(server);
    if (/could not bind|Address already in use/.test(refusal) && attempt < 3) continue;
    if (/lock file "postmaster.pid" already exists/.test(refusal)) throw inUse(dataDir);
    throw new Error(
      `The embedded PostgreSQL did not start in ${dataDir}. Mend what it says, or set DATABASE_URL.\n${refusal}`,
    );
  }
}

const STOPPING_PATIENCE = 20_000;
const RUNNING_PATIENCE = 2_000;

/** A server whose process has just been killed still needs a moment to close; one that is wanted elsewhere never leaves. */
async function waitUntilFree(cluster: Cluster): Promise<void> {
  const startedAt = performance.now();
  for (;;) {
    const state = await holder(cluster);
    if (state === "none") return;
    const patience = state === "stopping" ? STOPPING_PATIENCE : RUNNING_PATIENCE;
    if (performance.now() - startedAt > patience) throw inUse(cluster.dataDir);
    await wait(50);
  }
}

async function holder(cluster: Cluster): Promise<"none" | "running" | "stopping"> {
  const pidFile = `${cluster.folder}/postmaster.pid`;
  const lines = (await readFile(pidFile, "utf8").catch(() => "")).split("\n");
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0 || !isAlive(pid)) return "none";
  // After a hard kill the number may belong to any other program by now, and PostgreSQL would refuse to start because of it.
  const program = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => null);
  if (program !== null && !program.includes("postgres")) {
    await rm(pidFile, { force: true });
    return "none";
  }
  return lines[7]?.trim() === "stopping" ? "stopping" : "running";
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

function inUse(dataDir: string): Error {
  return new Error(
    `The database in ${dataDir} is already running for another process. Stop that one, or set DATABASE_URL.`,
  );
}

function launch(cluster: Cluster, port: number, durable: boolean): Tethered {
  const settings = [
    "listen_addresses=127.0.0.1",
    `port=${port}`,
    "unix_socket_directories=",
    "timezone=UTC",
    "log_min_messages=log",
    ...(durable ? [] : ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]),
  ];
  const server = [...cluster.asOwner, cluster.binary("postgres"), "-D", cluster.folder];
  const options = settings.flatMap((setting) => ["-c", setting]);
  return spawnTethered([...server, ...options], { cwd: cluster.folder, env: cluster.environment });
}
