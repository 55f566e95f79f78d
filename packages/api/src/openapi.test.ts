import { Validator } from "@seriousme/openapi-schema-validator";
import { describe, expect, test } from "vitest";
import { type Contract, contractOf, fieldOf, nodeOf, pointer } from "./openapi.fixture.ts";
import { openApiDocument } from "./openapi.ts";
import { CASES } from "./ownership-cases.fixture.ts";
import { refusalsOf } from "./refusals.ts";
import { appRouter } from "./router.ts";
import { routesOf } from "./routes.ts";

const document = openApiDocument({
  home: "http://localhost:3000",
  baseUrl: "http://localhost:3000/api/v1",
  version: "0.1.0",
});

const contract = contractOf(document);

/** What clients and operators rely on. */
const CONTRACT = `
POST /auth/register, POST /auth/login, POST /auth/refresh, POST /auth/logout, POST /auth/logout-all, GET /auth/me,
GET /auth/sessions, DELETE /auth/sessions/{id}, POST /auth/password/change, POST /auth/password/forgot,
POST /auth/password/reset, POST /auth/email/verify, POST /auth/email/resend, POST /auth/email/change,
GET /users/me, PATCH /users/me, DELETE /users/me, GET /users/me/export, GET /users, GET /users/{username},
GET /seasons, GET /seasons/{season}, GET /seasons/{season}/rules, PUT /seasons/{season}/rules, GET /rule-sets, GET /drivers, GET /drivers/{driver}, GET /drivers/{driver}/points, POST /drivers,
PATCH /drivers/{driver}, DELETE /drivers/{driver}, PUT /drivers/{driver}/price, GET /races/{season}/{slug}/entries,
GET /constructors, GET /policy/corrections, GET /races, POST /races, GET /races/next,
GET /races/{season}/{slug}, PATCH /races/{season}/{slug}, DELETE /races/{season}/{slug}, PUT /races/{season}/{slug}/results,
GET /races/{season}/{slug}/results, GET /races/{season}/{slug}/revisions,
GET /races/{season}/{slug}/scores, GET /races/{season}/{slug}/best-lineup, POST /scores/simulate, POST /teams, GET /teams, GET /teams/{id}, PUT /teams/{id}/lineup, GET /teams/{id}/lineup,
GET /teams/{id}/lineups, POST /teams/lineup/check, GET /teams/{id}/scores, GET /teams/{id}/scores/{season}/{slug},
POST /leagues, GET /leagues, GET /leagues/{id}, POST /leagues/{id}/join, POST /leagues/join, POST /leagues/{id}/leave,
GET /teams/mine, PATCH /teams/{id}, DELETE /teams/{id}, PATCH /leagues/{id}, DELETE /leagues/{id}, POST /leagues/{id}/code,
POST /leagues/{id}/transfer, PATCH /leagues/{id}/members/{userId}, DELETE /leagues/{id}/members/{userId},
GET /leagues/{id}/bans, DELETE /leagues/{id}/bans/{userId},
GET /leagues/{id}/members, GET /standings, GET /standings/me, GET /standings/around/{teamId}, GET /leagues/{id}/standings,
GET /leagues/{id}/standings/me, GET /leagues/{id}/standings/around/{teamId}, GET /notifications, GET /notifications/count, POST /notifications/{id}/read,
POST /notifications/read-all, DELETE /notifications/{id}, GET /notifications/preferences, PUT /notifications/preferences,
GET /admin/feed, GET /admin/feed/held/{id}, GET /admin/jobs, GET /admin/jobs/runs, POST /admin/jobs/{task},
POST /admin/jobs/runs/{id}/retry, POST /admin/races/{season}/{slug}/check, POST /admin/races/{season}/{slug}/rescore, POST /admin/seasons/{season}/rescore, GET /admin/syncs, GET /admin/users, PATCH /admin/users/{id}, GET /admin/audit, GET /stats`
  .split(",")
  .map((route) => route.trim());

describe("the OpenAPI document", () => {
  test("is valid OpenAPI 3.1", async () => {
    const { valid, errors } = await new Validator().validate(structuredClone(document));
    expect(errors ?? []).toEqual([]);
    expect(valid).toBe(true);
    expect(document.openapi).toBe("3.1.0");
  });

  test("has every route of the contract, and none that no procedure stands behind", () => {
    const routes = operations().map(({ route }) => route);
    expect(routes.toSorted()).toEqual(CONTRACT.toSorted());
    expect(Object.keys(appRouter._def.procedures)).toHaveLength(CONTRACT.length);
  });

  test("says who may call, what a success is, and speaks of errors in one shape", () => {
    const create = operations().find(({ route }) => route === "POST /teams")?.operation;
    expect(create).toMatchObject({
      operationId: "teams.create",
      security: [{ bearer: [] }, { cookie: [] }],
      responses: { "201": {}, "422": {}, "429": {} },
    });
    expect(JSON.stringify(document)).not.toContain("schemas/error.");
  });

  test("says where a token is needed, where it may come along, and where it counts for nothing", () => {
    const needs = new Map(operations().map(({ route, operation }) => [route, Reflect.get(operation, "security")]));
    expect(needs.get("GET /auth/me")).toEqual([{ bearer: [] }, { cookie: [] }]);
    expect(needs.get("GET /races")).toEqual([{}, { bearer: [] }, { cookie: [] }]);
    expect(needs.get("POST /auth/login")).toEqual([]);
    expect(needs.get("POST /auth/refresh")).toEqual([{}, { refreshCookie: [] }]);
    expect(document.components).toMatchObject({
      securitySchemes: {
        bearer: { type: "http", scheme: "bearer" },
        cookie: { type: "apiKey", in: "cookie", name: "__Host-pitwall_access" },
        refreshCookie: { type: "apiKey", in: "cookie", name: "__Host-pitwall_refresh" },
      },
    });
  });

  test("takes an Idempotency-Key for whatever changes something, but for what answers with secrets", () => {
    const keyed = operations().filter(({ operation }) => JSON.stringify(operation).includes('"Idempotency-Key"'));
    const routes = keyed.map(({ route }) => route);
    expect(routes).toEqual(expect.arrayContaining(["POST /teams", "PUT /teams/{id}/lineup", "POST /leagues/join"]));
    expect(routes.filter((route) => /GET|check$|simulate|auth|POST \/users/.test(route))).toEqual([
      "POST /admin/races/{season}/{slug}/check",
    ]);
  });

  test("asks for a password in a body, never in an address", () => {
    const remove = operations().find(({ route }) => route === "DELETE /users/me")?.operation;
    expect(remove).toMatchObject({
      parameters: [],
      requestBody: { content: { "application/json": { schema: { required: ["password"] } } } },
    });
  });

  test("calls the constructor of a driver by its name on REST", () => {
    const drivers = operations().find(({ route }) => route === "GET /drivers")?.operation;
    expect(JSON.stringify(drivers)).toContain('"name":"constructor"');
  });
});

