import { createPitwall } from "@pitwall/client";
import type { Db } from "@pitwall/db/database";
import { test } from "@pitwall/testing/database";
import { describe, expect, onTestFinished } from "vitest";
import { parts, password, someone } from "./app.fixture.ts";
import { aBrowser } from "./browser.fixture.ts";
import { startServer } from "./serve.ts";

/** A page of the server's own, and what it has asked; `tab` opens another in the same browser. */
async function aPage(db: Db) {
  const { url } = await served(db);
  const asked: string[] = [];
  const browser = aBrowser((to, init) => {
    asked.push(new URL(to).pathname.replace("/trpc/", ""));
    expect(init.credentials).toBe("include");
    return fetch(to, init);
  }, url);
  const tab = () => createPitwall({ url, cookies: true, fetch: (to, init) => browser.fetch(String(to), init) });
  const refreshes = () => asked.filter((path) => path === "auth.refresh").length;
  return { pitwall: tab(), tab, ...browser, asked, refreshes };
}

async function served(db: Db) {
  const server = await startServer({ ...parts(db), host: "127.0.0.1", port: 0 });
  onTestFinished(() => server.close());
  return server;
}

const OVER = ["__Host-pitwall_access", "over.and.out"] as const;

describe("the client in a browser", () => {
  test("signs in, and out, without seeing a token", async ({ database: { db } }) => {
    const { pitwall, jar } = await aPage(db);
    const me = someone();
    const { user, ...seen } = await pitwall.auth.register.mutate(me);
    expect(seen).toEqual({ accessToken: "", refreshToken: "", tokenType: "cookie", expiresIn: 1800 });
    expect(await pitwall.auth.me.query()).toEqual(user);
    await pitwall.auth.logout.mutate();
    expect(jar.size).toBe(0);
    await expect(pitwall.auth.me.query()).rejects.toMatchObject({ reason: "auth.required" });
    await pitwall.auth.login.mutate({ login: me.username, password });
    await pitwall.auth.changePassword.mutate({ oldPassword: password, newPassword: "Correct-Horse-8" });
    expect(await pitwall.users.me.query()).toEqual(user);
  });

  test("stays signed in: one refresh serves all calls whose token is over", async ({ database: { db } }) => {
    const { pitwall, jar, refreshes } = await aPage(db);
    await pitwall.auth.register.mutate(someone());
    jar.set(...OVER);
    const calls = Array.from({ length: 12 }, () => pitwall.auth.me.query());
    expect(await Promise.all([...calls, pitwall.stats.public.query()])).toHaveLength(13);
    expect(refreshes()).toBe(1);
    jar.set(...OVER);
    await pitwall.auth.logout.mutate();
    expect([refreshes(), jar.size]).toEqual([2, 0]);
  });

  test("stays signed in in all tabs that wake up at once", async ({ database: { db } }) => {
    const { pitwall, tab, jar } = await aPage(db);
    await pitwall.auth.register.mutate(someone());
    jar.set(...OVER);
    const tabs = [pitwall, tab(), tab(), tab()];
    expect(await Promise.all(tabs.map(({ auth }) => auth.me.query()))).toHaveLength(4);
    expect((await pitwall.auth.sessions.query()).items).toHaveLength(1);
  });

  test("says that the session is over, and leaves no cookie of it", async ({ database: { db } }) => {
    const { pitwall, jar, refreshes } = await aPage(db);
    await pitwall.auth.register.mutate(someone());
    jar.set(...OVER).set("__Host-pitwall_refresh", "never-given-out");
    await expect(pitwall.auth.me.query()).rejects.toMatchObject({ reason: "auth.session_over", status: 401 });
    expect([jar.size, refreshes()]).toEqual([0, 1]);
    await expect(pitwall.auth.me.query()).rejects.toMatchObject({ reason: "auth.required" });
  });

  test("is refused on a page of somebody else", async ({ database: { db } }) => {
    const { url } = await served(db);
    const { fetch: asked, jar } = aBrowser((to, init) => fetch(to, init), "https://evil.example");
    const pitwall = createPitwall({ url, cookies: true, fetch: (to, init) => asked(String(to), init) });
    await expect(pitwall.auth.register.mutate(someone())).rejects.toMatchObject({
      reason: "request.foreign_origin",
      status: 403,
    });
    expect(jar.size).toBe(0);
  });
});
