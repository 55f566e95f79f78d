import { appRouter } from "@pitwall/api";
import { metaOf, proceduresOf } from "@pitwall/api/routes";
import { createPitwall } from "@pitwall/client";
import type { Db } from "@pitwall/db/database";
import { DAY } from "@pitwall/domain/durations";
import { aRace, aSeason, someDrivers } from "@pitwall/testing/builders";
import { test } from "@pitwall/testing/database";
import { describe, expect, onTestFinished } from "vitest";
import { parts, someone } from "./app.fixture.ts";
import { startServer } from "./serve.ts";

type Mishap = "lost on its way" | "answer lost" | "away" | "hangs";

interface Asked {
  readonly path: string;
  readonly key: string | null;
}

/** A client that is signed in, on a network where what is planned goes wrong, one request after the other. */
async function onABadNetwork(db: Db, options: { retries?: number } = {}) {
  const server = await startServer({ ...parts(db), host: "127.0.0.1", port: 0 });
  onTestFinished(() => server.close());
  const asked: Asked[] = [];
  const planned: Mishap[] = [];
  const badFetch: typeof fetch = async (input, init) => {
    const key = new Headers(init?.headers).get("idempotency-key");
    asked.push({ path: new URL(String(input)).pathname.replace("/trpc/", ""), key });
    const mishap = planned.shift();
    if (mishap === "lost on its way") throw new TypeError("fetch failed");
    if (mishap === "away") return away();
    if (mishap === "hangs") return hanging(init?.signal);
    const answer = await fetch(input, init);
    if (mishap !== "answer lost") return answer;
    await answer.text();
    throw new TypeError("terminated");
  };
  const pitwall = createPitwall({ url: server.url, fetch: badFetch, ...options });
  await pitwall.auth.register.mutate(someone());
  asked.length = 0;
  return { pitwall, asked, planned };
}

/** As a balancer has it before the server is back. */
function away(): Response {
  const data = {
    code: "SERVICE_UNAVAILABLE",
    httpStatus: 503,
    reason: "service.unavailable",
    requestId: "",
    errors: [],
  };
  const error = { json: { message: "Out of reach.", code: -32603, data: { ...data, retryAfterSeconds: 0 } } };
  return Response.json({ error }, { status: 503 });
}

function hanging(signal: AbortSignal | null | undefined): Promise<Response> {
  return new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
}

async function aTeamToEnter(db: Db) {
  const season = await aSeason(db);
  const drivers = await someDrivers(db, season);
  await aRace(db, { season, lockIn: DAY, drivers });
  const driverIds = [0, 2, 4, 6, 8].map((place) => drivers[place]?.id ?? "");
  return { season, name: "Slipstream", driverIds, captainId: driverIds[0] ?? "" };
}