describe("every operation", () => {
  test("has a name of its own, words, and a known tag", () => {
    const names = contract.operations.map(({ operationId }) => operationId);
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
    const tags = new Set(contract.operations.flatMap(({ node }) => node.tags));
    expect(document.tags).toEqual([...tags].map((name) => ({ name, description: expect.stringMatching(/.{10}/) })));
    expect(contract.operations.filter(({ node }) => !String(node.summary).match(/^[A-Z].{4,110}$/))).toEqual([]);
  });

  test("says of every answer what it looks like, and of every body, with an example of each", () => {
    const bare = contract.operations.flatMap(({ operationId, at, node }) => {
      const bodies = node.requestBody ? [`${at}/requestBody`] : [];
      const answers = Object.keys(nodeOf(node.responses)).filter((status) => status !== "304");
      const places = [...bodies, ...answers.map((status) => `${at}/responses/${status}`)];
      return places.filter((place) => mediaAt(contract, place).length === 0).map((place) => `${operationId} ${place}`);
    });
    expect(bare).toEqual([]);
    expect(examplesIn(contract).length).toBeGreaterThan(3 * contract.operations.length);
  });

  test("shows examples that are what they should be", () => {
    const faults = examplesIn(contract).flatMap(({ at, schema, value }) => {
      const found = value === undefined ? ["there is none"] : contract.faultsOf(value, schema);
      return found.map((fault) => `${at}: ${fault}`);
    });
    expect(faults).toEqual([]);
  });

  test("knows every reason that anybody heard of it", () => {
    const known = new Map(routesOf(appRouter).map((route) => [route.name, new Set<string>(refusalsOf(route))]));
    const heard = CASES.flatMap(({ call, verdicts }) =>
      Object.values(verdicts)
        .filter((reason) => reason !== "in")
        .map((reason) => ({ call, reason })),
    );
    expect(heard.filter(({ call, reason }) => !known.get(call)?.has(reason))).toEqual([]);
  });
});

interface Example {
  readonly at: string;
  /** Where the schema stands that it is an example of. */
  readonly schema: string;
  readonly value: unknown;
}

/** Of bodies, answers and what an address needs; and of every shape. */
function examplesIn(contract: Contract): Example[] {
  const shapes = Object.entries(nodeOf(contract.find("/components/schemas"))).flatMap(([name, shape]) => {
    const schema = pointer("components", "schemas", name);
    return name === "Problem" ? [] : [{ at: name, schema, value: fieldOf(fieldOf(shape, "examples"), "0") }];
  });
  const spoken = contract.operations.flatMap(({ operationId, at, parameters, node }) => [
    ...parameters.flatMap((parameter, index): Example[] =>
      parameter.required
        ? [
            {
              at: `${operationId} ${parameter.name}`,
              schema: `${at}/parameters/${index}/schema`,
              value: fieldOf(parameter, "example"),
            },
          ]
        : [],
    ),
    ...(node.requestBody ? mediaAt(contract, `${at}/requestBody`) : []),
    ...Object.keys(nodeOf(node.responses)).flatMap((status) => mediaAt(contract, `${at}/responses/${status}`)),
  ]);
  return [...shapes, ...spoken];
}

function mediaAt(contract: Contract, at: string): Example[] {
  const content = fieldOf(contract.find(at), "content") ?? {};
  return Object.entries(nodeOf(content)).flatMap(([type, media]) => {
    const schema =
      type === "application/problem+json"
        ? "/components/schemas/Problem"
        : `${at}/content/${pointer(type).slice(1)}/schema`;
    const named = Object.values(nodeOf(fieldOf(media, "examples") ?? {})).map((example) => {
      const to = fieldOf(example, "$ref");
      return typeof to === "string" ? fieldOf(contract.find(to.slice(1)), "value") : undefined;
    });
    const values = named.length > 0 ? named : [fieldOf(media, "example")];
    return values.map((value) => ({ at, schema, value }));
  });
}

function operations() {
  return contract.operations.map(({ method, path, node }) => ({ route: `${method} ${path}`, operation: node }));
}
