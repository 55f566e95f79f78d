import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type EmbeddedServer, startEmbedded } from "@pitwall/db/embedded";
import { freePort } from "@pitwall/db/free-port";
import { greetingOf, spawnTethered, type Tethered, untether } from "@pitwall/db/tethered";
import { sleepOf } from "./sleep.ts";

/** A PostgreSQL that can be killed at once, and comes back at another address. */
export interface Postgres {
  readonly url: () => string;
  stopAtOnce(): Promise<void>;
  start(): Promise<void>;
  close(): Promise<void>;
}

export async function aPostgres(dataDir: string): Promise<Postgres> {
  let server: EmbeddedServer | null = null;
  let url = "";
  const start = async () => {
    // What was acknowledged must outlive a crash.
    server = await startEmbedded({ dataDir, durable: true });
    url = server.url;
  };
  await start();
  return {
    url: () => url,
    start,
    /** What a crash of the server does: it asks nobody, and recovers when it starts. */
    async stopAtOnce() {
      const [pid] = (await readFile(join(dataDir, "cluster", "postmaster.pid"), "utf8")).split("\n");
      process.kill(Number(pid), "SIGQUIT");
      await server?.ended;
      await server?.stop();
    },
    async close() {
      await server?.stop();
    },
  };
}

export interface Redis {
  readonly url: string;
  kill(): void;
  /** Stands still for so many milliseconds. */
  sleep(ms: number): Promise<void>;
  /** After a kill. */
  start(): Promise<void>;
  flush(): Promise<void>;
  close(): Promise<void>;
}

/** Null where there is none on this machine. */
export async function aRedis(path: string): Promise<Redis | null> {
  const port = await freePort();
  const settings = ["--port", `${port}`, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"];
  // It speaks on stdout, and only stderr is read.
  const command = ["sh", "-c", 'exec redis-server "$@" 1>&2', "sh", ...settings];
  const launched = () => spawnTethered(command, { cwd: tmpdir(), env: { PATH: path } });
  let server = launched();
  if ((await greetingOf(server, READY)) !== null) {
    await untether(server);
    return null;
  }
  return {
    url: `redis://127.0.0.1:${port}`,
    kill: () => void process.kill(groupOf(server), "SIGKILL"),
    sleep: (ms) => sleepOf(groupOf(server), ms),
    async start() {
      server = launched();
      const refusal = await greetingOf(server, READY);
      if (refusal !== null) throw new Error(`Redis did not come back.\n${refusal}`);
    },
    async flush() {
      const socket = connect({ host: "127.0.0.1", port });
      socket.on("error", () => undefined);
      // What nobody reads keeps a socket open.
      socket.resume().end("FLUSHALL\r\n");
      await once(socket, "close");
    },
    close: () => untether(server),
  };
}

const READY = "Ready to accept connections";

/** The server and the shell that holds it. */
function groupOf({ pid }: Tethered): number {
  if (pid === undefined) throw new Error("It was never started.");
  return -pid;
}
