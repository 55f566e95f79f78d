import { type ChildProcess, spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { Agent, request } from "node:http";
import { fileURLToPath } from "node:url";
import { freePort } from "@pitwall/db/free-port";
import { ended, memoryOf } from "./processes.ts";

const SERVER = new URL("../../../apps/server/", import.meta.url);

/** What its start script says after `node`: the flags and the program. */
async function startScript(): Promise<readonly string[]> {
  const { scripts } = JSON.parse(await readFile(new URL("package.json", SERVER), "utf8"));
  const [, ...words] = scripts.start.split(" ");
  return words;
}

export const JWT_SECRET = "of a server that lives for a minute";

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
  /** Up to and with `/api/v1`. */
  readonly url: string;
  /** Asks a line such as `GET /races`. */
  ask(line: string, asked?: Asked): Promise<Answer>;
  memory(): ReturnType<typeof memoryOf>;
  stop(): Promise<void>;
}

/** The server as it is in production, in a process of its own: whoever loads it does not hold it up. */
export async function serve(databaseUrl: string): Promise<Served> {
  const port = await freePort();
  const env = {
    ...{ NODE_ENV: "production", HOST: "127.0.0.1", PORT: `${port}` },
    ...{ DATABASE_URL: databaseUrl, JWT_SECRET, TRUSTED_PROXIES: "127.0.0.1" },
  };
  const server = spawn(process.execPath, await startScript(), {
    ...{ env, cwd: fileURLToPath(SERVER) },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const agent = new Agent({ keepAlive: true });
  const ask = asking(agent, port);
  await untilItAnswers(() => ask("GET /seasons"), server);
  return {
    url: `http://127.0.0.1:${port}/api/v1`,
    ask,
    memory: () => memoryOf(server.pid),
    stop() {
      agent.destroy();
      return ended(server);
    },
  };
}

function asking(agent: Agent, port: number): Served["ask"] {
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
  return ask;
}

function headersOf({ json, token, from = somewhere() }: Asked): Record<string, string> {
  return {
    "x-forwarded-for": from,
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
    ...(json !== undefined && { "content-type": "application/json" }),
  };
}

/** Guests are counted by their address, so each of them has one of their own. */
export function somewhere(): string {
  const part = () => Math.floor(Math.random() * 256);
  return `10.${part()}.${part()}.${part()}`;
}

/** While the game is being prepared, it answers that it is. */
export async function untilItAnswers(ask: () => Promise<{ readonly status: number }>, server: ChildProcess) {
  while (server.exitCode === null) {
    const isUp = await ask().then(
      ({ status }) => status === 200,
      () => false,
    );
    if (isUp) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error("the server did not start");
}
