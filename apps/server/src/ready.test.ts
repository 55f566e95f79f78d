import { appRouter, RATE_LIMITS, type ReadyAnswer } from "@pitwall/api";
import { aWorld, type World } from "@pitwall/api/ownership.fixture";
import { routesOf } from "@pitwall/api/routes";
import { createReady } from "@pitwall/cache/ready";
import { CHANGES } from "@pitwall/db/changes";
import { openDatabase } from "@pitwall/db/database";
import { openListening } from "@pitwall/db/listening";
import { circuits } from "@pitwall/db/schema";
import { test as withDatabase } from "@pitwall/testing/database";
import { describe, expect } from "vitest";
import { anApp, json, somebody } from "./app.fixture.ts";
import { readyAnswers } from "./services.ts";

const test = withDatabase
  .extend("world", { scope: "file" }, async ({ database: { db } }) => aWorld(db))
  .extend("elsewhere", { scope: "file" }, async ({ database: { url } }, { onCleanup }) => {
    const other = openDatabase({ url });
    onCleanup(() => other.close());
    return other.db;
  })
  .extend("listening", { scope: "file" }, async ({ database: { url } }, { onCleanup }) => {
    const listening = openListening({ url, channel: CHANGES });
    onCleanup(() => listening.close());
    await expect.poll(() => listening.isHearing, { timeout: 10_000 }).toBe(true);
    return listening;
  });

const reads = routesOf(appRouter).filter(({ isReady }) => isReady);

/** Where a procedure stands, asked about the world. */
function pathOf(name: string, { season, scored, teams, driverIds }: World): string {
  const route = reads.find((one) => one.name === name);
  const words: Record<string, string> = {
    ...{ "{season}": `${season}`, "{slug}": scored, "{driver}": driverIds[0] ?? "" },
    ...{ "{id}": teams.owner.id, "{teamId}": teams.owner.id },
  };
  return `/api/v1/${route?.segments.map((segment) => words[segment] ?? segment).join("/")}`;
}

const FROM = { incoming: { socket: { remoteAddress: "192.0.2.1" } } };

/** Keeps answers for as long as the test takes, and hears of nothing. */
function deaf() {
  return createReady<ReadyAnswer>({ isCertain: () => true, livesFor: 60_000, sizeOf: ({ body }) => body.length });
}

describe("an answer that is ready", () => {
  test.for(reads.map(({ name }) => name))(
    "%s says what an answer says that is made anew, in every form",
    async (name, { database: { db }, world }) => {
      const ready = deaf();
      const path = pathOf(name, world);
      const [anew, again] = [anApp(db, { limits: RATE_LIMITS }), anApp(db, { limits: RATE_LIMITS, ready })];
      const first = await again.app.request(path, {}, FROM);
      expect(ready.get(path)?.template).toBe(reads.find((one) => one.name === name)?.template);
      const etag = first.headers.get("etag") ?? "";
      await anew.app.request(path, {}, FROM);
      for (const init of [
        ...[{}, { method: "HEAD" }],
        ...["gzip", "br", "deflate"].map((accepted) => ({ headers: { "accept-encoding": accepted } })),
        ...[etag, `"other", W/${etag}`, "*", '"other"'].map((known) => ({ headers: { "if-none-match": known } })),
      ]) {
        const [one, other] = [await anew.app.request(path, init, FROM), await again.app.request(path, init, FROM)];
        expect([other.status, headersOf(other)]).toEqual([one.status, headersOf(one)]);
        expect(await other.text()).toBe(await one.text());
      }
      const [lines, more] = [anew.heard, again.heard].map((heard) => heard.map(({ facts }) => factsOf(facts)));
      expect(more).toEqual(lines);
    },
  );

  test("is for whoever asks: for a page elsewhere, and for whoever is signed in, who counts as themselves", async ({
    database: { db },
    world,
  }) => {
    const ready = deaf();
    const { app } = anApp(db, { limits: RATE_LIMITS, ready });
    const { headers } = await somebody(app);
    const path = pathOf("races.bySlug", world);
    const kept = {
      template: "/races",
      status: 200,
      body: '{"name":"kept"}',
      headers: { "content-type": "application/json" },
    };
    await ready.of(path, async () => kept);
    for (const asked of [{}, { origin: "https://elsewhere.example" }, headers]) {
      const answer = await app.request(path, { headers: asked }, FROM);
      expect(await answer.json()).toEqual({ name: "kept" });
      expect(answer.headers.get("ratelimit-policy")).toContain(asked === headers ? '"user"' : '"guest"');
    }
    const over = await app.request(path, { headers: { authorization: "Bearer over.and.out" } }, FROM);
    expect(over.status).toBe(401);
  });

  test("counts like any other, and is refused like any other", async ({ database: { db }, world }) => {
    const { app } = anApp(db, { limits: { ...RATE_LIMITS, guest: { most: 3, per: 60_000 } }, ready: deaf() });
    const path = pathOf("seasons.list", world);
    const asked = [];
    for (let call = 0; call < 4; call += 1) asked.push(await app.request(path, {}, FROM));
    expect(asked.map(({ status, headers }) => [status, headers.get("x-ratelimit-remaining")])).toEqual([
      ...[
        [200, "2"],
        [200, "1"],
        [200, "0"],
      ],
      [429, "0"],
    ]);
    expect((await app.request("/api/v1/rule-sets", {}, FROM)).status).toBe(429);
  });

  test("is none that shows what players write by the thousand, and no refusal", async ({ database: { db }, world }) => {
    const ready = deaf();
    const { app } = anApp(db, { ready });
    for (const path of [`teams/${world.teams.owner.id}`, `leagues/${world.fair.id}`, "seasons/1999", "seasons?a=b"]) {
      await app.request(`/api/v1/${path}`);
      expect(ready.get(`/api/v1/${path}`)).toBeUndefined();
    }
  });
});

