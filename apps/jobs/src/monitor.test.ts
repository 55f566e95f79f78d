import { once } from "node:events";
import { createServer } from "node:http";
import { EnvError } from "@pitwall/services/environment";
import { createMetrics } from "@pitwall/services/stats/metrics";
import { expect, onTestFinished, test } from "vitest";
import { type MonitorOptions, openMonitor } from "./monitor.ts";
import { aStage } from "./stage.fixture.ts";

async function aMonitor(said: Partial<MonitorOptions> = {}) {
  const { ctx, pool } = await aStage();
  const metrics = createMetrics(ctx);
  const door = { host: "127.0.0.1", port: 0, token: undefined, isWorking: () => true };
  const monitor = await openMonitor({ ctx, metrics, ...door, ...said });
  onTestFinished(monitor.close);
  const asked = (path: string, init?: RequestInit) => fetch(`http://127.0.0.1:${monitor.port}${path}`, init);
  return { asked, pool };
}

test("a worker is ready while it works and has what it needs, and red at once when its runner has ended", async () => {
  let isWorking = true;
  const { asked, pool } = await aMonitor({ isWorking: () => isWorking });
  const ready = await asked("/health/ready");
  expect([ready.status, await ready.json()]).toEqual([
    200,
    {
      status: "ready",
      checks: { working: "ok", database: "ok", migrations: "ok", queue: "ok", cache: "ok" },
    },
  ]);
  isWorking = false;
  const ended = await asked("/health/ready");
  expect([ended.status, await ended.json()]).toMatchObject([503, { checks: { working: "down", queue: "ok" } }]);
  expect((await asked("/health/live")).status).toBe(200);
  isWorking = true;
  await pool.query("alter table graphile_worker._private_jobs rename to away");
  expect((await asked("/health/ready")).status).toBe(503);
});

test("the metrics are told on this machine, or to the bearer of a token, and nothing else is there", async () => {
  const { asked } = await aMonitor();
  const told = await asked("/metrics");
  expect([told.status, await told.text()]).toEqual([200, expect.stringMatching(/^pitwall_database_up 1$/m)]);
  expect((await asked("/metrics", { headers: { "x-forwarded-for": "127.0.0.1" } })).status).toBe(404);
  expect((await asked("/metrics", { method: "POST" })).status).toBe(405);
  expect((await asked("/anything")).status).toBe(404);
  const token = "let me read your figures";
  const { asked: shut } = await aMonitor({ token });
  expect((await shut("/metrics")).status).toBe(401);
  expect((await shut("/metrics", { headers: { authorization: `Bearer ${token}` } })).status).toBe(200);
});

test("a port that is taken is a fault of the environment", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  onTestFinished(() => void other.close());
  await once(other, "listening");
  const address = other.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  await expect(aMonitor({ port })).rejects.toThrow(EnvError);
});
