import { setTimeout as wait } from "node:timers/promises";
import { openDatabase, PATIENT } from "@pitwall/db/database";
import { DAY } from "@pitwall/domain/durations";
import { aRace, aSeason } from "@pitwall/testing/builders";
import { test } from "@pitwall/testing/database";
import { Hono } from "hono";
import { describe, expect, onTestFinished } from "vitest";
import { anApp, somebody } from "./app.fixture.ts";
import { deadline } from "./deadline.ts";
import type { AppEnv } from "./requests.ts";

/** Milliseconds. */
const USUAL = 100;
const WORK = 300;

describe("an answer", () => {
  const app = new Hono<AppEnv>();
  app.use(deadline({ usual: USUAL, patient: 60_000 }));
  app.onError((error, c) => c.text(error.message));
  app.get("/:how", async (c) => {
    if (c.req.param("how") === "patiently") c.get("takeLong")();
    await wait(WORK);
    return c.text("done");
  });

  test("that takes too long is given up", async () => {
    expect(await (await app.request("/hastily")).text()).toMatch(/took too long/);
  });

  test("is waited for once whoever works on it has said that it takes long", async () => {
    expect(await (await app.request("/patiently")).text()).toBe("done");
  });
});

describe("what an admin does to a whole season", () => {
  /** The race is held by somebody else for longer than a request usually waits. */
  async function cancelled(url: string, isPatient: boolean) {
    const hasty = openDatabase({ url, lockTimeout: USUAL });
    const patient = openDatabase({ url, ...PATIENT });
    onTestFinished(async () => void (await Promise.all([hasty.close(), patient.close()])));
    const { app } = anApp(hasty.db, isPatient ? { patient: patient.db } : {});
    const admin = await somebody(app);
    await hasty.pool.query("update users set role = 'admin' where id = $1", [admin.id]);
    const season = await aSeason(hasty.db);
    const { slug } = await aRace(hasty.db, { season, lockIn: DAY });
    const holder = await patient.pool.connect();
    await holder.query("begin");
    await holder.query("select from races where season = $1 for update", [season]);
    const over = wait(WORK).then(() => holder.query("commit"));
    const path = `/api/v1/races/${season}/${slug}`;
    const keyed = await admin.say(path, { cancelled: true }, { method: "PATCH", key: "one" });
    const again = await admin.say(path, { cancelled: true }, { method: "PATCH", key: "one" });
    await over;
    holder.release();
    return [keyed, again];
  }

  test("goes over connections that wait, and is done once", async ({ database: { url } }) => {
    const done = { status: 200, body: { status: "cancelled" } };
    expect(await cancelled(url, true)).toMatchObject([done, { ...done, isReplayed: true }]);
  });

  test("would be given up on those of everybody", async ({ database: { url } }) => {
    expect((await cancelled(url, false))[0]).toMatchObject({ status: 503 });
  });
});