describe("the client on a bad network", () => {
  test("does what it was asked for once, though it had to ask three times", async ({ database: { db } }) => {
    const team = await aTeamToEnter(db);
    const { pitwall, asked, planned } = await onABadNetwork(db);
    planned.push("answer lost", "away");
    const made = await pitwall.teams.create.mutate(team);
    expect(made.createdAt).toBeInstanceOf(Date);
    expect(await pitwall.teams.mine.query({ season: team.season })).toMatchObject({ items: [{ id: made.id }] });
    const sent = asked.filter(({ path }) => path === "teams.create");
    expect(sent).toHaveLength(3);
    expect(new Set(sent.map(({ key }) => key)).size).toBe(1);
    await pitwall.teams.rename.mutate({ id: made.id, name: "Undercut" });
    expect(asked.at(-1)?.key).not.toBe(sent[0]?.key);
  });

  test("goes on with a key of the caller's own, as after a restart", async ({ database: { db } }) => {
    const team = await aTeamToEnter(db);
    const { pitwall, asked, planned } = await onABadNetwork(db, { retries: 0 });
    const own = { context: { idempotencyKey: "my-first-team" } };
    planned.push("answer lost");
    await expect(pitwall.teams.create.mutate(team, own)).rejects.toMatchObject({ reason: "network", status: 0 });
    const made = await pitwall.teams.create.mutate(team, own);
    expect(await pitwall.teams.mine.query({ season: team.season })).toMatchObject({ items: [{ id: made.id }] });
    expect(asked.map(({ key }) => key)).toEqual(["my-first-team", "my-first-team", null]);
    await pitwall.teams.rename.mutate({ id: made.id, name: "Undercut" });
    expect(asked.at(-1)?.key).toBeNull();
  });

  test("asks again for what it reads, and gives up after the third time", async ({ database: { db } }) => {
    const { pitwall, asked, planned } = await onABadNetwork(db);
    planned.push("lost on its way", "away");
    expect(await pitwall.auth.me.query()).toMatchObject({ role: "user" });
    planned.push("lost on its way", "lost on its way", "lost on its way");
    await expect(pitwall.auth.me.query()).rejects.toMatchObject({ reason: "network" });
    expect(asked).toHaveLength(6);
  });

  test("asks once for what was refused, and for what signs in", async ({ database: { db } }) => {
    const { pitwall, asked, planned } = await onABadNetwork(db);
    const nothing = { id: crypto.randomUUID() };
    await expect(pitwall.teams.byId.query(nothing)).rejects.toMatchObject({ reason: "team.not_found" });
    await expect(pitwall.leagues.leave.mutate(nothing)).rejects.toMatchObject({ reason: "league.not_found" });
    planned.push("answer lost");
    await expect(pitwall.auth.register.mutate(someone())).rejects.toMatchObject({ reason: "network" });
    expect(asked).toMatchObject([
      { path: "teams.byId", key: null },
      { path: "leagues.leave", key: expect.stringMatching(/^[0-9a-f]{32}$/) },
      { path: "auth.register", key: null },
    ]);
  });

  test("stops at once when it is told to, in the middle of a batch or of a pause, and before it has begun", async ({
    database: { db },
  }) => {
    const { pitwall, asked, planned } = await onABadNetwork(db);
    const aborted = { reason: "aborted", status: 0 };
    const [hanging, pausing] = [new AbortController(), new AbortController()];
    planned.push("hangs");
    const slow = expect(pitwall.auth.me.query(undefined, { signal: hanging.signal })).rejects.toMatchObject(aborted);
    const beside = pitwall.stats.public.query(undefined, { signal: AbortSignal.timeout(50) });
    await expect(beside).rejects.toMatchObject(aborted);
    hanging.abort();
    await slow;
    planned.push("lost on its way");
    const call = pitwall.auth.me.query(undefined, { signal: pausing.signal });
    await expect.poll(() => planned.length, { interval: 1 }).toBe(0);
    pausing.abort();
    await expect(call).rejects.toMatchObject(aborted);
    const late = pitwall.leagues.leave.mutate({ id: crypto.randomUUID() }, { signal: AbortSignal.abort() });
    await expect(late).rejects.toMatchObject(aborted);
    expect(asked).toHaveLength(2);
  });
});

test("the client knows what takes no key", async ({ database: { db } }) => {
  const { pitwall, asked } = await onABadNetwork(db);
  const mutations = Object.entries(proceduresOf(appRouter)).filter(([, { _def }]) => _def.type === "mutation");
  const keyed = mutations.filter(
    ([, procedure]) => metaOf(procedure).who !== "anyone" && !metaOf(procedure).takesNoKey,
  );
  for (const [name] of mutations) {
    const [subject = "", verb = ""] = name.split(".");
    // No typed caller could say it, and nothing of it is done: no input is as it should be, or there is none and nobody is signed in.
    const subjects: object = pitwall;
    const call = Reflect.get(Reflect.get(subjects, subject), verb);
    await call.mutate({ nonsense: true }).catch(() => undefined);
  }
  const sent = asked.filter(({ key }) => key !== null).map(({ path }) => path);
  expect(new Set(sent)).toEqual(new Set(keyed.map(([name]) => name)));
});
