import { randomUUID } from "node:crypto";
import { appRouter, openApiDocument } from "@pitwall/api";
import { contractOf, fieldOf, type Operation } from "@pitwall/api/openapi.fixture";
import { metaOf, proceduresOf } from "@pitwall/api/routes";
import { withTx } from "@pitwall/db/database";
import { DAY } from "@pitwall/domain/durations";
import { createApp } from "@pitwall/server/app";
import { aPlayedGame, requestOf, tokensFor } from "@pitwall/server/contract.fixture";
import { CALLS, type Call, type Input, type Speaker, type Told } from "@pitwall/server/contract-calls.fixture";
import { createHealth } from "@pitwall/server/health";
import { openLink } from "@pitwall/services/auth/links";
import { contextAs } from "@pitwall/services/context.fixture";
import { createMetrics } from "@pitwall/services/stats/metrics";
import type { Place } from "./places.ts";
import type { Ending, Player, Scene, WritePath } from "./scene.ts";

const procedures = proceduresOf(appRouter);
const contract = contractOf(openApiDocument({ home: "", baseUrl: "/api/v1", version: "0" }));
const operations = new Map(contract.operations.map((operation) => [operation.operationId, operation]));

/** Everything that anybody can change, by the name of its procedure: the router itself says what there is. */
export const mutations = Object.entries(procedures)
  .filter(([, { _def }]) => _def.type === "mutation")
  .map(([name]) => name);

/** Where the story of the contract has a call that changes nothing. */
const INSTEAD: Readonly<Record<string, Call["input"]>> = {
  "auth.forgotPassword": ({ world }) => ({ email: world.people.member.email }),
};

interface Manners {
  readonly spares?: readonly string[];
  readonly promisesNothing?: true;
  /** The refusal that tells a client who did not hear the answer that it has been done, and what is then called. */
  readonly isDoneIf?: string;
  readonly next?: string;
}

/** Of what takes no key: an answer that bears secrets is not kept, so whoever missed it asks for another. */
const MANNERS: Readonly<Record<string, Manners>> = {
  "auth.register": { isDoneIf: "auth.username_taken", next: "auth.login", spares: ["sessions"] },
  "auth.login": { spares: ["sessions"] },
  "auth.refresh": { isDoneIf: "auth.refresh_raced", spares: ["sessions"] },
  "auth.logout": { isDoneIf: "auth.token_invalid" },
  "auth.logoutAll": { isDoneIf: "auth.token_invalid" },
  "auth.endSession": { isDoneIf: "session.not_found" },
  "auth.changePassword": { isDoneIf: "auth.token_invalid", next: "auth.login", spares: ["sessions"] },
  "auth.forgotPassword": { promisesNothing: true, spares: ["one_time_tokens"] },
  "auth.resetPassword": { isDoneIf: "auth.link_over" },
  "auth.verifyEmail": { isDoneIf: "auth.link_over" },
  "auth.resendVerification": { spares: ["one_time_tokens"] },
  "auth.changeEmail": { spares: ["one_time_tokens"] },
  "users.remove": { isDoneIf: "auth.token_invalid", spares: ["sessions"] },
};

/** One whole story over REST, in which everybody changes everything that can be changed, once. */
export const story: Scene = {
  name: "the API",
  paths: CALLS.filter(({ operation }) => mutations.includes(operation)).map(pathOf),
  async setUp({ db }) {
    prepared = await aPlayedGame(db);
    tokens = await tokensFor(speaking(db), prepared.world);
  },
  enter: async (place) => aTeller(place),
};

let prepared: Omit<Told, "answers"> | undefined;
let tokens: ReadonlyMap<Speaker, string> = new Map();

function pathOf({ operation: name }: Call): WritePath {
  const { spares = [], promisesNothing = false } = MANNERS[name] ?? {};
  return { name, spares, promisesNothing };
}

function speaking(db: Place["wired"]["db"]) {
  // The race of the story started two days ago.
  return contextAs(db, { kind: "system", name: "proof" }, { now: () => new Date(Date.now() + 2 * DAY) });
}

