import { openApiDocument } from "@pitwall/api";
import { contractOf, fieldOf, nodeOf, type Operation, pointer } from "@pitwall/api/openapi.fixture";
import { DAY } from "@pitwall/domain/durations";
import { test as withDatabase } from "@pitwall/testing/database";
import { carefulFetch } from "@pitwall/testing/leaks";
import { describe, expect } from "vitest";
import { parts } from "./app.fixture.ts";
import { aPlayedGame, requestOf, tokensFor, WIDE } from "./contract.fixture.ts";
import { CALLS, type Input, NOTHING, type Speaker, type Told } from "./contract-calls.fixture.ts";
import { REFUSALS, type Refusal } from "./contract-refusals.fixture.ts";
import { startServer } from "./serve.ts";

const contract = contractOf(openApiDocument({ home: "", baseUrl: "/api/v1", version: "0.1.0" }));
const operations = new Map(contract.operations.map((operation) => [operation.operationId, operation]));

/** A server that listens, in whose game something has happened, since the race started two days ago. */
const test = withDatabase.extend("game", { scope: "file" }, async ({ database: { db } }, { onCleanup }) => {
  const { services: present, ...rest } = parts(db, { limits: WIDE });
  const services = { ...present, now: () => new Date(Date.now() + 2 * DAY) };
  const server = await startServer({ services, ...rest, host: "127.0.0.1", port: 0 });
  onCleanup(() => server.close());
  const played = await aPlayedGame(db);
  const answers = new Map<string, unknown>();
  const told: Told = { ...played, answers };
  return { told, answers, tokens: await tokensFor(services, told.world), url: `${server.url}/api/v1` };
});

type Game = Readonly<{ told: Told; tokens: ReadonlyMap<Speaker, string>; url: string }>;

describe("what the document says", () => {
  test("is how every refusal is answered", async ({ game }) => {
    const refusals = [
      ...contract.operations.flatMap(commonRefusals),
      ...REFUSALS.map((one) => ({ ...one, input: one.input(game.told) })),
    ];
    const heard = await Promise.all(
      refusals.map(async ({ operation, as, code, input }) => {
        const { body, faults } = await send(game, named(operation), as, input);
        const found = fieldOf(body, "code");
        return [...faults, ...(found === code ? [] : [`${found} instead of ${code}`])].map(
          (fault) => `${operation} as ${as}: ${fault}`,
        );
      }),
    );
    expect(heard.length).toBeGreaterThan(2 * operations.size);
    expect(heard.flat()).toEqual([]);
  });

  test("is how every operation answers", async ({ game }) => {
    expect(CALLS.map(({ operation }) => operation).toSorted()).toEqual([...operations.keys()].toSorted());
    for (const { operation: name, as, input } of CALLS) {
      const operation = named(name);
      const asked = await input(game.told);
      const nowhere = Object.fromEntries(pathOf(operation).flatMap((field) => nothingFor(field, asked)));
      if (Object.keys(nowhere).length > 0) {
        const missed = await send(game, operation, as, { ...asked, ...nowhere });
        expect({ name, ...missed }).toMatchObject({ name, status: 404, faults: [] });
      }
      const { status, body, faults } = await send(game, operation, as, asked);
      expect({ name, status, faults, body }).toMatchObject({ name, status: successOf(operation), faults: [] });
      game.answers.set(name, body);
      // A login and a refresh open other sessions, which end in the story; the rest of it is told with these.
      const token = fieldOf(body, "accessToken");
      if (typeof token === "string" && (name === "auth.register" || name === "auth.changePassword"))
        game.tokens.set("anna", token);
    }
  });
});

/** What anybody can do wrong: come without a token or with a bad one, have no right to, or say what nobody asked for. */
function commonRefusals(operation: Operation): (Omit<Refusal, "input"> & { readonly input: Input })[] {
  const { operationId, node } = operation;
  const input = Object.fromEntries(
    pathOf(operation).map((name) => [name, name === "task" ? "lock-races" : nothingFor(name, {})[0]?.[1]]),
  );
  const security = JSON.stringify(node.security);
  const [takesToken, needsToken] = [security.includes("bearer"), !security.includes("{}") && security !== "[]"];
  const isAdmins = JSON.stringify(node.responses).includes("auth.admin_only");
  const refusal = (as: Speaker, code: string, more: Input = {}) => ({
    operation: operationId,
    as,
    code,
    input: { ...input, ...more },
  });
  return [
    refusal("admin", "request.malformed", { unheard_of: "1" }),
    ...(needsToken ? [refusal("guest", "auth.required")] : []),
    ...(takesToken ? [refusal("stranger", "auth.token_invalid")] : []),
    ...(isAdmins ? [refusal("owner", "auth.admin_only")] : []),
  ];
}

function pathOf({ parameters }: Operation): string[] {
  return parameters.filter((parameter) => parameter.in === "path").map(({ name }) => name);
}

function nothingFor(name: string, asked: Input): [string, unknown][] {
  if (name === "task") return [];
  return [[name, typeof asked[name] === "number" && name === "id" ? 7_000_000 : NOTHING[name]?.()]];
}

function successOf({ node }: Operation): number {
  return fieldOf(node.responses, "201") ? 201 : 200;
}

function named(operationId: string): Operation {
  const operation = operations.get(operationId);
  if (!operation) throw new Error(`the document knows no ${operationId}`);
  return operation;
}

async function send({ tokens, url }: Game, operation: Operation, as: Speaker, input: Input) {
  const { method, address, body } = requestOf(operation, input);
  const token = tokens.get(as);
  const answer = await carefulFetch(`${url}${address}`, {
    method,
    headers: {
      ...(token && { authorization: `Bearer ${token}` }),
      ...(body && { "content-type": "application/json" }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  const said: unknown = JSON.parse(await answer.text());
  const { status, headers, ok } = answer;
  return {
    status,
    body: said,
    faults: [...(ok && body ? unasked(operation, body) : []), ...untold(operation, { status, headers, said })],
  };
}

function unasked({ at, node }: Operation, body: unknown): string[] {
  if (!node.requestBody) return ["nobody asks for a body"];
  return contract.faultsOf(body, `${at}/requestBody/content/${JSON_TYPE}/schema`).map((fault) => `body ${fault}`);
}

const JSON_TYPE = pointer("application/json").slice(1);
const HEADERS = Object.keys(nodeOf(contract.find("/components/headers")));

/** What an answer says otherwise than the document says that it would. */
function untold(
  { at }: Operation,
  { status, headers, said }: { status: number; headers: Headers; said: unknown },
): string[] {
  const response = contract.find(`${at}/responses/${status}`);
  if (response === undefined) return [`${status} is not foreseen`];
  const type = headers.get("content-type") ?? "";
  const media = fieldOf(fieldOf(response, "content"), type);
  if (media === undefined) return [`${status} does not come as ${type}`];
  const declared = nodeOf(fieldOf(response, "headers"));
  const strangers = HEADERS.filter((name) => headers.has(name) && !(name in declared));
  const faults = contract.faultsOf(
    said,
    status < 300 ? `${at}/responses/${status}/content/${JSON_TYPE}/schema` : "/components/schemas/Problem",
  );
  const code = String(fieldOf(said, "code"));
  const isKnown = status < 300 || code in nodeOf(fieldOf(media, "examples"));
  return [
    ...strangers.map((name) => `nobody expects ${name}`),
    ...(headers.has("x-request-id") ? [] : ["there is no request id"]),
    ...(isKnown ? [] : [`${code} is not foreseen`]),
    ...faults,
  ];
}
