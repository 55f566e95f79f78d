import { once } from "node:events";
import { Agent, request } from "node:http";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { aDatabase } from "@pitwall/testing/database";
import { LEAK } from "@pitwall/testing/leak-patterns";
import { ended, started } from "@pitwall/testing/process";
import { expect, onTestFinished, test } from "vitest";

const MAIN = new URL("main.ts", import.meta.url);
const JWT_SECRET = "PZ0Z2u6mYy1xKq0mV3n8c5b7a9d1e2f4";

const startedServer = (env: Record<string, string>) => started(MAIN, { HOST: "127.0.0.1", PORT: "0", ...env });

/** So many who ask again and again over connections that they keep, until they are not let in. Every kind of answer is heard. */
function aCrowd(url: string, size: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: size });
  const heard = new Set<number | string>();
  const isAnswered = Promise.withResolvers<void>();
  async function ask(): Promise<void> {
    for (;;) {
      const said = await answered(url, agent);
      heard.add(said);
      isAnswered.resolve();
      if (said === "ECONNREFUSED") return;
    }
  }
  const all = Promise.all(Array.from({ length: size }, ask)).finally(() => agent.destroy());
  return { isAnswered: isAnswered.promise, heard: all.then(() => heard) };
}

/** The status, or what became of the connection. */
async function answered(url: string, agent: Agent): Promise<number | string> {
  try {
    const [answer] = await once(request(url, { agent }).end(), "response");
    await text(answer);
    return answer.statusCode;
  } catch (error) {
    return error instanceof Error && "code" in error ? String(error.code) : String(error);
  }
}

test("a wrong environment is told whole, and nothing starts", async () => {
  const server = startedServer({ JWT_SECRET: "short", PORT: "many" });
  const { code, stderr: said } = await ended(server);
  expect(code).toBe(1);
  for (const name of ["DATABASE_URL", "JWT_SECRET", "PORT"]) expect(said).toContain(name);
  expect(said).not.toContain("short");
});

test("a database that will never let us in is told in words, and nothing waits", async () => {
  const { url, drop } = await aDatabase("empty");
  onTestFinished(drop);
  const elsewhere = new URL(url);
  elsewhere.pathname = "/not_there";
  const server = startedServer({ DATABASE_URL: elsewhere.href, JWT_SECRET });
  const { code, stderr, stdout } = await ended(server);
  expect(code).toBe(1);
  expect(stderr).toMatch(/DATABASE_URL: .*"not_there" does not exist/);
  expect(stderr + stdout).not.toMatch(LEAK);
});

test("a database that is away is waited for, while probes are answered and nobody else is let in", async () => {
  const server = startedServer({ DATABASE_URL: "postgres://pit:wall@127.0.0.1:1/nowhere", JWT_SECRET });
  let address = "";
  for await (const line of createInterface(server.stdout)) {
    const { message, url } = JSON.parse(line);
    if (message === "preparing") address = url;
    if (message.includes("does not answer")) break;
  }
  server.stdout.resume();
  const asked = (path: string) => fetch(`${address}${path}`, { headers: { connection: "close" } });
  expect((await asked("/health/live")).status).toBe(200);
  expect((await asked("/health/ready")).status).toBe(503);
  const refused = await asked("/api/v1/seasons");
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "5"]);
  expect(await refused.text()).toContain("being prepared");
  server.kill("SIGTERM");
  expect(await once(server, "exit")).toEqual([0, null]);
});

test("an empty database becomes a game that can be played, and a signal ends it in order", {
  timeout: 60_000,
}, async () => {
  const { url, drop } = await aDatabase("empty");
  onTestFinished(drop);
  const server = startedServer({
    DATABASE_URL: url,
    JWT_SECRET,
    ADMIN_USERNAME: "boss",
    ADMIN_PASSWORD: "Correct-Horse-7",
  });
  const lines: string[] = [];
  for await (const line of createInterface(server.stdout)) {
    lines.push(line);
    if (line.includes('"listening"')) break;
  }
  const { url: address } = JSON.parse(lines.at(-1) ?? "{}");
  expect((await fetch(`${address}/health/ready`)).status).toBe(200);
  const seasons: unknown = await (await fetch(`${address}/api/v1/seasons`)).json();
  expect(seasons).toMatchObject({ items: [{ year: 2026 }, { year: 2025, races: 24, completed: 24 }] });
  const headers = { "content-type": "application/json" };
  const body = JSON.stringify({ login: "boss", password: "Correct-Horse-7" });
  expect(await (await fetch(`${address}/api/v1/auth/login`, { method: "POST", headers, body })).json()).toMatchObject({
    user: { role: "admin" },
  });

  const rest = text(server.stdout);
  const exit = once(server, "exit");
  const players = aCrowd(`${address}/api/v1/seasons`, 10);
  const balancer = aCrowd(`${address}/health/ready`, 10);
  await Promise.all([players.isAnswered, balancer.isAnswered]);
  server.kill("SIGTERM");
  server.kill("SIGTERM");
  // Whoever asked was answered, over the limit or not; the balancer was told before anybody was no longer let in.
  expect([...(await players.heard)]).toEqual([200, 429, "ECONNREFUSED"]);
  expect([...(await balancer.heard)]).toEqual([200, 503, "ECONNREFUSED"]);
  expect(await exit).toEqual([0, null]);
  const log = [...lines, ...(await rest).trim().split("\n")];
  expect(log.at(-1)).toContain('"stopped"');
  for (const line of log)
    expect(JSON.parse(line)).toMatchObject({ time: expect.any(String), level: expect.any(String) });
  expect(log.join("\n")).not.toMatch(LEAK);
  expect(log.join("\n")).not.toContain("Correct-Horse-7");
});
