import type { Db } from "@pitwall/db/database";
import { test } from "@pitwall/testing/database";
import { describe, expect } from "vitest";
import { anApp, json, password, someone } from "./app.fixture.ts";
import { aBrowser, HOME } from "./browser.fixture.ts";

const ME = "/api/v1/auth/me";
const LISTED = "https://play.pitwall.test";

const FOREIGN: readonly Record<string, string>[] = [
  {},
  { origin: "null" },
  { origin: "https://evil.example" },
  { origin: "https://sibling.pitwall.test", "sec-fetch-site": "same-site" },
  { origin: "http://pitwall.test" },
  { origin: "https://pitwall.test:8443" },
  { origin: "https://pitwall.test.evil.example" },
  { origin: "https://xpitwall.test" },
  { origin: `${HOME}/` },
  { origin: `${HOME}, https://evil.example` },
  { origin: HOME, "sec-fetch-site": "cross-site" },
  { origin: LISTED, "sec-fetch-site": "cross-site" },
  { origin: "https://evil.example", host: "evil.example", "x-forwarded-host": "evil.example" },
];

async function signedIn(db: Db) {
  const settings = { publicUrl: `${HOME}/below/a/path`, corsOrigins: [LISTED] };
  const { app, heard } = anApp(db, { settings });
  const { fetch, jar } = aBrowser((url, init) => app.request(url, init));
  const person = someone();
  await fetch("/api/v1/auth/register", json({ ...person, cookies: true }));
  const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
  const isStillIn = async () => (await app.request(ME, { headers: { cookie } })).status === 200;
  return { app, heard, cookie, person, isStillIn };
}