describe("a change", () => {
  test("by whomever is shown as soon as it is told", async ({ database: { db }, elsewhere, listening, world }) => {
    const ready = readyAnswers(listening);
    const { app } = anApp(db, { ready });
    const path = pathOf("races.bySlug", world);
    await app.request(path);
    expect(ready.get(path)).toBeDefined();
    await elsewhere.update(circuits).set({ locality: "Elsewhere" });
    await expect.poll(() => ready.get(path)).toBeUndefined();
    expect(await (await app.request(path)).json()).toMatchObject({ circuit: { locality: "Elsewhere" } });
  });

  test("is shown at once by the server that an admin made it on", async ({ database: { db }, world }) => {
    const { app } = anApp(db, { ready: deaf() });
    const path = `/api/v1/races/${world.season}/${world.open}`;
    const { id, headers } = await somebody(app);
    await db.execute(`update users set role = 'admin' where id = '${id}'`);
    const { name } = JSON.parse(await (await app.request(path)).text());
    const change = json({ name: `${name} again` }, headers);
    expect((await app.request(path, { ...change, method: "PATCH" })).status).toBe(200);
    expect(await (await app.request(path)).json()).toMatchObject({ name: `${name} again` });
  });

  test("that is made while an answer is under way keeps it from being kept", async ({ database: { db }, world }) => {
    const ready = deaf();
    // A race is read, and then the clock.
    const now = () => {
      ready.drop();
      return new Date();
    };
    const path = pathOf("races.bySlug", world);
    expect((await anApp(db, { ready, now }).app.request(path)).status).toBe(200);
    expect(ready.get(path)).toBeUndefined();
  });

  test("is shown to whoever asks where nothing is heard", async ({ database: { db, url }, elsewhere, world }) => {
    const listening = openListening({ url, channel: CHANGES });
    await listening.close();
    const { app } = anApp(db, { ready: readyAnswers(listening) });
    const path = pathOf("races.bySlug", world);
    for (const locality of ["Here", "There"]) {
      await elsewhere.update(circuits).set({ locality });
      expect(await (await app.request(path)).json()).toMatchObject({ circuit: { locality } });
    }
  });
});

/** All but what is of one request alone. */
function headersOf({ headers }: Response) {
  const { "x-request-id": _id, "x-ratelimit-reset": _reset, ratelimit, ...rest } = Object.fromEntries(headers);
  return { ...rest, ratelimit: ratelimit?.replace(/t=\d+/, "") };
}

function factsOf({ requestId: _id, ms: _ms, ...facts }: Record<string, unknown>) {
  return facts;
}
