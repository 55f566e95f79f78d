import { Validator } from "@seriousme/openapi-schema-validator";
import { describe, expect, test } from "vitest";
import { openApiDocument } from "./openapi.ts";
import { appRouter } from "./router.ts";

const document = openApiDocument({ baseUrl: "http://localhost:3000/api/v1", version: "0.1.0" });

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
POST /admin/jobs/runs/{id}/retry, POST /admin/races/{season}/{slug}/check, POST /admin/races/{season}/{slug}/rescore, GET /admin/syncs, GET /admin/users, PATCH /admin/users/{id}, GET /admin/audit, GET /stats`
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
      responses: { "201": {}, "422": { $ref: "#/components/responses/422" }, "429": {} },
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

function operations() {
  return Object.entries(objectOf(document.paths)).flatMap(([path, methods]) =>
    Object.entries(objectOf(methods)).map(([method, operation]) => ({
      route: `${method.toUpperCase()} ${path}`,
      operation,
    })),
  );
}

function objectOf(value: unknown): object {
  if (typeof value === "object" && value !== null) return value;
  throw new TypeError("not an object");
}
