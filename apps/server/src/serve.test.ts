import { once } from "node:events";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { createPitwall, PitwallError, type Tokens } from "@pitwall/client";
import type { Db } from "@pitwall/db/database";
import { test } from "@pitwall/testing/database";
import { carefulFetch } from "@pitwall/testing/leaks";
import { describe, expect, onTestFinished } from "vitest";
import { parts, password, someone } from "./app.fixture.ts";
import { startServer } from "./serve.ts";

const CHUNKED = "transfer-encoding: chunked\r\n\r\n0\r\n\r\n";

async function served(db: Db) {
  const server = await startServer({ ...parts(db), host: "127.0.0.1", port: 0 });
  onTestFinished(() => server.close());
  return server;
}

/** A client whose requests and tokens the test can see. */
function watched(url: string) {
  const asked: string[] = [];
  const kept: { tokens: Tokens | null } = { tokens: null };
  const store = { get: () => kept.tokens, set: (tokens: Tokens | null) => void Object.assign(kept, { tokens }) };
  const watchedFetch: typeof fetch = (input, init) => {
    asked.push(new URL(String(input)).pathname.replace("/trpc/", ""));
    return carefulFetch(input, init);
  };
  return { pitwall: createPitwall({ url: `${url}/`, tokens: store, fetch: watchedFetch }), asked, kept };
}

describe("the client", () => {
  test("stays signed in: one refresh serves all calls whose token is over", async ({ database: { db } }) => {
    const { url } = await served(db);
    const { pitwall, asked, kept } = watched(url);
    const { user, refreshToken } = await pitwall.auth.register.mutate(someone());
    expect(kept.tokens?.refreshToken).toBe(refreshToken);
    kept.tokens = { accessToken: "over.and.out", refreshToken };
    asked.length = 0;
    const calls = Array.from({ length: 12 }, () => pitwall.auth.me.query());
    expect(await Promise.all([...calls, pitwall.stats.public.query()])).toHaveLength(13);
    expect(asked.filter((path) => path === "auth.refresh")).toHaveLength(1);
    expect(await pitwall.users.me.query()).toEqual(user);
    expect(user.since).toBeInstanceOf(Date);
  });

  test("forgets its tokens when the session is over, and when it signs out", async ({ database: { db } }) => {
    const { url } = await served(db);
    const { pitwall, kept } = watched(url);
    const me = someone();
    await pitwall.auth.register.mutate(me);
    await pitwall.auth.logout.mutate();
    expect(kept.tokens).toBeNull();
    await pitwall.auth.login.mutate({ login: me.username, password });
    kept.tokens = { accessToken: "over.and.out", refreshToken: "never given out" };
    await expect(pitwall.auth.me.query()).rejects.toMatchObject({ reason: "auth.session_over", status: 401 });
    expect(kept.tokens).toBeNull();
  });

  test("says why it was refused, for people and for programs", async ({ database: { db } }) => {
    const { url } = await served(db);
    const { pitwall } = watched(url);
    const refusal = await pitwall.auth.register
      .mutate({ ...someone(), username: "a!" })
      .catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(PitwallError);
    expect(refusal).toMatchObject({
      name: "PitwallError",
      reason: "auth.invalid_registration",
      status: 400,
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      errors: [{ field: "username", reason: "username.too_short", min: 3 }, { reason: "username.bad_characters" }],
    });
    const { pitwall: lost } = watched("http://127.0.0.1:1");
    await expect(lost.stats.public.query()).rejects.toMatchObject({ reason: "network", status: 0 });
  });
});

test("a door that cannot be opened is a fault of the environment, told in words", async ({ database: { db } }) => {
  const { url } = await served(db);
  const opened = (host: string, port: number) => startServer({ ...parts(db), host, port });
  await expect(opened("127.0.0.1", Number(new URL(url).port))).rejects.toThrow(
    /^PORT: \d+ is taken by another program/,
  );
  await expect(opened("203.0.113.7", 0)).rejects.toThrow(/^HOST: 203.0.113.7 is no address of this machine/);
});

describe("a stop", () => {
  test("answers what is under way, closes, and lets nobody in any more", async ({ database: { db } }) => {
    const server = await served(db);
    const body = JSON.stringify({ login: "nobody", password: "Wrong-Horse-7" });
    const slow = await spoken(
      server.url,
      `POST /api/v1/auth/login HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body.slice(0, 5)}`,
    );
    await expect.poll(async () => (await fetch(`${server.url}/health/live`)).status).toBe(200);
    const closed = server.close();
    const again = server.close();
    // An answer that is ready before the stop has begun says nothing of it.
    await expect.poll(() => fetch(`${server.url}/health/live`).catch((error) => error.cause.code)).toBe("ECONNREFUSED");
    slow.write(body.slice(5));
    const answer = await text(slow);
    expect(answer).toContain("HTTP/1.1 401");
    expect(answer.toLowerCase()).toContain("connection: close");
    await Promise.all([closed, again]);
    await expect(fetch(`${server.url}/health/live`)).rejects.toThrow();
  });

  test("that gives notice answers whoever has a connection once more, though nobody new is let in", async ({
    database: { db },
  }) => {
    const server = await startServer({ ...parts(db), host: "127.0.0.1", port: 0, drainFor: 1 });
    onTestFinished(() => server.close());
    const ask = "GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n";
    const idle = await spoken(server.url, ask);
    await once(idle, "data");
    const closed = server.close();
    const refused = () => fetch(`${server.url}/health/live`).catch((error) => error.cause.code);
    await expect.poll(refused).toBe("ECONNREFUSED");
    idle.write(ask);
    expect((await text(idle)).toLowerCase()).toMatch(/^http\/1.1 200[\s\S]*connection: close/);
    await closed;
  });
});

