import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { gzipSync } from "node:zlib";
import { describe, expect, onTestFinished, test } from "vitest";
import { unlimited } from "./budget.ts";
import { type ClientOptions, openClient } from "./client.ts";

const QUICK = { userAgent: "pitwall-test", budget: unlimited, pauses: [1, 1] };
const HTML = { "content-type": "text/html" };

/** A source that answers as told, and a client of it that is in no hurry to spare it. */
async function aSource(listener: RequestListener, options: Partial<ClientOptions> = {}) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? "");
    listener(request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const close = async () => {
    server.close();
    server.closeAllConnections();
    if (server.listening) await once(server, "close");
  };
  onTestFinished(close);
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  const baseUrl = `http://127.0.0.1:${port}/f1`;
  const client = openClient({ ...QUICK, baseUrl, ...options });
  return { asked, client, baseUrl, close };
}

const answers =
  (...bodies: [status: number, body: string, headers?: Record<string, string>][]): RequestListener =>
  (_, response) => {
    const [status, body, headers] = bodies.length > 1 ? (bodies.shift() ?? [500, ""]) : (bodies[0] ?? [500, ""]);
    response.writeHead(status, headers).end(body);
  };

describe("the door", () => {
  test.each([".evil.test/x", "@evil.test/x", "/../../admin", "/x?noCache=1", "/x?_cacheBust=2"])(
    "lets %s out to nobody",
    async (path) => {
      const { asked, client } = await aSource(answers([200, "{}"]));
      await expect(client.fetch(path)).rejects.toThrow(TypeError);
      expect(asked).toEqual([]);
    },
  );

  test("leads to the web only", async () => {
    const client = openClient({ ...QUICK, baseUrl: "file:///etc" });
    await expect(client.fetch("/hostname")).rejects.toThrow(TypeError);
  });

  test.each([301, 302, 307])("follows no redirect (%i), whoever it leads to", async (status) => {
    const elsewhere = await aSource(answers([200, "{}"]));
    const { asked, client } = await aSource(answers([status, "", { location: `${elsewhere.baseUrl}/x` }]));
    expect(await client.fetch("/x")).toEqual({ kind: "failed", reason: `The source answered ${status}.` });
    expect([asked.length, elsewhere.asked.length]).toEqual([1, 0]);
  });

  test("takes an answer with a mark of its byte order for the text behind it", async () => {
    const { client } = await aSource(answers([200, '\uFEFF{"a":"é"}']));
    expect(await client.fetch("/x")).toMatchObject({ kind: "fetched", body: '{"a":"é"}' });
  });

  test("takes no other alphabet", async () => {
    const { client } = await aSource((_, response) => response.end(Buffer.from('{"a":"é"}', "latin1")));
    expect(await client.fetch("/x")).toEqual({ kind: "failed", reason: "The answer is not text." });
  });
});

describe("another try", () => {
  test.each([500, 502, 503, 504, 521])("is made for a server that stumbles (%i)", async (status) => {
    const { asked, client } = await aSource(answers([status, "<html>", HTML], [status, ""], [200, "{}"]));
    expect(await client.fetch("/x")).toMatchObject({ kind: "fetched", body: "{}" });
    expect(asked).toHaveLength(3);
  });

  test("is made when the line breaks", async () => {
    let broken = 0;
    const { asked, client } = await aSource((_, response) => {
      if (++broken < 3) response.destroy();
      else response.end("{}");
    });
    expect(await client.fetch("/x")).toMatchObject({ kind: "fetched" });
    expect(asked).toHaveLength(3);
  });

  test("is the third at most", async () => {
    const { asked, client } = await aSource(answers([504, "<h1>504 Gateway Time-out</h1>", HTML]));
    expect(await client.fetch("/x")).toEqual({ kind: "failed", reason: "The source answered 504." });
    expect(asked).toHaveLength(3);
  });

  test.each([204, 400, 403, 404, 429])("is not made where it would be told the same (%i)", async (status) => {
    const { asked, client } = await aSource(answers([status, ""]));
    expect(await client.fetch("/x")).toMatchObject({
      kind: "failed",
      reason: expect.stringContaining(`answered ${status}`),
    });
    expect(asked).toHaveLength(1);
  });

  test("is not made where it is told to wait", async () => {
    const { asked, client } = await aSource(answers([503, "", { "retry-after": "120" }]));
    expect(await client.fetch("/x")).toMatchObject({ kind: "failed" });
    expect(asked).toHaveLength(1);
  });

  test("is not made when there is no time left for it", async () => {
    const { asked, client } = await aSource(answers([504, ""]), { timeout: 80, pauses: [60_000] });
    expect(await client.fetch("/x")).toMatchObject({ kind: "failed" });
    expect(asked).toHaveLength(1);
  });
});

