import { Readable } from "node:stream";
import { publicFaultReasons, publicReasons } from "@pitwall/api";
import { openDatabase } from "@pitwall/db/database";
import { aDatabase, test } from "@pitwall/testing/database";
import { describe, expect, onTestFinished } from "vitest";
import { anApp, json, someone } from "./app.fixture.ts";

describe("caching", () => {
  test("lets what everybody may read be kept, and asked for anew without a body", async ({ database: { db } }) => {
    const { app } = anApp(db);
    const first = await app.request("/api/v1/seasons");
    expect(first.headers.get("cache-control")).toBe("public, no-cache");
    expect(first.headers.get("vary")?.toLowerCase()).toContain("authorization");
    const etag = first.headers.get("etag") ?? "";
    const again = await app.request("/api/v1/seasons", { headers: { "if-none-match": `"other", W/${etag}` } });
    expect([again.status, await again.text()]).toEqual([304, ""]);
    expect((await app.request("/api/v1/seasons", { headers: { "if-none-match": '"other"' } })).status).toBe(200);
    const head = await app.request("/api/v1/seasons", { method: "HEAD" });
    expect([head.status, head.headers.get("etag"), await head.text()]).toEqual([200, etag, ""]);
  });

  test("keeps nothing that was asked for with a token, or went wrong", async ({ database: { db } }) => {
    const { app } = anApp(db);
    const { accessToken } = JSON.parse(await (await app.request("/api/v1/auth/register", json(someone()))).text());
    for (const answer of [
      await app.request("/api/v1/seasons", { headers: { authorization: `Bearer ${accessToken}` } }),
      await app.request("/api/v1/auth/me", { headers: { authorization: `Bearer ${accessToken}` } }),
      await app.request("/api/v1/seasons/1999"),
    ]) {
      expect(answer.headers.get("cache-control")).toBe("no-store");
      expect(answer.headers.get("etag")).toBeNull();
    }
  });
});

describe("size", () => {
  test("of a body is limited to 64 KB, also when it does not say its length", async ({ database: { db } }) => {
    const { app } = anApp(db);
    const body = JSON.stringify({ login: "x".repeat(64 * 1024), password: "x" });
    const chunks = () =>
      Readable.toWeb(Readable.from([body.slice(0, 1000), body.slice(1000)].map((part) => Buffer.from(part))));
    const headers = { "content-type": "application/json" };
    for (const path of ["/api/v1/auth/login", "/trpc/auth.login"]) {
      expect((await app.request(path, { method: "POST", body, headers })).status).toBe(413);
      const chunked = new Request(`http://pitwall.test${path}`, {
        method: "POST",
        body: chunks(),
        headers,
        duplex: "half",
      });
      expect((await app.request(chunked)).status).toBe(413);
    }
  });
});

describe("the documents", () => {
  test("are an OpenAPI document, and a page that loads nothing from elsewhere", async ({ database: { db } }) => {
    const { app } = anApp(db, { settings: { publicUrl: "https://pitwall.example.org" } });
    const document = JSON.parse(await (await app.request("/openapi.json")).text());
    expect(document).toMatchObject({ openapi: "3.1.0", servers: [{ url: "https://pitwall.example.org/api/v1" }] });
    const page = await app.request("/docs");
    expect(page.headers.get("content-security-policy")).toContain("script-src 'self'");
    const html = await page.text();
    const loaded = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path ?? "");
    expect(loaded.length).toBeGreaterThan(3);
    for (const path of loaded) {
      const answer = await app.request(path);
      expect([path, answer.status, (await answer.arrayBuffer()).byteLength > 50]).toEqual([path, 200, true]);
    }
    expect((await app.request("/")).headers.get("location")).toBe("/docs");
    expect((await app.request("/docs/package.json")).status).toBe(404);
    expect((await app.request("/docs/..%2f..%2fpackage.json")).status).toBe(404);
  });
});

describe("an error", () => {
  test("leads to what is said of its reason", async ({ database: { db } }) => {
    const { app } = anApp(db, { settings: { publicUrl: "https://pitwall.example.org" } });
    const { type, code } = JSON.parse(await (await app.request("/api/v1/seasons/1999")).text());
    expect(type).toBe(`https://pitwall.example.org/docs/errors#${code}`);
    const page = await app.request("/docs/errors");
    expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
    const anchors = [...(await page.text()).matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(anchors).toEqual(expect.arrayContaining([...publicReasons, ...publicFaultReasons].map(({ code }) => code)));
    expect(anchors.length).toBe(new Set(anchors).size);
  });
});

describe("health", () => {
  test("is live as soon as it answers, and ready when all that it needs is there", async ({ database: { db } }) => {
    const { app, health } = anApp(db);
    expect(await (await app.request("/health/live")).json()).toEqual({ status: "live" });
    const ready = await app.request("/health/ready");
    expect([ready.status, await ready.json()]).toEqual([
      200,
      {
        status: "ready",
        checks: { database: "ok", migrations: "ok", queue: "ok", workers: "down", cache: "ok", accepting: "ok" },
      },
    ]);
    health.drain();
    const draining = await app.request("/health/ready");
    expect([draining.status, draining.headers.get("connection")]).toEqual([503, null]);
    health.close();
    expect((await app.request("/health/ready")).headers.get("connection")).toBe("close");
    expect((await app.request("/health/live")).status).toBe(200);
  });

  test("is not ready without its database, and says no more than that", async () => {
    const database = openDatabase({ url: "postgres://nobody@127.0.0.1:1/nowhere" });
    onTestFinished(() => database.close());
    const answer = await anApp(database.db).app.request("/health/ready");
    expect(answer.status).toBe(503);
    expect(answer.headers.get("retry-after")).toBe("5");
    expect(await answer.json()).toEqual({
      status: "not_ready",
      checks: {
        database: "down",
        migrations: "down",
        queue: "down",
        workers: "down",
        cache: "ok",
        accepting: "ok",
      },
    });
  });

  test("is not ready before its tables are made, or without a queue", async ({ database: { db } }) => {
    const { url, drop } = await aDatabase("empty");
    const empty = openDatabase({ url });
    onTestFinished(() => empty.close().then(drop));
    const unmade = await anApp(empty.db).app.request("/health/ready");
    expect([unmade.status, await unmade.json()]).toMatchObject([
      503,
      { checks: { database: "ok", migrations: "down", queue: "down" } },
    ]);
    const { app } = anApp(db);
    await db.execute("insert into workers (id, pool, host, pid) values (gen_random_uuid(), 'pool', 'here', 1)");
    expect(await (await app.request("/health/ready")).json()).toMatchObject({ checks: { workers: "ok" } });
    await db.execute("alter table graphile_worker._private_jobs rename to away");
    const lost = await app.request("/health/ready");
    expect([lost.status, await lost.json()]).toMatchObject([503, { checks: { database: "ok", queue: "down" } }]);
  });
});
