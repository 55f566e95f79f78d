import { RATE_LIMITS } from "@pitwall/api";
import { test } from "@pitwall/testing/database";
import { expect } from "vitest";
import { anApp, json, someone } from "./app.fixture.ts";

test("an unknown name, a wrong password and a deactivated account get one and the same answer", async ({
  database: { db },
}) => {
  const [known, inactive] = [someone(), someone()];
  for (const one of [known, inactive]) await anApp(db).app.request("/api/v1/auth/register", json(one));
  await db.execute(`update users set is_active = false where username = '${inactive.username}'`);
  const answers = [];
  for (const [login, password] of [
    ["nobody_at_all", known.password],
    [known.username, "Wrong-Horse-7"],
    [known.email, "Wrong-Horse-7"],
    [inactive.username, inactive.password],
    [inactive.username, "Wrong-Horse-7"],
  ]) {
    const { app } = anApp(db, { limits: RATE_LIMITS });
    const answer = await app.request("/api/v1/auth/login", json({ login, password }));
    const { requestId, ...body } = JSON.parse(await answer.text());
    const headers = Object.fromEntries(answer.headers);
    expect(headers["x-request-id"]).toBe(requestId);
    const { "x-request-id": _own, "x-ratelimit-reset": _moving, ...rest } = headers;
    answers.push({ status: answer.status, body, headers: rest });
  }
  expect(answers[0]).toMatchObject({ status: 401, body: { code: "auth.wrong_credentials" } });
  for (const answer of answers) expect(answer).toEqual(answers[0]);
});
