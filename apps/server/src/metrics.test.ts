import { test } from "@pitwall/testing/database";
import { expect } from "vitest";
import { anApp, json, someone } from "./app.fixture.ts";

const HERE = { incoming: { socket: { remoteAddress: "127.0.0.1" } } };
const TOKEN = "let me read your figures";

test("requests are counted by route, whatever stands in their addresses", async ({ database: { db } }) => {
  const { app, heard } = anApp(db);
  const { username, ...rest } = someone();
  await app.request("/api/v1/auth/register", json({ username, ...rest }));
  const asked = [
    `/api/v1/users/${username}`,
    "/api/v1/users/nobody_at_all",
    "/api/v1/canary/route",
    "/trpc/stats.public",
    "/trpc/stats.public,seasons.list?batch=1&input={}",
    "/trpc/canary.procedure",
    "/canary",
    "/docs/canary.js",
    "/health/live",
  ];
  for (const path of asked) await app.request(path);
  await app.request("/canary", { method: "PROPFIND" });
  const told = await (await app.request("/metrics", {}, HERE)).text();
  const counted = [...told.matchAll(/^pitwall_http_request_duration_seconds_count({.*}) (\d+)$/gm)].map(
    ([, labels, count]) => `${labels} ${count}`,
  );
  expect(counted.toSorted()).toEqual([
    '{route="/api/v1/auth/register",method="POST",status="2xx"} 1',
    '{route="/api/v1/users/{username}",method="GET",status="2xx"} 1',
    '{route="/api/v1/users/{username}",method="GET",status="4xx"} 1',
    '{route="/health/live",method="GET",status="2xx"} 1',
    '{route="/trpc/batch",method="GET",status="2xx"} 1',
    '{route="/trpc/stats.public",method="GET",status="2xx"} 1',
    '{route="unmatched",method="GET",status="4xx"} 4',
    '{route="unmatched",method="other",status="4xx"} 1',
  ]);
  expect(told).toMatch(/^pitwall_http_requests_in_flight 1$/m);
  expect(told).not.toMatch(new RegExp(`canary|${username}|[0-9a-f]{8}-[0-9a-f]{4}-`));
  expect(heard.filter(({ message }) => message === "request")[1]?.facts).toMatchObject({
    route: "/api/v1/users/{username}",
    requestId: expect.any(String),
    status: 200,
    ms: expect.any(Number),
  });
});

test("the metrics are hidden from others, or shut by a token", async ({ database: { db } }) => {
  const { app } = anApp(db);
  const stranger = { incoming: { socket: { remoteAddress: "203.0.113.7" } } };
  expect((await app.request("/metrics", {}, stranger)).status).toBe(404);
  expect((await app.request("/metrics", { method: "POST" }, HERE)).status).toBe(405);
  const { app: shut } = anApp(db, { settings: { metricsToken: TOKEN } });
  const refused = await shut.request("/metrics", {}, HERE);
  expect([refused.status, refused.headers.get("www-authenticate")]).toEqual([401, "Bearer"]);
  const read = await shut.request("/metrics", { headers: { authorization: `Bearer ${TOKEN}` } }, stranger);
  expect([read.status, read.headers.get("content-type")]).toEqual([200, "text/plain; version=0.0.4; charset=utf-8"]);
  expect(read.headers.get("cache-control")).toBe("no-store");
});
