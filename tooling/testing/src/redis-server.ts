import { tmpdir } from "node:os";
import { freePort } from "@pitwall/db/free-port";
import { greetingOf, spawnTethered, untether } from "@pitwall/db/tethered";
import { PATH, REDIS_URL } from "./env.ts";

export interface RedisForTests {
  /** Null when there is no Redis here: what needs one is skipped. */
  readonly url: string | null;
  stop(): Promise<void>;
}

export async function startRedis(): Promise<RedisForTests> {
  if (REDIS_URL) return { url: REDIS_URL, stop: async () => undefined };
  const port = await freePort();
  const settings = ["--port", `${port}`, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"];
  // It speaks on stdout, and only stderr is read.
  const command = ["sh", "-c", 'exec redis-server "$@" 1>&2', "sh", ...settings];
  const server = spawnTethered(command, { cwd: tmpdir(), env: { PATH } });
  const refusal = await greetingOf(server, "Ready to accept connections");
  if (refusal === null) return { url: `redis://127.0.0.1:${port}`, stop: () => untether(server) };
  await untether(server);
  process.stderr.write(
    "Redis is NOT tested: set REDIS_URL, or install redis-server (apt-get install redis-server, brew install redis)\n",
  );
  return { url: null, stop: async () => undefined };
}
