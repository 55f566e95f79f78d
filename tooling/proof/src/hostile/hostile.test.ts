import { test } from "@pitwall/testing/database";
import { describe, expect } from "vitest";
import { aGround } from "./ground.ts";
import { volley } from "./hostile.ts";
import { type Shot, SPEAKERS } from "./shots.ts";
import { aTally } from "./tally.ts";
import { fault, lineFault, rawFault } from "./verdict.ts";

test("what nobody should send is refused for a reason that is known, says nothing, and changes nothing", async ({
  database,
}) => {
  const ground = await aGround(database.url);
  const tally = aTally();
  try {
    for (const seed of [1, 2]) expect(await volley(ground, seed, tally)).toEqual([]);
  } finally {
    await ground.close();
  }
  expect(SPEAKERS.every((who) => who === "guest" || ground.tokenOf(who) !== undefined)).toBe(true);
  expect(tally.sent()).toBeGreaterThan(1_500);
}, 180_000);

describe("the judge of answers", () => {
  const shot: Shot = {
    ...{ kind: "text", route: null, as: "guest", method: "POST", path: "/api/v1/teams", headers: {}, body: "{}" },
  };
  const headers = { "x-content-type-options": "nosniff" };
  const refused = { status: 400, headers, text: '{"code":"request.malformed"}' };

  test("lets a refusal pass", () => {
    expect(fault(shot, refused)).toBeNull();
    expect(fault(shot, { ...refused, status: 503, headers: { ...headers, "retry-after": "5" } })).toBeNull();
  });

  test.each([
    [{ ...refused, status: 500 }, "answered 500"],
    [{ ...refused, status: 503 }, "answered 503"],
    [{ ...refused, text: '{"message":"Failed query: select"}' }, 'said "Failed query"'],
    [{ ...refused, headers: {} }, "may be sniffed at"],
    [{ ...refused, text: "<html>" }, "said no JSON: <html>"],
    [{ ...refused, text: '{"code":"internal"}' }, "refused for internal"],
    [{ ...refused, status: 0 }, "was cut"],
  ])("does not let %j pass", (heard, words) => {
    expect(fault(shot, heard)).toBe(words);
  });

  test("lets a page be a page where a path leads out of the API", () => {
    const heard = { ...refused, text: "<html>" };
    expect(fault({ ...shot, path: "/api/v1/%2e%2e/..?x=1" }, heard)).toBeNull();
  });

  test("wants back what was sent", () => {
    const named = { ...shot, echo: { field: "name", text: "é" } };
    expect(fault(named, { status: 200, headers, text: '{"name":"e\u0301"}' })).toBe("kept name otherwise");
  });

  test("looks at every answer of a connection, and at the log", () => {
    expect(rawFault("HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 500 No\r\nx: y\r\n\r\n")).toBe("answered 500");
    expect(rawFault('HTTP/1.1 404 No\r\n\r\n{"instance":"/smuggled"}')).toBe("answered what was smuggled");
    expect(lineFault('{"level":"error","message":"x"}')).toMatch(/^the log tells of a failure/);
    expect(lineFault('{"level":"info","message":"postgres://x"}')).toBe('the log says "postgres://"');
  });
});