describe("with cookies", () => {
  test.for(FOREIGN)("no foreign page changes anything: %o", async (from, { database: { db } }) => {
    const { app, cookie, heard, isStillIn } = await signedIn(db);
    for (const [method, path, body] of [
      ["POST", "/api/v1/auth/logout", undefined],
      ["POST", "/trpc/auth.logout", {}],
      ["POST", "/trpc/auth.logout,auth.logoutAll?batch=1", {}],
      ["DELETE", "/api/v1/users/me", { password }],
      ["PATCH", "/api/v1/users/me", { fullName: "Evil" }],
      ["POST", "/api/v1/auth/refresh", {}],
    ] as const) {
      const headers = { ...from, cookie, "content-type": "application/json" };
      const answer = await app.request(path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
      expect([path, answer.status]).toEqual([path, 403]);
      expect(await answer.text()).toContain("request.foreign_origin");
      expect(answer.headers.getSetCookie()).toEqual([]);
    }
    expect(await isStillIn()).toBe(true);
    expect(heard.filter(({ facts }) => facts.reason === "request.foreign_origin")).toHaveLength(6);
  });

  test.for(FOREIGN)("nobody is signed in by a foreign page, nor registered: %o", async (from, { database: { db } }) => {
    const { app, person } = await signedIn(db);
    const wanted = someone();
    for (const [path, fields] of [
      ["/api/v1/auth/login", { login: person.username, password }],
      ["/api/v1/auth/register", wanted],
    ] as const) {
      const answer = await app.request(path, json({ ...fields, cookies: true }, from));
      expect([answer.status, answer.headers.getSetCookie()]).toEqual([403, []]);
    }
    expect((await app.request("/api/v1/auth/register", json(wanted))).status).toBe(201);
  });

  test("the public address and the listed origins are at home", async ({ database: { db } }) => {
    const { app, cookie } = await signedIn(db);
    for (const from of [
      { origin: HOME },
      { origin: HOME, "sec-fetch-site": "same-origin" },
      { origin: LISTED, "sec-fetch-site": "same-site" },
    ]) {
      const headers = { ...from, cookie, "content-type": "application/json" };
      const update = { method: "PATCH", headers, body: '{"fullName":"Anna"}' };
      expect((await app.request("/api/v1/users/me", update)).status).toBe(200);
    }
  });

  test("whoever reads needs no origin, and by reading changes nothing", async ({ database: { db } }) => {
    const { app, cookie, isStillIn } = await signedIn(db);
    const headers = { cookie, "sec-fetch-site": "cross-site" };
    expect((await app.request(ME, { headers })).status).toBe(200);
    for (const path of ["/trpc/auth.logout", "/trpc/auth.logoutAll?input={}", "/trpc/auth.me,auth.logout?batch=1"])
      for (const method of ["GET", "HEAD"]) {
        const answer = await app.request(path, { method, headers });
        expect(answer.headers.getSetCookie()).toEqual([]);
      }
    expect((await app.request("/trpc/auth.logout", { headers })).status).toBe(405);
    expect((await app.request("/api/v1/auth/logout", { headers })).status).toBe(405);
    expect(await isStillIn()).toBe(true);
  });

  test("nothing but JSON is let in, and the rest has no effect", async ({ database: { db } }) => {
    const { app, cookie, isStillIn } = await signedIn(db);
    for (const type of [
      "multipart/form-data; boundary=x",
      "application/octet-stream",
      "text/plain",
      "application/x-www-form-urlencoded",
      "application/jsonx",
      "application/json; charset=utf-7",
      "",
    ])
      for (const path of ["/trpc/auth.logout", "/api/v1/auth/logout"])
        for (const body of ["", "{}", "a=b", "--x--"]) {
          // Without a type and a body there is nothing that could be taken for something else.
          if (type === "" && body === "" && path.startsWith("/api")) continue;
          const init = { method: "POST", headers: { cookie, origin: HOME, "content-type": type }, body };
          expect([path, type, (await app.request(path, untyped(init))).status]).toEqual([path, type, 415]);
        }
    expect(await isStillIn()).toBe(true);
  });
});

/** Some bodies bring a type of their own; this one brings none. */
function untyped({ headers: { "content-type": type, ...headers }, body, method }: Typed): RequestInit {
  return {
    method,
    headers: { ...headers, ...(type && { "content-type": type }) },
    body: new TextEncoder().encode(body),
  };
}

interface Typed {
  readonly method: string;
  readonly headers: { readonly cookie: string; readonly origin: string; readonly "content-type": string };
  readonly body: string;
}

test("without cookies a bearer may ask from anywhere, as may whoever registers", async ({ database: { db } }) => {
  const { app } = anApp(db, { settings: { publicUrl: HOME } });
  for (const from of FOREIGN) {
    const { accessToken } = JSON.parse(
      await (await app.request("/api/v1/auth/register", json(someone(), from))).text(),
    );
    const headers = { ...from, authorization: `Bearer ${accessToken}` };
    expect((await app.request("/api/v1/auth/logout", { method: "POST", headers })).status).toBe(200);
  }
});

test("without a public address this machine is at home, by the port that was reached and by no Host", async ({
  database: { db },
}) => {
  const { app } = anApp(db);
  const asked = (origin: string, headers = {}) =>
    app.request("/api/v1/auth/register", json({ ...someone(), cookies: true }, { origin, ...headers }), {
      incoming: { socket: { remoteAddress: "127.0.0.1", localPort: 3000 } },
    });
  for (const origin of ["http://localhost:3000", "http://127.0.0.1:3000", "http://[::1]:3000"])
    expect([origin, (await asked(origin)).status]).toEqual([origin, 201]);
  for (const origin of ["http://localhost:3001", "https://localhost:3000", "http://rebound.example:3000"])
    expect([origin, (await asked(origin, { host: new URL(origin).host })).status]).toEqual([origin, 403]);
});

describe("foreign pages", () => {
  test("may read answers, and send cookies, from the listed origins only", async ({ database: { db } }) => {
    const { app } = anApp(db, { settings: { corsOrigins: [LISTED] } });
    for (const method of ["GET", "OPTIONS"]) {
      const asked = async (origin: string) => {
        const preflight = {
          "access-control-request-method": "POST",
          "access-control-request-headers": "authorization",
        };
        return (await app.request("/api/v1/stats", { method, headers: { origin, ...preflight } })).headers;
      };
      const granted = await asked(LISTED);
      expect(granted.get("access-control-allow-origin")).toBe(LISTED);
      expect(granted.get("access-control-allow-credentials")).toBe("true");
      expect(granted.get("access-control-expose-headers")).toContain("x-request-id");
      expect(granted.get("vary")?.match(/origin/gi)).toHaveLength(1);
      for (const evil of [
        "https://evil.example",
        "null",
        "http://play.pitwall.test",
        `${LISTED}.evil.example`,
        "https://xplay.pitwall.test",
        "https://PLAY.pitwall.test",
        "*",
        "",
      ]) {
        const headers = await asked(evil);
        expect(headers.get("access-control-allow-origin")).toBeNull();
        expect(headers.get("access-control-allow-credentials")).toBeNull();
        expect(headers.get("vary")?.toLowerCase()).toContain("origin");
      }
    }
  });
});
