import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { type EmbeddedServer, startEmbedded } from "@pitwall/db/embedded";
import { freePort } from "@pitwall/db/free-port";

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
  signal(signal: NodeJS.Signals): void;
  /** After a kill. */
  start(): Promise<void>;
  flush(): Promise<void>;
  close(): Promise<void>;
}

/** Null where there is none on this machine. */
export async function aRedis(path: string): Promise<Redis | null> {
  const port = await freePort();
  let server: ChildProcess | null = null;
  const start = async () => {
    const settings = ["--port", `${port}`, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"];
    const started = spawn("sh", ["-c", 'exec redis-server "$@"', "sh", ...settings], {
      env: { PATH: path },
      stdio: ["ignore", "pipe", "ignore"],
    });
    await new Promise<void>((resolve, reject) => {
      started.once("exit", reject);
      started.stdout.on("data", (said: Buffer) => {
        if (said.includes("Ready to accept connections")) resolve();
      });
    });
    server = started;
  };
  const started = await start().then(
    () => true,
    () => false,
  );
  if (!started) return null;
  return {
    url: `redis://127.0.0.1:${port}`,
    signal: (signal) => void server?.kill(signal),
    start,
    async flush() {
      const socket = connect({ host: "127.0.0.1", port });
      socket.on("error", () => undefined);
      // What nobody reads keeps a socket open.
      socket.resume().end("FLUSHALL\r\n");
      await once(socket, "close");
    },
    async close() {
      if (!server || server.exitCode !== null || server.signalCode !== null) return;
      const ended = once(server, "exit");
      server.kill("SIGKILL");
      await ended;
    },
  };
}