test("one document is asked for at a time, however many want one", async () => {
  let open = 0;
  let most = 0;
  const { client } = await aSource((_, response) => {
    most = Math.max(most, ++open);
    setImmediate(() => {
      open -= 1;
      response.end("{}");
    });
  });
  await Promise.all(["/a", "/b", "/c"].map((path) => client.fetch(path)));
  expect(most).toBe(1);
});

describe("a source that means harm", () => {
  const LATE = { kind: "failed", reason: "There was no whole answer in time." };
  const LARGE = { kind: "failed", reason: "The answer is larger than 2000000 bytes." };

  test("cannot keep the client waiting for a first byte", async () => {
    const { asked, client } = await aSource(() => undefined, { timeout: 80 });
    expect(await client.fetch("/x")).toEqual(LATE);
    expect(asked).toHaveLength(1);
  });

  test("cannot keep it by a drip of bytes", async () => {
    const drip: RequestListener = (_, response) => {
      const drops = setInterval(() => response.write(" "), 10);
      response.on("close", () => clearInterval(drops));
    };
    const { client } = await aSource(drip, { timeout: 80 });
    expect(await client.fetch("/x")).toEqual(LATE);
  });

  test("cannot unpack a small answer into a large one, nor is it asked again", async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000));
    const { asked, client } = await aSource((_, response) =>
      response.writeHead(200, { "content-encoding": "gzip" }).end(bomb),
    );
    expect(await client.fetch("/x")).toEqual(LARGE);
    expect(asked).toHaveLength(1);
  });

  test("cannot send without end", async () => {
    let sent = 0;
    const { client } = await aSource((_, response) => {
      const pour = () => {
        while (!response.destroyed && response.write(" ".repeat(65_536))) sent += 65_536;
      };
      response.on("drain", pour);
      pour();
    });
    const before = process.memoryUsage().rss;
    expect(await client.fetch("/x")).toEqual(LARGE);
    expect(process.memoryUsage().rss - before).toBeLessThan(100_000_000);
    expect(sent).toBeLessThan(20_000_000);
  });

  test("cannot break it by breaking off", async () => {
    const { client } = await aSource((_, response) => {
      response.writeHead(200, { "content-length": "1000" }).write("{", () => response.destroy());
    });
    expect(await client.fetch("/x")).toEqual({
      kind: "failed",
      reason: "The source was not reached: the connection broke off.",
    });
  });
});

test("a source that is not there is told of in words", async () => {
  const { baseUrl, client: gone, close } = await aSource(() => undefined);
  await close();
  expect(await gone.fetch("/x")).toEqual({
    kind: "failed",
    reason: "The source was not reached: the connection was refused.",
  });
  const nowhere = openClient({ ...QUICK, baseUrl: baseUrl.replace("127.0.0.1", "source.invalid") });
  expect(await nowhere.fetch("/x")).toEqual({
    kind: "failed",
    reason: "The source was not reached: its name is not known here.",
  });
  const plain = await aSource(answers([200, "{}"]));
  const secured = openClient({ ...QUICK, baseUrl: plain.baseUrl.replace("http:", "https:") });
  expect(await secured.fetch("/x")).toEqual({
    kind: "failed",
    reason: "The source was not reached: no secure connection came about.",
  });
});
