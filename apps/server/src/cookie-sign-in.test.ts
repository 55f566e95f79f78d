import { ACCESS_COOKIE, REFRESH_COOKIE } from "@pitwall/api";
import type { Db } from "@pitwall/db/database";
import { sessions } from "@pitwall/db/schema";
import { test } from "@pitwall/testing/database";
import { describe, expect } from "vitest";
import { anApp, json, password, someone } from "./app.fixture.ts";
import { aBrowser, HOME } from "./browser.fixture.ts";

const ME = "/api/v1/auth/me";

function browsing(db: Db) {
  const { app, heard } = anApp(db, { settings: { publicUrl: HOME } });
  return { app, heard, ...aBrowser((url, init) => app.request(url, init)) };
}

async function signedIn(db: Db) {
  const person = someone();
  const page = browsing(db);
  const answer = await page.fetch("/api/v1/auth/register", json({ ...person, cookies: true }));
  expect(answer.status).toBe(201);
  return { ...page, person };
}

describe("a sign-in by cookie", () => {
  test.for([
    ["/api/v1/auth/register", "/api/v1/auth/login"],
    ["/trpc/auth.register", "/trpc/auth.login"],
  ] as const)("is known from then on, and shows no token: %s", async ([register, login], { database: { db } }) => {
    const { fetch, jar, heard, access, refresh } = browsing(db);
    const { username, email } = someone();
    const said = (fields: object) => json(login.startsWith("/trpc") ? { json: fields } : fields);
    for (const [path, fields] of [
      [register, { username, email, password, cookies: true }],
      [login, { login: username, password, cookies: true }],
    ] as const) {
      jar.clear();
      const answer = await fetch(path, said(fields));
      expect(answer.headers.get("cache-control")).toBe("no-store");
      expect(answer.headers.getSetCookie()).toEqual([
        expect.stringMatching(
          /^__Host-pitwall_access=[\w.-]+; Path=\/; Max-Age=2592000; Secure; HttpOnly; SameSite=Lax$/,
        ),
        expect.stringMatching(
          /^__Host-pitwall_refresh=[\w-]+; Path=\/; Max-Age=2592000; Secure; HttpOnly; SameSite=Lax$/,
        ),
      ]);
      const text = await answer.text();
      expect(text).toContain('"accessToken":"","refreshToken":"","tokenType":"cookie","expiresIn":1800');
      expect(text).not.toContain(access());
      expect(text).not.toContain(refresh());
      expect(await (await fetch(ME)).json()).toMatchObject({ username });
      expect((await fetch("/trpc/auth.me")).status).toBe(200);
      expect(JSON.stringify(heard)).not.toContain(refresh());
    }
    expect(JSON.stringify(heard)).not.toContain("eyJ");
  });

  test("is not made where nobody asks for it", async ({ database: { db } }) => {
    const { fetch } = browsing(db);
    for (const cookies of [undefined, false]) {
      const answer = await fetch("/api/v1/auth/register", json({ ...someone(), cookies }));
      expect(answer.headers.getSetCookie()).toEqual([]);
      expect(await answer.json()).toMatchObject({ tokenType: "bearer", accessToken: expect.stringContaining(".") });
    }
    expect((await fetch("/api/v1/auth/register", json({ ...someone(), cookies: "yes" }))).status).toBe(400);
  });

  test("keeps what it reads to itself, public or not", async ({ database: { db } }) => {
    const { fetch, app } = await signedIn(db);
    for (const path of ["/api/v1/seasons", ME]) {
      const { status, headers } = await fetch(path);
      expect([status, headers.get("cache-control"), headers.get("etag")]).toEqual([200, "no-store", null]);
      expect(headers.get("cross-origin-resource-policy")).toBe("same-origin");
    }
    const foreign = await app.request("/api/v1/seasons", { headers: { cookie: "theme=dark" } });
    expect(foreign.headers.get("cache-control")).toBe("public, no-cache");
    expect(foreign.headers.get("vary")).toContain("cookie");
  });

  test("travels in a batch too, but in no answer whose head leaves before its body", async ({ database: { db } }) => {
    const { fetch, access } = browsing(db);
    const { username, email } = someone();
    const asked = json({
      0: { json: { username, email, password, cookies: true } },
      1: { json: { email: "nobody@example.org" } },
    });
    const streamed = { ...asked, headers: { ...asked.headers, "trpc-accept": "application/jsonl" } };
    const refused = await fetch("/trpc/auth.register,auth.forgotPassword?batch=1", streamed);
    expect(await refused.text()).toContain("auth.no_cookies_here");
    expect((await fetch("/trpc/auth.register,auth.forgotPassword?batch=1", asked)).status).toBe(200);
    expect(access()).not.toBe("");
    expect((await fetch(ME)).status).toBe(200);
  });

  test("gives way to a bearer token", async ({ database: { db } }) => {
    const { fetch, jar } = await signedIn(db);
    const other = await (await browsing(db).fetch("/api/v1/auth/register", json(someone()))).json();
    const headers = { authorization: `Bearer ${Reflect.get(Object(other), "accessToken")}` };
    expect(await (await fetch(ME, { headers })).json()).toEqual(Reflect.get(Object(other), "user"));
    expect((await fetch(ME, { headers: { authorization: "Bearer x.y.z" } })).status).toBe(401);
    const left = await fetch("/api/v1/auth/logout", { method: "POST", headers });
    expect([left.status, left.headers.getSetCookie(), jar.size]).toEqual([200, [], 2]);
    expect((await fetch(ME)).status).toBe(200);
  });
});

