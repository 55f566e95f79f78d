import { createPitwall } from "@pitwall/client";
import { startMailSink } from "@pitwall/services/mail-sink.fixture";
import { test } from "@pitwall/testing/database";
import { carefulFetch } from "@pitwall/testing/leaks";
import { expect, onTestFinished } from "vitest";
import { anApp, json, parts, password, someone } from "./app.fixture.ts";
import { startServer } from "./serve.ts";

async function aServer(db: Parameters<typeof parts>[0]) {
  const sink = await startMailSink();
  const { services, heard, ...rest } = parts(db);
  const server = await startServer({
    services: { ...services, mailer: sink.mailer },
    ...rest,
    host: "127.0.0.1",
    port: 0,
  });
  onTestFinished(async () => {
    await server.close();
    await sink.close();
  });
  return { sink, heard, url: server.url };
}

test("the link of a mail leads to a page that says what will happen, and sends where it does", async ({
  database: { db },
}) => {
  const { sink, url, heard } = await aServer(db);
  const { email, username } = someone();
  await carefulFetch(`${url}/api/v1/auth/register`, json({ username, email, password }));
  await carefulFetch(`${url}/api/v1/auth/password/forgot`, json({ email }));
  const follow = async (subject: RegExp, more: object = {}) => {
    const { text, token } = await sink.mailTo(email, subject);
    const [link = ""] = /https:\S+/.exec(text) ?? [];
    const { pathname, hash } = new URL(link);
    expect(hash).toBe(`#${token}`);
    const page = await carefulFetch(`${url}${pathname}`);
    expect(page.headers.get("content-security-policy")).toContain("script-src 'self'; style-src 'self'");
    expect(page.headers.get("referrer-policy")).toBe("no-referrer");
    const [, sendTo = ""] = /data-send-to="([^"]+)"/.exec(await page.text()) ?? [];
    return carefulFetch(new URL(sendTo, page.url), json({ token, ...more }));
  };
  expect((await follow(/Confirm/)).status).toBe(200);
  expect((await follow(/Choose/, { newPassword: "Better-Horse-8" })).status).toBe(200);
  const again = await follow(/Choose/, { newPassword: "Better-Horse-8" });
  expect([again.status, again.headers.get("content-type")]).toEqual([400, "application/problem+json"]);
  const login = json({ login: username, password: "Better-Horse-8" });
  expect((await carefulFetch(`${url}/api/v1/auth/login`, login)).status).toBe(200);
  for (const { token } of sink.received.filter((mail) => mail.token))
    expect(JSON.stringify(heard)).not.toContain(token);
});

test("the client goes on after its password was changed", async ({ database: { db } }) => {
  const { url } = await aServer(db);
  const kept: { tokens: { accessToken: string; refreshToken: string } | null } = { tokens: null };
  const tokens = { get: () => kept.tokens, set: (next: typeof kept.tokens) => Object.assign(kept, { tokens: next }) };
  const pitwall = createPitwall({ url, tokens });
  const { refreshToken } = await pitwall.auth.register.mutate(someone());
  const changed = await pitwall.auth.changePassword.mutate({ oldPassword: password, newPassword: "Better-Horse-8" });
  expect(kept.tokens).toEqual({ accessToken: changed.accessToken, refreshToken: changed.refreshToken });
  expect(changed.refreshToken).not.toBe(refreshToken);
  expect(await pitwall.auth.me.query()).toEqual(changed.user);
});

test("a page takes nothing but a look", async ({ database: { db } }) => {
  const { app } = anApp(db);
  for (const path of ["/links/reset-password", "/links/verify-email", "/links/page.css", "/links/page.js"]) {
    expect((await app.request(path)).status).toBe(200);
    expect((await app.request(path, { method: "POST" })).status).toBe(405);
  }
  expect((await app.request("/links/anything-else")).status).toBe(404);
});