describe("the wire", () => {
  test("takes every method without a body, and a body whose length nobody said", async ({ database: { db } }) => {
    const { url } = await served(db);
    const { pitwall, kept } = watched(url);
    await pitwall.auth.register.mutate(someone());
    const authorization = `Bearer ${kept.tokens?.accessToken}`;
    const id = "01932f7a-8d4e-7c3b-9a1e-3f2b1c0d9e8f";
    const asked = (method: string, path: string) =>
      carefulFetch(`${url}${path}`, { method, headers: { authorization } });
    expect((await asked("DELETE", `/api/v1/auth/sessions/${id}`)).status).toBe(404);
    expect((await asked("DELETE", "/api/v1/stats")).status).toBe(405);
    expect((await asked("OPTIONS", "/api/v1/stats")).status).toBe(204);
    expect((await asked("DELETE", "/trpc/stats.public")).status).toBe(405);
    const chunked = (path: string, body: string) =>
      carefulFetch(`${url}${path}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: new Blob([body]).stream(),
        duplex: "half",
      });
    const wrong = JSON.stringify({ login: "nobody", password: "Wrong-Horse-7" });
    expect((await chunked("/api/v1/auth/login", wrong)).status).toBe(401);
    expect((await chunked("/trpc/auth.login", JSON.stringify({ json: JSON.parse(wrong) }))).status).toBe(401);
    expect((await chunked("/api/v1/auth/login", " ".repeat(65_537))).status).toBe(413);
  });

  test("refuses a large body and answers the next request on the same connection", async ({ database: { db } }) => {
    const { url } = await served(db);
    const length = 1_000_000;
    const socket = await spoken(
      url,
      `POST /api/v1/auth/login HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n${"x".repeat(length)}`,
    );
    socket.write("GET /health/live HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    expect(await text(socket)).toMatch(/HTTP\/1.1 413[\s\S]*HTTP\/1.1 200/);
  });

  test("takes an asker who leaves in the middle of a body for no failure of its own", async ({ database: { db } }) => {
    const { heard, ...deps } = parts(db);
    const server = await startServer({ ...deps, host: "127.0.0.1", port: 0 });
    onTestFinished(() => server.close());
    const chunked = "host: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n5\r\n";
    const said = "host: x\r\ncontent-type: application/json\r\ncontent-length: 50\r\n\r\n{";
    for (const path of ["/api/v1/auth/login", "/trpc/auth.login"])
      for (const rest of [chunked, said]) {
        const socket = await spoken(server.url, `POST ${path} HTTP/1.1\r\n${rest}`);
        await expect.poll(async () => (await fetch(`${server.url}/health/live`)).status).toBe(200);
        socket.destroy();
      }
    const left = () => heard.filter(({ facts }) => facts.method === "POST");
    await expect.poll(() => left().length).toBe(4);
    expect(heard.filter(({ message }) => message !== "request")).toEqual([]);
  });

  test.for([
    ["a header larger than 8 KB", `GET / HTTP/1.1\r\nhost: x\r\nx-long: ${"x".repeat(9_000)}\r\n\r\n`, 431],
    ["an address longer than that", `GET /${"x".repeat(9_000)} HTTP/1.1\r\nhost: x\r\n\r\n`, 431],
    ["a length that can be read in two ways", `POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 4\r\n${CHUNKED}`, 400],
    ["two lengths", "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 4\r\ncontent-length: 5\r\n\r\nabcde", 400],
    ["no host", "GET /health/live HTTP/1.1\r\nconnection: close\r\n\r\n", 400],
    ["a host that is none", "GET /health/live HTTP/1.1\r\nhost: a b\r\nconnection: close\r\n\r\n", 400],
    ["what it is to expect", "GET /health/live HTTP/1.1\r\nhost: x\r\nexpect: more\r\nconnection: close\r\n\r\n", 417],
    ["what is no HTTP", "canary\r\n\r\n", 400],
  ] as const)(
    "refuses %s in the words and with the headers of every answer",
    async ([, words, status], { database: { db } }) => {
      const { heard, ...deps } = parts(db);
      const server = await startServer({ ...deps, host: "127.0.0.1", port: 0 });
      onTestFinished(() => server.close());
      const answer = await text(await spoken(server.url, words));
      expect(answer).toContain(`HTTP/1.1 ${status} `);
      for (const line of [
        "content-security-policy: default-src 'none'",
        "strict-transport-security: max-age=31536000",
        "x-content-type-options: nosniff",
        "cache-control: no-store",
        "connection: close",
        "content-type: application/problem+json",
      ])
        expect(answer.toLowerCase()).toContain(line);
      const [, requestId] = /x-request-id: (\S+)/i.exec(answer) ?? [];
      expect(JSON.parse(answer.split("\r\n\r\n")[1] ?? "")).toMatchObject({ status, requestId });
      expect(heard).toMatchObject([{ message: "a request could not be read", facts: { requestId, status } }]);
    },
  );
});

async function spoken(url: string, words: string) {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  await new Promise((resolve) => socket.write(words, resolve));
  return socket;
}
