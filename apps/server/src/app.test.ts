import { RATE_LIMITS } from "@pitwall/api";
import { openDatabase } from "@pitwall/db/database";
import { HOUR } from "@pitwall/domain/durations";
import { aDatabase, test } from "@pitwall/testing/database";
import { describe, expect, onTestFinished } from "vitest";
import { anApp, json, someone } from "./app.fixture.ts";

const ME = "/api/v1/auth/me";

describe("every answer", () => {
  test("bears the headers that keep browsers safe, refusals too", async ({ database: { db } }) => {
    const { app } = anApp(db, { limits: { ...RATE_LIMITS, guest: { most: 3, per: HOUR } } });
    const asked: readonly (readonly [string, RequestInit, number])[] = [
      ["/health/live", {}, 200],
      ["/api/v1/stats", {}, 200],
      ["/nowhere", {}, 404],
      [ME, {}, 401],
      ["/openapi.json", { method: "POST" }, 405],
      ["/api/v1/auth/login", json({ login: "x".repeat(70_000) }), 413],
      ["/trpc/auth.logout", { method: "POST", body: "a=b" }, 415],
      ["/api/v1/leagues/join?", { ...json({}), headers: {} }, 415],
      ["/api/v1/stats", {}, 200],
      ["/api/v1/stats", {}, 429],
    ];
    for (const [path, init, status] of asked) {
      const answer = await app.request(path, init);
      expect([path, answer.status]).toEqual([path, status]);
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
        "strict-transport-security": expect.stringContaining("max-age=31536000"),
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "x-request-id": expect.stringMatching(/^[0-9a-f-]{36}$/),
      });
      expect(answer.headers.get("x-powered-by") ?? answer.headers.get("server")).toBeNull();
      if (status < 400) continue;
      expect(answer.headers.get("content-type")).toBe("application/problem+json");
      expect(await answer.json()).toMatchObject({
        status,
        instance: path.replace("?", ""),
        requestId: answer.headers.get("x-request-id"),
      });
    }
  });

  test("leaves one line in the log, without what was in the address or the body", async ({ database: { db } }) => {
    const { app, heard } = anApp(db);
    const { username, email, password } = someone();
    await app.request("/api/v1/auth/register", json({ username, email, password }));
    await app.request("/api/v1/leagues?search=canary");
    expect(heard.filter(({ message }) => message === "request")).toMatchObject([
      {
        message: "request",
        facts: { method: "POST", path: "/api/v1/auth/register", status: 201, actor: "guest", ms: expect.any(Number) },
      },
      {
        message: "request",
        facts: { method: "GET", path: "/api/v1/leagues", status: 200, requestId: expect.any(String) },
      },
    ]);
    expect(JSON.stringify(heard)).not.toMatch(new RegExp(`${password}|${email}|eyJ|canary`));
  });

  test("tells where the caller stands under the limits", async ({ database: { db } }) => {
    const { app } = anApp(db, {
      limits: { ...RATE_LIMITS, guest: { most: 2, per: HOUR }, signIn: { most: 5, per: HOUR } },
    });
    const first = await app.request("/api/v1/stats");
    expect(Object.fromEntries(first.headers)).toMatchObject({
      ratelimit: '"guest";r=1;t=3600',
      "ratelimit-policy": '"guest";q=2;w=3600',
      "x-ratelimit-limit": "2",
      "x-ratelimit-remaining": "1",
    });
    const reset = Number(first.headers.get("x-ratelimit-reset")) - Date.now() / 1000;
    expect(reset).toBeGreaterThan(3590);
    const signIn = await app.request("/api/v1/auth/login", json({ login: "nobody", password: "Wrong-Horse-7" }));
    expect(signIn.headers.get("ratelimit")).toBe('"guest";r=0;t=3600, "signIn";r=4;t=3600');
    const refused = await app.request("/api/v1/stats");
    expect(refused.status).toBe(429);
    expect(refused.headers.get("retry-after")).toBe("3600");
    expect(refused.headers.get("x-ratelimit-remaining")).toBe("0");
  });
});

describe("who asks", () => {
  test("is known by a bearer token, and by nothing else", async ({ database: { db } }) => {
    const { app } = anApp(db);
    const { accessToken, refreshToken } = JSON.parse(
      await (await app.request("/api/v1/auth/register", json(someone()))).text(),
    );
    const as = (authorization: string) => app.request(ME, { headers: { authorization } });
    expect((await as(`Bearer ${accessToken}`)).status).toBe(200);
    expect((await as(`bearer ${accessToken}`)).status).toBe(200);
    const [header, , signature] = accessToken.split(".");
    for (const wrong of [
      `Bearer ${refreshToken}`,
      `Basic ${accessToken}`,
      accessToken,
      "Bearer",
      "Bearer x.y",
      `Bearer ${header}.e30.${signature}`,
      `Bearer ${accessToken}=`,
    ]) {
      const refused = await as(wrong);
      expect(refused.status).toBe(401);
      expect(refused.headers.get("www-authenticate")).toBe("Bearer");
      expect(await refused.json()).toMatchObject({ code: "auth.token_invalid" });
    }
    expect((await app.request(`${ME}?accessToken=${accessToken}`)).status).toBe(400);
  });

  test("is counted by the address that trusted proxies vouch for, and by no other word", async ({
    database: { db },
  }) => {
    const limits = { ...RATE_LIMITS, guest: { most: 1, per: HOUR } };
    const { app } = anApp(db, { limits, settings: { trustedProxies: ["10.0.0.0/8"] } });
    const from = async (remoteAddress: string, forwarded: string) => {
      const headers = { "x-forwarded-for": forwarded, forwarded: "for=1.1.1.1", "x-real-ip": "1.1.1.1" };
      return (await app.request("/api/v1/stats", { headers }, { incoming: { socket: { remoteAddress } } })).status;
    };
    expect(await from("203.0.113.5", "198.51.100.1")).toBe(200);
    expect(await from("203.0.113.5", "198.51.100.2")).toBe(429);
    expect(await from("10.0.0.2", "198.51.100.1")).toBe(200);
    expect(await from("10.0.0.2", "6.6.6.6, 198.51.100.1")).toBe(429);
    expect(await from("10.0.0.2", "198.51.100.2, 10.0.0.9")).toBe(200);
  });
});

