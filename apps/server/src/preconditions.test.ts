import { DAY } from "@pitwall/domain/durations";
import { aRace, aSeason, someDrivers } from "@pitwall/testing/builders";
import { test as withDatabase } from "@pitwall/testing/database";
import { describe, expect } from "vitest";
import { anApp, somebody } from "./app.fixture.ts";

/** An owner of a team and a league, who is an admin as well, in a season with one open race. */
const test = withDatabase.extend("game", { scope: "file" }, async ({ database: { db, pool } }) => {
  const season = await aSeason(db);
  const drivers = await someDrivers(db, season);
  const race = await aRace(db, { season, lockIn: DAY, drivers });
  const { app } = anApp(db);
  const { id, say } = await somebody(app);
  await pool.query("update users set role = 'admin' where id = $1", [id]);
  const driverIds = [0, 2, 4, 6, 8].map((at) => drivers[at]?.id ?? "");
  const lineup = { driverIds, captainId: driverIds[0] ?? "" };
  const team = await say("/api/v1/teams", { season, name: "Slipstream", ...lineup });
  const league = await say("/api/v1/leagues", { season, name: "Friends", isPrivate: false });
  return {
    ...{ app, say, lineup, league: `/api/v1/leagues/${league.body.id}`, team: `/api/v1/teams/${team.body.id}` },
    ...{ race: `/api/v1/races/${season}/${race.slug}`, driver: `/api/v1/drivers/${driverIds[0]}`, season },
  };
});

const STALE = { status: 412, body: { code: "precondition.failed" } };

describe("what is meant for a thing as it was read", () => {
  test.for([
    ["team", "PATCH", "", { name: "Undercut" }],
    ["team", "PUT", "/lineup", null],
    ["team", "DELETE", "", {}],
    ["league", "PATCH", "", { description: "Only on Sundays" }],
    ["league", "POST", "/code", {}],
    ["league", "DELETE", "", {}],
    ["race", "PATCH", "", { name: "Another Grand Prix" }],
    ["race", "DELETE", "", {}],
    ["driver", "PATCH", "", { code: "XYZ" }],
    ["driver", "PUT", "/price", { price: 12.5 }],
    ["driver", "DELETE", "", {}],
  ] as const)("is refused once it has changed: %s %s%s", async ([thing, method, below, body], { game }) => {
    const { say, lineup, season } = game;
    const at = game[thing];
    const said = body ?? lineup;
    const change = async (ifMatch: string) =>
      say(`${at}${below}`, { ...said, ...(below === "/price" && { season }) }, { method, ifMatch });
    const read = () => say(at, undefined, { method: "GET" });
    const before = await read();
    expect(before.etag).toMatch(new RegExp(`^"${before.body.version}-[\\w-]{27}"$`));
    // Somebody else was faster.
    const name = `Faster ${before.body.version}`;
    const faster = thing === "driver" ? { familyName: name } : { name };
    expect(await say(at, faster, { method: "PATCH", ifMatch: before.etag ?? "" })).toMatchObject({ status: 200 });
    const between = await read();
    expect(between.body.version).toBe(before.body.version + 1);
    expect(await change(before.etag ?? "")).toMatchObject(STALE);
    expect((await read()).text).toBe(between.text);
    if (method === "DELETE") return;
    expect(await change(between.etag ?? "")).toMatchObject({ status: 200 });
    expect((await read()).body.version).toBe(between.body.version + 1);
  });

  test("is done when the tag comes weak, as from a compressed answer, and when any will do", async ({ game }) => {
    const { etag } = await game.say(game.league, undefined, { method: "GET" });
    expect(await game.say(game.league, { name: "Weak" }, { method: "PATCH", ifMatch: `W/${etag}` })).toMatchObject({
      status: 200,
    });
    expect(await game.say(game.league, { name: "Any" }, { method: "PATCH", ifMatch: "*" })).toMatchObject({
      status: 200,
    });
    expect(await game.say(game.league, { name: "None" }, { method: "PATCH" })).toMatchObject({ status: 200 });
  });

  test.for(["nonsense", '"0"', '"1", "2"', '"99999999999"', 'W/"x-1"'])(
    "is refused by a tag that is none of ours: %s",
    async (ifMatch, { game }) => {
      expect(await game.say(game.team, { name: "Undercut" }, { method: "PATCH", ifMatch })).toMatchObject(STALE);
    },
  );

  test("is refused where nothing has versions, and where the body means another one", async ({ game }) => {
    const ifMatch = '"1"';
    expect(await game.say("/api/v1/users/me", { fullName: "Anna" }, { method: "PATCH", ifMatch })).toMatchObject(STALE);
    expect(await game.say("/api/v1/notifications/read-all", undefined, { ifMatch })).toMatchObject(STALE);
    const { body, etag } = await game.say(game.team, undefined, { method: "GET" });
    const other = { ...game.lineup, version: body.version + 1 };
    expect(await game.say(`${game.team}/lineup`, other, { method: "PUT", ifMatch: etag ?? "" })).toMatchObject(STALE);
  });

  test("is a conflict when the body says it, as on tRPC", async ({ game }) => {
    const conflict = { status: 409, body: { code: "league.version_stale" } };
    expect(await game.say(game.league, { name: "Friends", version: 1 }, { method: "PATCH" })).toMatchObject(conflict);
  });
});

test("a tag stands for the version, and for all else that is told", async ({ game }) => {
  const { body, etag } = await game.say(game.league, undefined, { method: "GET" });
  const outsider = await somebody(game.app);
  const theirs = await outsider.say(game.league, undefined, { method: "GET" });
  expect(theirs.body.version).toBe(body.version);
  expect(theirs.etag).not.toBe(etag);
  const team = await outsider.say("/api/v1/teams", { season: game.season, name: "Guests", ...game.lineup });
  await outsider.say(`${game.league}/join`, { teamId: team.body.id });
  const joined = await game.say(game.league, undefined, { method: "GET" });
  expect(joined.body).toMatchObject({ version: body.version, memberCount: body.memberCount + 1 });
  expect(joined.etag).not.toBe(etag);
  // Who came in is no change of what the owner had read.
  expect(await game.say(game.league, { name: "Friends" }, { method: "PATCH", ifMatch: etag ?? "" })).toMatchObject({
    status: 200,
  });
});
