import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { Agent, request } from "node:http";
import { fileURLToPath } from "node:url";
import { freePort } from "@pitwall/db/free-port";

const MAIN = fileURLToPath(new URL("../../../apps/server/src/main.ts", import.meta.url));

export interface Asked {
  readonly json?: unknown;
  readonly token?: string;
  /** Whose the request is, as the proxy before the server would say it. */
  readonly from?: string;
}

export interface Answer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly text: string;
  readonly ms: number;
}

export interface Served {
  /** Asks a line such as `GET /races`. */
  ask(line: string, asked?: Asked): Promise<Answer>;
  /** What the server's process holds in memory, in MB; null where the system does not say. */
  memory(): Promise<number | null>;
  stop(): Promise<void>;
}

/** The server as it is in production, in a process of its own: whoever loads it does not hold it up. */
export async function serve(databaseUrl: string): Promise<Served> {
  const port = await freePort();
  const env = {
    ...{ NODE_ENV: "production", HOST: "127.0.0.1", PORT: `${port}` },
    ...{ DATABASE_URL: databaseUrl, JWT_SECRET: "of a server that lives for a minute", TRUSTED_PROXIES: "127.0.0.1" },
  };
  const server = spawn(process.execPath, [MAIN], { env, stdio: ["ignore", "ignore", "inherit"] });
  const agent = new Agent({ keepAlive: true });

  const ask = (line: string, asked: Asked = {}): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const [method, path] = line.split(" ");
      const askedAt = performance.now();
      const options = { agent, host: "127.0.0.1", port, method, path: `/api/v1${path}`, headers: headersOf(asked) };
      const sent = request(options, (answer) => {
        let text = "";
        answer.setEncoding("utf8");
        answer.on("data", (more: string) => {
          text += more;
        });
        answer.on("error", reject);
        answer.on("end", () =>
          resolve({
            status: answer.statusCode ?? 0,
            retryAfter: answer.headers["retry-after"],
            text,
            ms: performance.now() - askedAt,
          }),
        );
      });
      // A server may close a connection that idles just as it is used again.
      sent.on("error", (error) => (sent.reusedSocket ? resolve(ask(line, asked)) : reject(error)));
      sent.end(asked.json === undefined ? undefined : JSON.stringify(asked.json));
    });

  await untilItAnswers(() => ask("GET /seasons"), server);
  return {
    ask,
    memory: () => memoryOf(server.pid),
    async stop() {
      agent.destroy();
      const end = once(server, "exit");
      server.kill("SIGTERM");
      await end;
    },
  };
}

function headersOf({ json, token, from = somewhere() }: Asked): Record<string, string> {
  return {
    "x-forwarded-for": from,
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
    ...(json !== undefined && { "content-type": "application/json" }),
  };
}

/** Guests are counted by their address, so each of them has one of their own. */
function somewhere(): string {
  const part = () => Math.floor(Math.random() * 256);
  return `10.${part()}.${part()}.${part()}`;
}

/** While the game is being prepared, it answers that it is. */
async function untilItAnswers(ask: () => Promise<Answer>, server: { readonly exitCode: number | null }) {
  while (server.exitCode === null) {
    const isUp = await ask().then(
      ({ status }) => status === 200,
      () => false,
    );
    if (isUp) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("the server did not start");
}

async function memoryOf(pid: number | undefined): Promise<number | null> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  const [, kilobytes] = /^VmRSS:\s+(\d+)/m.exec(status) ?? [];
  return kilobytes === undefined ? null : Number(kilobytes) / 1024;
}
