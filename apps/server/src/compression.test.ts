import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { DAY } from "@pitwall/domain/durations";
import { aRace, aSeason, someDrivers } from "@pitwall/testing/builders";
import { test as withDatabase } from "@pitwall/testing/database";
import { describe, expect } from "vitest";
import { anApp, json, somebody, someone } from "./app.fixture.ts";

/** Where a list stands that is large. */
const test = withDatabase.extend("large", { scope: "file" }, async ({ database: { db } }) => {
  const season = await aSeason(db);
  await aRace(db, { season, lockIn: DAY, drivers: await someDrivers(db, season) });
  return `/api/v1/drivers?season=${season}`;
});

const asking = (accepted: string, more: Record<string, string> = {}) => ({
  headers: { "accept-encoding": accepted, ...more },
});

describe("a large answer", () => {
  test.for([
    ["gzip", "gzip"],
    ["gzip, deflate, br", "br"],
    ["br;q=0.5, gzip;q=0.8", "gzip"],
    ["*", "br"],
    ["br;q=0, *;q=0.1", "gzip"],
  ] as const)("is compressed for whoever accepts %s: %s", async ([accepted, encoding], { database: { db }, large }) => {
    const { app } = anApp(db);
    const plain = await (await app.request(large)).text();
    const unpack = encoding === "br" ? brotliDecompressSync : gunzipSync;
    for (const turn of ["first", "kept"]) {
      const answer = await app.request(large, asking(accepted));
      const bytes = Buffer.from(await answer.arrayBuffer());
      expect([turn, answer.headers.get("content-encoding")]).toEqual([turn, encoding]);
      expect(answer.headers.get("content-type")).toBe("application/json");
      expect(bytes.length).toBeLessThan(plain.length / 3);
      expect(unpack(bytes).toString()).toBe(plain);
    }
  });

  test.for(["identity", "deflate", "gzip;q=0", "", "nonsense;;q=x"])(
    "stays as it is for whoever accepts %j",
    async (accepted, { database: { db }, large }) => {
      const answer = await anApp(db).app.request(large, asking(accepted));
      expect(answer.headers.get("content-encoding")).toBeNull();
      expect(answer.headers.get("vary")).toContain("accept-encoding");
      expect(await answer.json()).toMatchObject({ items: expect.any(Array) });
    },
  );

  test("says the same under a weak tag, and is not sent again to whoever has it", async ({
    database: { db },
    large,
  }) => {
    const { app } = anApp(db);
    const strong = (await app.request(large)).headers.get("etag");
    const answer = await app.request(large, asking("gzip"));
    const etag = answer.headers.get("etag") ?? "";
    expect(etag).toBe(`W/${strong}`);
    const again = await app.request(large, asking("gzip", { "if-none-match": etag }));
    expect([again.status, again.headers.get("content-encoding"), await again.text()]).toEqual([304, null, ""]);
    const head = await app.request(large, { method: "HEAD", ...asking("gzip") });
    expect([head.status, head.headers.get("vary"), await head.text()]).toEqual([
      200,
      expect.stringContaining("accept-encoding"),
      "",
    ]);
  });

  test("is compressed for whoever is signed in too, over tRPC as well, and theirs alone", async ({
    database: { db },
    large,
  }) => {
    const { app } = anApp(db);
    const { headers } = await somebody(app);
    const mine = await app.request(large, asking("gzip", headers));
    expect(Object.fromEntries(mine.headers)).toMatchObject({ "content-encoding": "gzip", "cache-control": "no-store" });
    const season = Number(large.split("=")[1]);
    const input = encodeURIComponent(JSON.stringify({ json: { season } }));
    const answer = await app.request(`/trpc/drivers.list?input=${input}`, asking("br", headers));
    expect(answer.headers.get("content-encoding")).toBe("br");
    expect(brotliDecompressSync(Buffer.from(await answer.arrayBuffer())).toString()).toContain('"items"');
  });
});

test("what is streamed arrives in its pieces", async ({ database: { db }, large }) => {
  const season = Number(large.split("=")[1]);
  const input = encodeURIComponent(JSON.stringify({ 0: { json: { season } } }));
  const path = `/trpc/drivers.list?batch=1&input=${input}`;
  const answer = await anApp(db).app.request(path, asking("gzip", { "trpc-accept": "application/jsonl" }));
  expect([answer.status, answer.headers.get("content-encoding")]).toEqual([200, null]);
  expect((await answer.text()).split("\n").length).toBeGreaterThan(1);
});

test("what is small stays as it is, and what is no text", async ({ database: { db } }) => {
  const { app } = anApp(db);
  for (const path of ["/api/v1/stats", "/nowhere", "/docs/favicon-32x32.png"])
    expect((await app.request(path, asking("gzip"))).headers.get("content-encoding")).toBeNull();
  const page = await app.request("/docs/swagger-ui.css", asking("gzip"));
  expect(page.headers.get("content-encoding")).toBe("gzip");
});

test("no answer that bears a token is compressed, however large it is and however it is asked for", async ({
  database: { db },
}) => {
  const { app } = anApp(db);
  const registration = () => ({ ...someone(), fullName: "x".repeat(100) });
  const trpc = (input: object) => json({ json: input }, { "accept-encoding": "gzip" });
  const asked = [
    await app.request("/api/v1/auth/register", json(registration(), { "accept-encoding": "gzip" })),
    await app.request("/api/v1/%61uth/register", json(registration(), { "accept-encoding": "gzip" })),
    await app.request("/trpc/auth.register", trpc(registration())),
    await app.request("/trpc/auth.register,auth.register?batch=1", {
      ...trpc({}),
      body: JSON.stringify({ 0: { json: registration() }, 1: { json: registration() } }),
    }),
    await app.request("/trpc/teams.checkLineup%2Cauth.register?batch=1", trpc(registration())),
  ];
  for (const answer of asked) expect(answer.headers.get("content-encoding")).toBeNull();
  expect((await asked[3]?.text())?.length).toBeGreaterThan(1024);
});
