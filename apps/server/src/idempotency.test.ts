import { type Database, openDatabase } from "@pitwall/db/database";
import { DAY } from "@pitwall/domain/durations";
import { aRace, aSeason, someDrivers } from "@pitwall/testing/builders";
import { aProxy, test as withDatabase } from "@pitwall/testing/database";
import superjson from "superjson";
import { describe, expect, onTestFinished } from "vitest";
import { anApp, json, somebody, someone } from "./app.fixture.ts";

/** One season that is open, for all tests of the file. */
const test = withDatabase.extend("team", { scope: "file" }, async ({ database: { db } }) => {
  const season = await aSeason(db);
  const drivers = await someDrivers(db, season);
  await aRace(db, { season, lockIn: DAY, drivers });
  const driverIds = [0, 2, 4, 6, 8].map((at) => drivers[at]?.id ?? "");
  return { season, name: "Slipstream", driverIds, captainId: driverIds[0] ?? "" };
});

describe("what is sent again with the same Idempotency-Key", () => {
  test("is answered byte for byte as before, and done once", async ({ database, team }) => {
    const anna = await somebody(anApp(database.db).app);
    const first = await anna.say("/api/v1/teams", team, { key: "one" });
    // The order of the fields says nothing.
    const again = await anna.say("/api/v1/teams", Object.fromEntries(Object.entries(team).toReversed()), {
      key: "one",
    });
    expect(first).toMatchObject({ status: 201, isReplayed: false });
    expect(again).toEqual({ ...first, isReplayed: true });
    expect(await anna.say("/api/v1/teams", team, { key: "two" })).toMatchObject({ status: 201, isReplayed: false });
    expect(await count(database, "teams where owner_id", anna.id)).toBe(2);
  });

  test("is the same call on tRPC, with its moments as moments", async ({ database, team }) => {
    const anna = await somebody(anApp(database.db).app);
    const said = superjson.serialize(team);
    const first = await anna.say("/trpc/teams.create", said, { key: "one" });
    const again = await anna.say("/trpc/teams.create", said, { key: "one" });
    expect(first.body.result.data.meta.values).toEqual({ createdAt: ["Date"] });
    expect(again).toEqual({ ...first, isReplayed: true });
    const onRest = await anna.say("/api/v1/teams", team, { key: "one" });
    expect(onRest).toMatchObject({ status: 201, isReplayed: true, body: first.body.result.data.json });
  });

  test("ten times at once has one effect and one answer", async ({ database, team }) => {
    const anna = await somebody(anApp(database.db).app);
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => anna.say("/api/v1/teams", team, { key: "one" })),
    );
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(answers.filter(({ isReplayed }) => !isReplayed)).toHaveLength(1);
    expect(await count(database, "teams where owner_id", anna.id)).toBe(1);
  });

  test("but asks for something else is refused", async ({ database, team }) => {
    const { app } = anApp(database.db);
    const [anna, ben] = [await somebody(app), await somebody(app)];
    await anna.say("/api/v1/teams", team, { key: "one" });
    const reused = { status: 422, body: { code: "idempotency.key_reused" } };
    expect(await anna.say("/api/v1/teams", { ...team, name: "Undercut" }, { key: "one" })).toMatchObject(reused);
    const league = { season: team.season, name: "Friends" };
    expect(await anna.say("/api/v1/leagues", league, { key: "one" })).toMatchObject(reused);
    expect(await ben.say("/api/v1/teams", team, { key: "one" })).toMatchObject({ status: 201, isReplayed: false });
  });

  test("was refused before is judged anew, for nothing was done", async ({ database, team }) => {
    const anna = await somebody(anApp(database.db).app);
    const unread = { ...team, driverIds: "nobody" };
    const broken = { ...team, captainId: "nobody" };
    expect(await anna.say("/api/v1/teams", unread, { key: "one" })).toMatchObject({ status: 400 });
    expect(await anna.say("/api/v1/teams", broken, { key: "one" })).toMatchObject({ status: 422 });
    expect(await count(database, "idempotency_keys where user_id", anna.id)).toBe(0);
    expect(await anna.say("/api/v1/teams", team, { key: "one" })).toMatchObject({ status: 201, isReplayed: false });
  });

  test("is malformed where it is nested deeper than anybody can write it down", async ({ database, team }) => {
    const { app } = anApp(database.db);
    const anna = await somebody(app);
    const deep = `${"[".repeat(20_000)}${"]".repeat(20_000)}`;
    const headers = { ...anna.headers, "content-type": "application/json", "idempotency-key": "one" };
    const body = `{"season":${team.season},"name":${deep}}`;
    const answer = await app.request("/api/v1/teams", { method: "POST", headers, body });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ code: "request.malformed" });
  });

  test("while the first is under way is told to come back", async ({ database, team }) => {
    const anna = await somebody(anApp(database.db).app);
    const hasty = openDatabase({ url: database.url, lockTimeout: 50 });
    onTestFinished(() => hasty.close());
    const first = await database.pool.connect();
    onTestFinished(() => first.release());
    await first.query("begin");
    await first.query("insert into idempotency_keys (user_id, key, procedure, digest) values ($1, 'one', '', '')", [
      anna.id,
    ]);
    expect(await anna.say("/api/v1/teams", team, { key: "one", at: anApp(hasty.db).app })).toMatchObject({
      ...{ status: 409, retryAfter: "1", body: { code: "idempotency.in_progress" } },
    });
    await first.query("rollback");
  });

  test("is found done when the answer to its commit was lost", async ({ database, team }) => {
    const [anna, ben] = [await somebody(anApp(database.db).app), await somebody(anApp(database.db).app)];
    const proxy = await aProxy(database.url);
    const far = openDatabase({ url: proxy.url });
    onTestFinished(async () => {
      await far.close();
      await proxy.close();
    });
    const at = anApp(far.db).app;
    const twice = async (who: typeof anna, path: string, body: unknown) => {
      proxy.severOn(/^Q.{4}commit/is, { isHeard: true });
      expect(await who.say(path, body, { at, key: path })).toMatchObject({ status: 503, retryAfter: "5" });
      const again = await who.say(path, body, { at, key: path });
      expect(again).toMatchObject({ isReplayed: true });
      return again.body.id;
    };
    const teamId = await twice(anna, "/api/v1/teams", team);
    const leagueId = await twice(anna, "/api/v1/leagues", { season: team.season, name: "Friends", isPrivate: false });
    const guestTeam = await ben.say("/api/v1/teams", team);
    await twice(ben, `/api/v1/leagues/${leagueId}/join`, { teamId: guestTeam.body.id });
    expect((await database.pool.query("select id from teams where owner_id = $1", [anna.id])).rows).toEqual([
      { id: teamId },
    ]);
    expect(await count(database, "leagues where owner_id", anna.id)).toBe(1);
    expect(await count(database, "league_members where league_id", leagueId)).toBe(1);
  });
});

