import type { Db } from "@pitwall/db/database";
import { contextAs } from "@pitwall/services/context.fixture";
import { aUser, type BuiltUser } from "@pitwall/testing/builders";
import { test } from "@pitwall/testing/database";
import { describe, expect } from "vitest";
import { contextOf } from "./context.ts";
import { aPlayableSeason, guest } from "./play.fixture.ts";
import { answerRest } from "./rest.ts";

interface Sent {
  readonly as?: BuiltUser;
  readonly json?: unknown;
  readonly body?: string | FormData;
  readonly headers?: Record<string, string>;
}

/** Sends a request as `GET /teams?mine=true`, and answers what came back. */
async function send(db: Db, line: string, { as, json, body, headers = {} }: Sent = {}) {
  const [method = "", address = ""] = line.split(" ");
  const [path = ""] = address.split("?");
  const sent = json === undefined ? body : JSON.stringify(json);
  const type = json === undefined ? {} : { "content-type": "application/json" };
  const request = new Request(`http://pitwall.test/api/v1${address}`, {
    ...{ method, headers: { ...type, ...headers } },
    ...(sent !== undefined && { body: sent }),
  });
  const actor = as
    ? ({ kind: as.role, userId: as.id, username: as.username, sessionId: null } as const)
    : ({ kind: "guest", address: null, device: null } as const);
  const asked = { instance: `/api/v1${path}`, requestId: "request-7", home: "https://pitwall.test" };
  const answer = await answerRest({
    request,
    path,
    asked,
    context: async () => contextOf(contextAs(db, actor), asked),
  });
  return {
    status: answer.status,
    type: answer.headers["content-type"],
    allow: answer.headers.allow ?? null,
    body: JSON.parse(answer.body),
  };
}

describe("REST", () => {
  test("makes with 201, reads with 200, and writes moments and decimals as JSON has them", async ({
    database: { db },
  }) => {
    const { season, driverIds, captainId } = await aPlayableSeason(db);
    const as = await aUser(db);
    const made = await send(db, "POST /teams", { as, json: { season, name: "Slipstream", driverIds, captainId } });
    expect(made).toMatchObject({ status: 201, type: "application/json", body: { name: "Slipstream", version: 1 } });
    expect(made.body.createdAt).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    const lineup = await send(db, `GET /teams/${made.body.id}/lineup`, { as });
    expect(lineup).toMatchObject({ status: 200, body: { cost: 75, remaining: 25 } });
    const changed = await send(db, `PUT /teams/${made.body.id}/lineup`, {
      as,
      json: { driverIds, captainId: driverIds[1], version: 1 },
    });
    expect(changed).toMatchObject({ status: 200, body: { version: 2 } });
  });

  test("reads numbers, truth and choices out of an address", async ({ database: { db } }) => {
    const { season, driverIds } = await aPlayableSeason(db);
    const as = await aUser(db);
    expect(await send(db, `GET /teams?season=${season}&mine=true&limit=5`, { as })).toMatchObject({
      body: { items: [], total: 0 },
    });
    const { body } = await send(db, `GET /drivers?season=${season}&sort=price&order=asc`);
    const { constructorId } = body.items.find(({ id }: { id: string }) => id === driverIds[0]);
    expect(await send(db, `GET /drivers?season=${season}&constructor=${constructorId}`)).toMatchObject({
      body: { total: 2 },
    });
  });

  test.for([
    "GET /teams?limit=0",
    "GET /teams?limit=101",
    "GET /teams?limit=1e9",
    "GET /teams?limit=abc",
    "GET /teams?limit=1&limit=2",
    "GET /teams?mine=0",
    "GET /drivers?sort=__proto__",
    "GET /drivers?sort=id;drop",
    "GET /teams?__proto__=1",
    "GET /teams/not-an-id",
    "GET /races/2026x/monaco",
    "GET /races/-1/monaco-grand-prix",
    "GET /stats?verbose=true",
    "GET /users/%00",
  ])("refuses what cannot be meant: %s", async (line, { database: { db } }) => {
    expect(await send(db, line)).toMatchObject({
      status: 400,
      type: "application/problem+json",
      body: {
        type: "https://pitwall.test/docs/errors#request.malformed",
        title: "Malformed request",
        status: 400,
        code: "request.malformed",
        requestId: "request-7",
      },
    });
  });

  test("says of each wrong field what is wrong", async ({ database: { db } }) => {
    const refused = await send(db, "POST /leagues/join?teamId=1", {
      as: await aUser(db),
      json: { code: 5, role: "owner" },
    });
    expect(refused.body.errors).toEqual([
      { field: "teamId", reason: "field.unknown", message: "There is no such field." },
    ]);
    const fields = await send(db, "POST /leagues/join", { as: await aUser(db), json: { code: 5, role: "owner" } });
    expect(fields.body).toMatchObject({ status: 400, instance: "/api/v1/leagues/join" });
    expect(fields.body.errors.map(({ field }: { field: string }) => field).toSorted()).toEqual([
      "code",
      "role",
      "teamId",
    ]);
  });

  test("lets no body say a second time what the address says", async ({ database: { db } }) => {
    const id = "01932f7a-8d4e-7c3b-9a1e-3f2b1c0d9e8f";
    const refused = await send(db, `POST /leagues/${id}/leave`, { as: await aUser(db), json: { id } });
    expect(refused).toMatchObject({ status: 400, body: { errors: [{ field: "id", reason: "field.unknown" }] } });
  });

  test("takes what a DELETE asks for in a body alone, where no log writes it down", async ({ database: { db } }) => {
    const as = await aUser(db);
    const json = { password: "Wrong-Horse-7" };
    expect(await send(db, "DELETE /users/me", { as, json })).toMatchObject({
      status: 403,
      body: { code: "auth.wrong_password" },
    });
    expect(await send(db, "DELETE /users/me?password=Wrong-Horse-7", { as })).toMatchObject({
      status: 400,
      body: { errors: [{ field: "password", reason: "field.unknown" }] },
    });
    expect(await send(db, "DELETE /users/me", { as })).toMatchObject({
      status: 400,
      body: { errors: [{ field: "password" }] },
    });
  });

  test("knows paths from methods, and literal names from parameters", async ({ database: { db } }) => {
    expect(await send(db, "GET /nowhere")).toMatchObject({ status: 404, body: { code: "request.no_such_path" } });
    expect(await send(db, "GET /teams/")).toMatchObject({ status: 404 });
    expect(await send(db, "GET /teams/%E0%A4%A")).toMatchObject({ status: 404 });
    expect(await send(db, "DELETE /teams")).toMatchObject({
      status: 405,
      allow: "POST, GET",
      body: { code: "request.wrong_method" },
    });
    expect(await send(db, "GET /users/me")).toMatchObject({ status: 401, body: { code: "auth.required" } });
    expect(await send(db, "GET /leagues/join")).toMatchObject({ status: 400 });
  });
});

