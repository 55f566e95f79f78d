import { type Caller, callerFor, PublicError } from "@pitwall/api";
import { createPitwall, PitwallError } from "@pitwall/client";
import { DAY } from "@pitwall/domain/durations";
import { authenticate } from "@pitwall/services/auth/authenticate";
import { aRace, aSeason, someDrivers } from "@pitwall/testing/builders";
import { test } from "@pitwall/testing/database";
import { expect, onTestFinished } from "vitest";
import { parts, password } from "./app.fixture.ts";
import { startServer } from "./serve.ts";

/** What one person says in the story, whichever way it is said. Once registered or signed in, they stay so. */
interface Voice {
  register: Caller["auth"]["register"];
  login: Caller["auth"]["login"];
  createTeam: Caller["teams"]["create"];
  lineup: Caller["teams"]["lineup"];
  createLeague: Caller["leagues"]["create"];
  joinByCode: Caller["leagues"]["joinByCode"];
  members: Caller["leagues"]["members"];
  notifications: Caller["notifications"]["list"];
}

class Refused extends Error {
  readonly reason: string;

  constructor(reason: string) {
    super(reason);
    this.reason = reason;
  }
}

test("the same story can be told by the typed client, over REST and by a script, and all see the same", async ({
  database: { db },
}) => {
  const { services, ...rest } = parts(db);
  const server = await startServer({ services, ...rest, host: "127.0.0.1", port: 0 });
  onTestFinished(() => server.close());
  const season = await aSeason(db);
  const drivers = await someDrivers(db, season);
  await aRace(db, { season, lockIn: DAY, drivers, name: "Story Grand Prix" });
  const driverIds = [0, 2, 4, 6, 8].map((place) => drivers[place]?.id ?? "");

  const told = {
    client: await tell("c", () => clientVoice(server.url), { season, driverIds }),
    rest: await tell("r", () => restVoice(server.url), { season, driverIds }),
    script: await tell("s", () => scriptVoice(services), { season, driverIds }),
  };

  expect(told.client).toMatchObject([
    { user: { username: "anna" } },
    { user: { username: "anna", role: "user" } },
    { name: "Slipstream", version: 1 },
    { cost: 75, remaining: 25, race: { name: "Story Grand Prix", isLocked: false } },
    { name: "Friends", isPrivate: true, memberCount: 1, role: "owner" },
    "league.not_found",
    { name: "Friends", memberCount: 2, role: "member" },
    "league.already_member",
    {
      total: 2,
      items: [
        { username: "anna", role: "owner" },
        { username: "ben", role: "member" },
      ],
    },
    { items: [{ type: "league_joined", title: "ben joined Friends", isRead: false }] },
  ]);
  expect(told.rest).toEqual(told.client);
  expect(told.script).toEqual(told.client);
});

/** Anna enters a team and founds a league; Ben, who knows its code, joins it. Answers what both of them saw. */
async function tell(
  way: string,
  voice: () => Voice,
  game: { season: number; driverIds: string[] },
): Promise<unknown[]> {
  const { season, driverIds } = game;
  const [captainId = ""] = driverIds;
  const [anna, ben] = [voice(), voice()];
  const account = (name: string) => ({ username: `${name}_${way}`, email: `${name}_${way}@example.org`, password });
  const registered = await anna.register(account("anna"));
  const signedIn = await anna.login({ login: account("anna").email, password });
  const annas = await anna.createTeam({ season, name: "Slipstream", driverIds, captainId });
  const lineup = await anna.lineup({ id: annas.id });
  const league = await anna.createLeague({ season, name: "Friends", teamId: annas.id });
  await ben.register(account("ben"));
  const bens = await ben.createTeam({ season, name: "Undercut", driverIds, captainId });
  const strange = await reasonOf(ben.members({ id: league.id }));
  const joined = await ben.joinByCode({ code: league.code ?? "", teamId: bens.id });
  const twice = await reasonOf(ben.joinByCode({ code: league.code ?? "", teamId: bens.id }));
  const members = await anna.members({ id: league.id });
  const heard = await anna.notifications({ unread: true });
  return withoutChance([registered, signedIn, annas, lineup, league, strange, joined, twice, members, heard], way);
}

async function reasonOf(attempt: Promise<unknown>): Promise<string> {
  const error: unknown = await attempt.then(
    () => null,
    (refusal) => refusal,
  );
  if (error instanceof PitwallError || error instanceof Refused) return error.reason;
  if (error instanceof PublicError) return error.fault.reason;
  throw new Error("that was not refused", { cause: error });
}

/** Ids, moments, codes and tokens differ each time; only which is the same as which must not. */
function withoutChance(seen: unknown[], way: string): unknown[] {
  const ids = new Map<string, string>();
  const named = (id: string) => ids.get(id) ?? ids.set(id, `id ${ids.size + 1}`).get(id) ?? id;
  const text = JSON.stringify(seen)
    .replaceAll(`_${way}`, "")
    .replace(/"(accessToken|refreshToken|code)":"[^"]+"/g, '"$1":"…"')
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, named)
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "a moment");
  return JSON.parse(text);
}

function clientVoice(url: string): Voice {
  const { auth, teams, leagues, notifications } = createPitwall({ url });
  return {
    register: (input) => auth.register.mutate(input),
    login: (input) => auth.login.mutate(input),
    createTeam: (input) => teams.create.mutate(input),
    lineup: (input) => teams.lineup.query(input),
    createLeague: (input) => leagues.create.mutate(input),
    joinByCode: (input) => leagues.joinByCode.mutate(input),
    members: (input) => leagues.members.query(input),
    notifications: (input) => notifications.list.query(input),
  };
}

function restVoice(url: string): Voice {
  let bearer: Record<string, string> = {};
  const call = async (method: string, path: string, body?: unknown) => {
    const answer = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: { ...bearer, ...(body !== undefined && { "content-type": "application/json" }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const said = JSON.parse(await answer.text());
    if (!answer.ok) throw new Refused(said.code);
    if (said.accessToken) bearer = { authorization: `Bearer ${said.accessToken}` };
    return said;
  };
  return {
    register: (input) => call("POST", "/auth/register", input),
    login: (input) => call("POST", "/auth/login", input),
    createTeam: (input) => call("POST", "/teams", input),
    lineup: ({ id }) => call("GET", `/teams/${id}/lineup`),
    createLeague: (input) => call("POST", "/leagues", input),
    joinByCode: (input) => call("POST", "/leagues/join", input),
    members: ({ id }) => call("GET", `/leagues/${id}/members`),
    notifications: ({ unread }) => call("GET", `/notifications?unread=${unread}`),
  };
}

function scriptVoice(services: ReturnType<typeof parts>["services"]): Voice {
  let me = callerFor({ ...services, actor: { kind: "guest", address: null, device: null } });
  const become = async <In extends { accessToken: string }>(signedIn: In): Promise<In> => {
    const actor = await authenticate(services, signedIn.accessToken);
    if (actor) me = callerFor({ ...services, actor });
    return signedIn;
  };
  return {
    register: async (input) => become(await me.auth.register(input)),
    login: async (input) => become(await me.auth.login(input)),
    createTeam: (input) => me.teams.create(input),
    lineup: (input) => me.teams.lineup(input),
    createLeague: (input) => me.leagues.create(input),
    joinByCode: (input) => me.leagues.joinByCode(input),
    members: (input) => me.leagues.members(input),
    notifications: (input) => me.notifications.list(input),
  };
}