describe("a refresh by cookie", () => {
  test("sets the next tokens, each good for one use", async ({ database: { db } }) => {
    const { fetch, jar, refresh, access } = await signedIn(db);
    const first = new Map(jar);
    jar.set(ACCESS_COOKIE, "over.and.out");
    const refused = await fetch(ME);
    expect([refused.status, await refused.json()]).toMatchObject([401, { code: "auth.token_invalid" }]);
    const answer = await fetch("/api/v1/auth/refresh", { method: "POST" });
    expect(await answer.json()).toMatchObject({ tokenType: "cookie", accessToken: "", refreshToken: "" });
    expect(refresh()).not.toBe(first.get(REFRESH_COOKIE));
    expect(access()).not.toBe("over.and.out");
    expect((await fetch(ME)).status).toBe(200);

    jar.set(REFRESH_COOKIE, first.get(REFRESH_COOKIE) ?? "");
    const again = await fetch("/trpc/auth.refresh", json({ json: {} }));
    expect([again.status, await again.text()]).toEqual([401, expect.stringContaining("auth.refresh_reused")]);
    expect(jar.size).toBe(0);
  });

  test("by the body alone answers in the body", async ({ database: { db } }) => {
    const { fetch, refresh } = await signedIn(db);
    const answer = await fetch("/api/v1/auth/refresh", json({ refreshToken: refresh() }));
    expect(await answer.json()).toMatchObject({ tokenType: "bearer", refreshToken: expect.stringMatching(/./) });
    expect(answer.headers.getSetCookie()).toEqual([]);
  });

  test("without any token is malformed", async ({ database: { db } }) => {
    const { fetch } = browsing(db);
    const answer = await fetch("/api/v1/auth/refresh", json({}));
    expect([answer.status, await answer.json()]).toMatchObject([400, { code: "auth.no_refresh_token" }]);
  });
});

describe("the cookies", () => {
  test("are new after a change of the password, which shows no tokens", async ({ database: { db } }) => {
    const { fetch, access, refresh } = await signedIn(db);
    const before = [access(), refresh()];
    const passwords = { oldPassword: password, newPassword: "Correct-Horse-8" };
    const answer = await fetch("/api/v1/auth/password/change", json(passwords));
    expect(await answer.json()).toMatchObject({ tokenType: "cookie", accessToken: "", refreshToken: "" });
    expect(before).not.toContain(refresh());
    expect((await fetch(ME)).status).toBe(200);
    expect((await fetch("/api/v1/auth/refresh", { method: "POST" })).status).toBe(200);
  });

  test.for([
    ["POST", "/api/v1/auth/logout", {}],
    ["POST", "/api/v1/auth/logout-all", {}],
    ["DELETE", "/api/v1/users/me", { password }],
    ["POST", "/trpc/auth.logout", {}],
  ] as const)("are taken away by %s %s", async ([method, path, body], { database: { db } }) => {
    const { fetch, jar, app } = await signedIn(db);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
    const answer = await fetch(path, { ...json(body), method });
    expect([answer.status, jar.size]).toEqual([200, 0]);
    expect((await app.request(ME, { headers: { cookie } })).status).toBe(401);
  });

  test.for([
    `${ACCESS_COOKIE}=%`,
    `${ACCESS_COOKIE}=%E0%A4%A; x=%`,
    `${ACCESS_COOKIE}=`,
    `${ACCESS_COOKIE}=eyJhbGciOiJub25lIn0.e30.`,
    `${ACCESS_COOKIE}=a.b.c; ${ACCESS_COOKIE}=a.b.c`,
    `${Array.from({ length: 200 }, (_, at) => `c${at}=%`).join("; ")}; ${ACCESS_COOKIE}=${"x".repeat(5000)}`,
  ])("that are none of ours are refused, never stumbled over (%#)", async (cookie, { database: { db } }) => {
    const { fetch, heard } = browsing(db);
    for (const [path, init] of [
      [ME, {}],
      ["/api/v1/stats", {}],
      ["/trpc/auth.me", {}],
      ["/api/v1/teams", json({})],
    ] as const) {
      const answer = await fetch(path, { ...init, headers: { ...("headers" in init && init.headers), cookie } });
      expect([answer.status, await answer.text()]).toEqual([401, expect.stringContaining("auth.token_invalid")]);
    }
    expect(heard.filter(({ message }) => message !== "request")).toEqual([]);
  });

  test("twice are nobody's, good as each may be; and those of others do not count", async ({ database: { db } }) => {
    const { app, access } = await signedIn(db);
    const asked = async (cookie: string) => (await app.request(ME, { headers: { cookie } })).status;
    expect(await asked(`x=%; ${ACCESS_COOKIE}=${access()}`)).toBe(200);
    expect(await asked(`${ACCESS_COOKIE}=${access()}; ${ACCESS_COOKIE}=${access()}`)).toBe(401);
    expect(await (await app.request("/api/v1/stats", { headers: { cookie: "x=%; y=%E0%A4%A" } })).status).toBe(200);
  });

  test("hold nothing that the table of sessions would give away", async ({ database: { db } }) => {
    const { fetch, jar } = await signedIn(db);
    const rows = await db.select().from(sessions);
    expect(rows.length).toBeGreaterThan(0);
    for (const value of rows.flatMap((row) => Object.values(row)).filter((value) => typeof value === "string")) {
      const headers = { authorization: `Bearer ${value}` };
      expect((await fetch(ME, { headers })).status).toBe(401);
      expect((await fetch(ME, { headers: { cookie: `${ACCESS_COOKIE}=${value}` } })).status).toBe(401);
      const cookie = `${REFRESH_COOKIE}=${value}`;
      expect((await fetch("/api/v1/auth/refresh", { method: "POST", headers: { cookie } })).status).toBe(401);
      expect((await fetch("/api/v1/auth/refresh", json({ refreshToken: value.slice(0, 200) }))).status).toBe(401);
    }
    expect(jar.size).toBe(0);
  });
});