function aTeller({ wired: { db } }: Place): Player {
  if (!prepared) throw new Error("the story has not been set up");
  const { id: userId, email } = prepared.world.banned;
  const answers = new Map<string, unknown>();
  const told: Told = {
    ...prepared,
    answers,
    link: (purpose) => withTx(db, (tx) => openLink(tx, { userId, email, purpose })),
  };
  const known = new Map(tokens);
  const waiting = [...CALLS];
  let now: { readonly call: Call; readonly input: Input; readonly key: string } | undefined;

  async function say({ operation, as }: Call, input: Input, key?: string) {
    const { method, address, body } = requestOf(named(operation), input);
    const token = known.get(as);
    const headers = new Headers({
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { "content-type": "application/json" }),
      ...(key !== undefined && { "idempotency-key": key }),
    });
    const answer = await aServer(db).request(`/api/v1${address}`, {
      method,
      headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: answer.status, retryAfter: answer.headers.get("retry-after"), text: await answer.text() };
  }

  async function tell(call: Call, input: Input, key?: string): Promise<Ending & { reason?: string }> {
    const { status, retryAfter, text } = await say(call, input, key);
    const body: unknown = JSON.parse(text);
    if (status >= 400) {
      if (status === 503 && retryAfter !== null) return "unavailable";
      return { wrong: `${status} ${fieldOf(body, "code")}`, reason: String(fieldOf(body, "code")) };
    }
    answers.set(call.operation, body);
    const token = fieldOf(body, "accessToken");
    // A login and a refresh open other sessions, which end in the story; the rest of it is told with these.
    if (typeof token === "string" && ["auth.register", "auth.changePassword"].includes(call.operation))
      known.set("anna", token);
    return "done";
  }

  async function actNow(): Promise<Ending & { reason?: string }> {
    if (!now) throw new Error("nothing is to be told");
    const { call, input, key } = now;
    return tell(call, input, takesKey(call.operation) ? key : undefined);
  }

  return {
    async ready(path) {
      for (;;) {
        const call = waiting.shift();
        if (!call) throw new Error(`${path} is not in the story`);
        const input = await (INSTEAD[call.operation] ?? call.input)(told);
        if (call.operation === path) {
          now = { call, input, key: randomUUID() };
          return;
        }
        await tell(call, input);
      }
    },
    act: actNow,
    async again(path) {
      const ending = await actNow();
      const { isDoneIf, next } = MANNERS[path] ?? {};
      if (typeof ending !== "object" || ending.reason === undefined || ending.reason !== isDoneIf) return ending;
      if (next === undefined || !now) return "done";
      return signInAgain(path, now.input);
    },
    leave: async () => undefined,
  };

  async function signInAgain(path: string, input: Input): Promise<Ending> {
    const login = { login: input.username ?? "contract_anna", password: input.newPassword ?? input.password };
    const { status, text } = await say({ operation: "auth.login", as: "guest", input: () => login }, login);
    if (status !== 200) return { wrong: `signing in again ${status}` };
    const body: unknown = JSON.parse(text);
    answers.set(path, body);
    known.set("anna", String(fieldOf(body, "accessToken")));
    return "done";
  }
}

/** A new one each time: what a process remembers, such as how many mails somebody asked for, dies with it. */
function aServer(db: Place["wired"]["db"]) {
  const services = speaking(db);
  const health = createHealth(services);
  health.open();
  const settings = { corsOrigins: [], trustedProxies: [] };
  return createApp({ services, limits: null, health, metrics: createMetrics(services), settings });
}

function takesKey(name: string): boolean {
  const procedure = procedures[name];
  if (!procedure) throw new Error(`there is no ${name}`);
  const { who, takesNoKey } = metaOf(procedure);
  return who !== "anyone" && takesNoKey !== true;
}

function named(name: string): Operation {
  const operation = operations.get(name);
  if (!operation) throw new Error(`${name} is not in the document`);
  return operation;
}
