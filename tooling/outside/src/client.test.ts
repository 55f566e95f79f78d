import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { aPlayableSeason } from "@pitwall/api/play.fixture";
import { parts } from "@pitwall/server/app.fixture";
import { startServer } from "@pitwall/server/serve";
import { test } from "@pitwall/testing/database";
import { expect, onTestFinished } from "vitest";
import { installedOffline, packed, ROOT, run, writeProgram } from "./parcel.ts";

/** Of every `import` and `import()` of a module. */
function importsOf(code: string): string[] {
  return [...new Set([...code.matchAll(/(?:from |import\(|import )"([^"]+)"/g)].map(([, name = ""]) => name))].sort();
}

test("the client works where nothing of this house is but what was packed", async ({ database: { db } }) => {
  const folder = await mkdtemp(join(tmpdir(), "pitwall-outside-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const manifest = await installedOffline(folder, await packed(folder));
  expect(manifest.exports).toEqual({ ".": "./dist/index.js" });
  expect(Object.values(manifest.dependencies).join(" ")).not.toMatch(/workspace:|catalog:/);
  const [code, types] = await Promise.all(
    ["index.js", "index.d.ts"].map((name) => readFile(join(folder, "node_modules/@pitwall/client/dist", name), "utf8")),
  );
  expect(importsOf(types ?? "")).toEqual(["@trpc/client", "@trpc/server"]);
  expect(Object.keys(manifest.dependencies)).toEqual(expect.arrayContaining(importsOf(code ?? "").map(packageOf)));

  await aPlayableSeason(db);
  const server = await startServer({ ...parts(db), host: "127.0.0.1", port: 0 });
  onTestFinished(() => server.close());
  const examples = await writeProgram(folder, server.url);
  expect(examples).toBeGreaterThan(0);
  await run(process.execPath, [join(ROOT, "node_modules/typescript/bin/tsc"), "-p", folder]).catch(told);
  const asked = [["run.js", server.url], ...Array.from({ length: examples }, (_, at) => [`out/example-${at + 1}.js`])];
  const [ours = "", ...theirs] = await Promise.all(
    asked.map(async (argv) => (await run(process.execPath, argv, { cwd: folder })).stdout),
  );
  expect(JSON.parse(ours)).toEqual({
    ...{ tokenType: "bearer", isMe: true, isDate: true },
    refusal: [404, "league.not_found"],
  });
  expect(theirs[0]).toMatch(/^Slipstream drives the .+ Grand Prix\n$/);
});

const packageOf = (name: string): string =>
  name
    .split("/")
    .slice(0, name.startsWith("@") ? 2 : 1)
    .join("/");

/** The compiler tells its findings on stdout. */
function told(error: unknown): never {
  throw new Error(typeof error === "object" && error && "stdout" in error ? String(error.stdout) : String(error));
}