describe("a body", () => {
  const body = '{"season":2026}';
  test.for([
    ["multipart/form-data; boundary=x", 415],
    ["text/plain", 415],
    ["application/octet-stream", 415],
    ["application/x-www-form-urlencoded", 415],
    ["application/jsonx", 415],
    ["application/json; charset=utf-7", 415],
    ["application/json; charset=UTF-8", 400],
    ["application/json", 400],
  ] as const)("of the type %s is answered with %i", async ([type, status], { database: { db } }) => {
    expect(
      (await send(db, "POST /leagues", { as: await aUser(db), body, headers: { "content-type": type } })).status,
    ).toBe(status);
  });

  test("that is a form has no effect, not even where nothing is asked for", async ({ database: { db } }) => {
    const form = new FormData();
    form.set("a", "b");
    expect(await send(db, "POST /notifications/read-all", { as: await aUser(db), body: form })).toMatchObject({
      status: 415,
    });
    expect(await send(db, "POST /notifications/read-all", { as: await aUser(db) })).toMatchObject({
      status: 200,
      body: { marked: 0 },
    });
    expect(await send(db, "POST /notifications/read-all", { as: await aUser(db), json: { all: true } })).toMatchObject({
      status: 400,
    });
  });

  test.for(["{", "[]", "null", '"text"', "1", "[".repeat(20_000)])(
    "that is no JSON object is malformed: %s",
    async (text, { database: { db } }) => {
      const headers = { "content-type": "application/json" };
      expect(await send(db, "POST /auth/login", { body: text, headers })).toMatchObject({
        status: 400,
        body: { code: "request.malformed" },
      });
    },
  );

  test("cannot reach a prototype", async ({ database: { db } }) => {
    const headers = { "content-type": "application/json" };
    for (const key of ["__proto__", "constructor", "prototype"]) {
      const text = `{"login":"anna","password":"x","${key}":{"polluted":true}}`;
      expect(await send(db, "POST /auth/login", { body: text, headers })).toMatchObject({
        status: 400,
        body: { errors: [{ field: key }] },
      });
    }
    expect(Reflect.get({}, "polluted")).toBeUndefined();
  });
});

test("after a REST call the same procedure judges direct calls as strictly as before", async ({ database: { db } }) => {
  await send(db, "GET /teams?limit=5&mine=false");
  // Said as JSON, since no typed caller could.
  const loose = JSON.parse('{"limit":"5","mine":"false"}');
  await expect(guest(db).teams.list(loose)).rejects.toMatchObject({
    fault: { errors: [{ field: "mine" }, { field: "limit" }] },
  });
});
