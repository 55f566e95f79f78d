import { type Caller, callerFor, PublicError } from "@pitwall/api";
import { createPitwall, PitwallError } from "@pitwall/client";
import { authenticate } from "@pitwall/services/auth/authenticate";
import { carefulFetch } from "@pitwall/testing/leaks";
import superjson from "superjson";
import type { parts } from "./app.fixture.ts";

/** What one person says in the story, whichever way it is said. Once registered or signed in, they stay so. */
export interface Voice {
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

/** The stable reason of a refusal, whichever way it came. */
export async function reasonOf(attempt: Promise<unknown>): Promise<string> {
  const error: unknown = await attempt.then(
    () => null,
    (refusal) => refusal,
  );
  if (error instanceof PitwallError || error instanceof Refused) return error.reason;
  if (error instanceof PublicError) return error.fault.reason;
  throw new Error("that was not refused", { cause: error });
}

export function clientVoice(url: string): Voice {
  const { auth, teams, leagues, notifications } = createPitwall({ url, fetch: carefulFetch });
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

export function restVoice(url: string): Voice {
  let bearer: Record<string, string> = {};
  const call = async (method: string, path: string, body?: unknown) => {
    const answer = await carefulFetch(`${url}/api/v1${path}`, {
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

export function scriptVoice(services: ReturnType<typeof parts>["services"]): Voice {
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

/** tRPC as it travels, without our client: what a library of another language would send. */
export function trpcVoice(url: string): Voice {
  let bearer: Record<string, string> = {};
  const call = async (procedure: string, input: unknown, isQuery = false) => {
    const body = JSON.stringify(superjson.serialize(input));
    const query = isQuery ? `?input=${encodeURIComponent(body)}` : "";
    const answer = await carefulFetch(`${url}/trpc/${procedure}${query}`, {
      method: isQuery ? "GET" : "POST",
      headers: { ...bearer, "content-type": "application/json" },
      ...(!isQuery && { body }),
    });
    const said = JSON.parse(await answer.text());
    if (!answer.ok) throw new Refused(said.error.json.data.reason);
    const data = said.result.data.json;
    if (data.accessToken) bearer = { authorization: `Bearer ${data.accessToken}` };
    return data;
  };
  return {
    register: (input) => call("auth.register", input),
    login: (input) => call("auth.login", input),
    createTeam: (input) => call("teams.create", input),
    lineup: (input) => call("teams.lineup", input, true),
    createLeague: (input) => call("leagues.create", input),
    joinByCode: (input) => call("leagues.joinByCode", input),
    members: (input) => call("leagues.members", input, true),
    notifications: (input) => call("notifications.list", input, true),
  };
}
