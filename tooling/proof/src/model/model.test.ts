import { test } from "@pitwall/testing/database";
import { expect } from "vitest";
import { serve } from "../served.ts";
import type { Answer, Ask, Game } from "./game.ts";
import { difference, explained, judge } from "./judging.ts";
import { lot, placeIn } from "./model.ts";

const log = { info: () => undefined, warn: () => undefined, error: () => undefined };

test("two servers answer whatever is asked as the model does, one by one and at once", async ({ database }) => {
  const served = await serve(database.url, { servers: 2, log, limits: null });
  const counts = new Map<string, number>();
  try {
    expect(await lot(served, { seed: 20, runs: 8, onRun: () => undefined }, counts)).toBeNull();
  } finally {
    await served.close();
  }
  expect(counts.size).toBeGreaterThan(20);
}, 180_000);

test("a failure is found again though the name of its place has strokes in it", () => {
  expect(placeIn("1:0:3/AB/C+:F")).toEqual({ way: "1:0:3", ran: "AB/C+:F" });
});

const everything = () => true;
const done: Answer = { status: 200, reason: null, body: {}, isReplayed: false };
const full: Answer = { status: 409, reason: "league.full", body: {}, isReplayed: false };

/** A league of two seats with one left, and two who want it. */
function aGame(): Game {
  const [users, sessions, bearers] = [new Map(), new Map(), new Map()];
  const teams = new Map();
  for (const who of ["ada", "bea", "cleo"]) {
    users.set(who, { username: who, password: "", misses: 0, tries: 0 });
    sessions.set(who, { user: who, refresh: "" });
    bearers.set(who, who);
    teams.set(who, { owner: who, name: who, version: 1, lineups: [] });
  }
  const members = new Map([["ada", { team: "ada", role: "member" as const }]]);
  const rest = {
    season: 2100,
    name: "",
    description: "",
    isPrivate: false,
    code: "",
    version: 1,
    bans: new Set<string>(),
  };
  const leagues = new Map([["club", { owner: "ada", seats: 2, members, ...rest }]]);
  return {
    ...{
      season: 2100,
      idle: 2101,
      market: new Map(),
      races: [],
      locked: 0,
      spent: new Map(),
      hasty: new Set(),
      links: new Map(),
    },
    ...{ users, sessions, bearers, teams, leagues, kept: new Map() },
  };
}

const join = (who: string): Ask => ({
  ...{ procedure: "leagues.join", token: who, input: { id: "club", teamId: who } },
  ...{ ifMatch: null, key: null, door: "rest" },
});

test("an answer that is other than the model's is told", () => {
  expect(difference(judge(aGame(), join("bea"), {}), full)).toBe("409 league.full instead of 200 done");
});

test("of two who take the last seat at once, one may have it and no more", () => {
  const [bea, cleo] = [join("bea"), join("cleo")];
  const taken = { ...done, body: { ...done.body, ...judge(aGame(), bea, {}).body } };
  const late = [
    { ask: bea, answer: taken },
    { ask: cleo, answer: full },
  ];
  expect(explained(aGame(), late.toReversed(), everything)?.leagues.get("club")?.members.has("bea")).toBe(true);
  const both = [late[0] ?? null, { ask: cleo, answer: { ...taken, body: judge(aGame(), cleo, {}).body } }];
  expect(explained(aGame(), both, everything)).toBeNull();
});

test("of two who change a password at once, whoever hears that theirs is another changed nothing", () => {
  const change = (oldPassword: string, newPassword: string): Ask => ({
    ...{ procedure: "auth.changePassword", token: "ada", input: { oldPassword, newPassword } },
    ...{ ifMatch: null, key: null, door: "rest" },
  });
  const claims = Buffer.from(JSON.stringify({ sid: "ada" })).toString("base64url");
  const tokens = { accessToken: `header.${claims}.signature`, refreshToken: "the next" };
  const changed = { ...done, body: { user: { id: "ada" }, ...tokens } };
  const refused = { status: 403, reason: "auth.wrong_password", body: {}, isReplayed: false };
  const both = [
    { ask: change("", "new"), answer: changed },
    { ask: change("new", ""), answer: refused },
  ];
  const after = explained(aGame(), both, everything);
  expect(after?.users.get("ada")?.password).toBe("new");
  expect(after?.sessions.get("ada")?.refresh).toBe("the next");
});