describe("an Idempotency-Key", () => {
  test.for(["", "a b", "é", "x".repeat(256)])("that is none is refused: %j", async (key, { database, team }) => {
    const anna = await somebody(anApp(database.db).app);
    expect(await anna.say("/api/v1/teams", team, { key })).toMatchObject({
      ...{ status: 400, body: { code: "idempotency.key_malformed" } },
    });
    expect(await count(database, "teams where owner_id", anna.id)).toBe(0);
  });

  test("that is none is refused too by what takes no key, as is said of it", async ({ database }) => {
    const { app } = anApp(database.db);
    for (const path of ["auth/login", "auth/logout", "teams/lineup/check"]) {
      const refused = await app.request(`/api/v1/${path}`, json({}, { "idempotency-key": "a b" }));
      expect(await refused.json()).toMatchObject({ status: 400, code: "idempotency.key_malformed" });
    }
  });

  test("stands for no batch of calls", async ({ database, team }) => {
    const anna = await somebody(anApp(database.db).app);
    const both = { 0: superjson.serialize(team), 1: superjson.serialize(team) };
    const refused = await anna.say("/trpc/teams.create,teams.create?batch=1", both, { key: "one" });
    expect(refused.text).toContain("idempotency.key_malformed");
    expect(await count(database, "teams where owner_id", anna.id)).toBe(0);
    const single = await anna.say("/trpc/teams.create?batch=1", { 0: both[0] }, { key: "one" });
    expect(single).toMatchObject({ status: 200, isReplayed: false });
  });

  test("says nothing to what answers with secrets, and none of them is kept", async ({ database }) => {
    const { app } = anApp(database.db);
    const anna = someone();
    const keyed = { "idempotency-key": "one" };
    expect((await app.request("/api/v1/auth/register", json(anna, keyed))).status).toBe(201);
    expect((await app.request("/api/v1/auth/register", json(anna, keyed))).status).toBe(409);
    const ben = await somebody(app);
    const change = { oldPassword: someone().password, newPassword: "Another-Horse-8" };
    expect(await ben.say("/api/v1/auth/password/change", change, { key: "one" })).toMatchObject({ status: 200 });
    expect(await count(database, "idempotency_keys where user_id", ben.id)).toBe(0);
  });
});

async function count({ pool }: Pick<Database, "pool">, which: string, id: string): Promise<number> {
  const { rows } = await pool.query(`select count(*)::int as n from ${which} = $1`, [id]);
  return rows[0]?.n;
}