describe("tRPC", () => {
  test("counts a batch call by call, and takes none of more than ten", async ({ database: { db } }) => {
    const { app } = anApp(db, { limits: { ...RATE_LIMITS, guest: { most: 10, per: HOUR } } });
    const batch = (calls: number) =>
      app.request(`/trpc/${Array(calls).fill("stats.public").join(",")}?batch=1&input={}`);
    expect((await batch(11)).status).toBe(400);
    const ten = await batch(10);
    expect(ten.status).toBe(200);
    expect(ten.headers.get("x-ratelimit-remaining")).toBe("0");
    expect((await batch(1)).status).toBe(429);
  });

  test("says in the header too when to come again", async ({ database: { db } }) => {
    const { app } = anApp(db, { limits: { ...RATE_LIMITS, guest: { most: 1, per: HOUR } } });
    expect((await app.request("/trpc/stats.public")).headers.get("retry-after")).toBeNull();
    expect((await app.request("/trpc/stats.public")).headers.get("retry-after")).toMatch(/^3[56]\d\d$/);
  });

  test("judges each call of a batch alone", async ({ database: { db } }) => {
    const { app } = anApp(db);
    const answer = await app.request("/trpc/stats.public,auth.me,nowhere.at.all?batch=1&input={}");
    expect(answer.status).toBe(207);
    expect(await answer.json()).toMatchObject([
      { result: {} },
      { error: { json: { data: { httpStatus: 401, reason: "auth.required" } } } },
      {
        error: {
          json: {
            data: { httpStatus: 404, reason: "request.no_such_path", requestId: answer.headers.get("x-request-id") },
          },
        },
      },
    ]);
  });

  test("runs nothing that a foreign page could send", async ({ database: { db } }) => {
    const { app } = anApp(db);
    const { accessToken } = JSON.parse(await (await app.request("/api/v1/auth/register", json(someone()))).text());
    const authorization = `Bearer ${accessToken}`;
    for (const type of [
      "multipart/form-data; boundary=x",
      "application/octet-stream",
      "text/plain",
      "application/jsonx",
      "application/json; charset=utf-7",
      "",
    ]) {
      const headers = { authorization, ...(type && { "content-type": type }) };
      expect((await app.request("/trpc/auth.logout", { method: "POST", headers })).status).toBe(415);
    }
    for (const method of ["GET", "PUT", "DELETE"])
      expect((await app.request("/trpc/auth.logout", { method, headers: { authorization } })).status).toBe(405);
    expect((await app.request(ME, { headers: { authorization } })).status).toBe(200);
  });

  test("stays dumb about the inside when a request cannot be read", async ({ database: { db } }) => {
    const { app, heard } = anApp(db);
    const paths = [
      "/trpc/%E0%A4%A",
      "/trpc/__proto__",
      "/trpc/a,b,,c?batch=1",
      "/trpc/teams.list?input={",
      "/trpc/",
      "/trpc/teams.list?input=%22%5Cud800%22",
    ];
    for (const path of paths) {
      const answer = await app.request(path);
      expect([path, answer.status < 500 && answer.status >= 400]).toEqual([path, true]);
    }
    const poisoned = {
      json: {},
      meta: { values: { "__proto__.polluted": ["Date"] }, referentialEqualities: { a: ["__proto__.polluted"] } },
    };
    const answer = await app.request("/trpc/auth.login", json(poisoned));
    expect(answer.status).toBe(400);
    expect(Reflect.get({}, "polluted")).toBeUndefined();
    expect(heard.filter(({ message }) => message !== "request")).toEqual([]);
  });
});

describe("a fault of ours", () => {
  test("says no word of the inside on any way in, and its cause to the log", async () => {
    const { url, drop } = await aDatabase("migrated");
    const database = openDatabase({ url });
    onTestFinished(() => database.close().then(drop));
    await database.db.execute("alter table users add constraint nobody_enters check (username = '')");
    const { app, heard } = anApp(database.db);
    for (const [path, body] of [
      ["/api/v1/auth/register", someone()],
      ["/trpc/auth.register", { json: someone() }],
    ] as const) {
      const answer = await app.request(path, json(body));
      const text = await answer.text();
      expect(answer.status).toBe(500);
      expect(text).toContain("Something went wrong.");
      expect(text).toContain(answer.headers.get("x-request-id"));
    }
    expect(heard.filter(({ message }) => message === "a procedure failed")).toHaveLength(2);
  });

  test("and a database that is away are told apart, also while it is asked who speaks", async () => {
    const database = openDatabase({ url: "postgres://nobody@127.0.0.1:1/nowhere" });
    onTestFinished(() => database.close());
    const { app, services } = anApp(database.db);
    const token = await services.auth.accessTokens.sign({
      userId: crypto.randomUUID(),
      sessionId: crypto.randomUUID(),
    });
    for (const path of ["/api/v1/stats", ME, "/trpc/auth.me"]) {
      const answer = await app.request(path, { headers: { authorization: `Bearer ${token}` } });
      const text = await answer.text();
      expect(answer.status).toBe(503);
      expect(text).toContain("service.unavailable");
      expect(text).toContain(answer.headers.get("x-request-id"));
    }
  });
});
