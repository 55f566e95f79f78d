import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startEmbedded } from "@pitwall/db/embedded";
import { aFolder } from "@pitwall/rig/folder";
import { ended, started } from "@pitwall/testing/process";
import { expect, onTestFinished, test } from "vitest";

const MAIN = new URL("main.ts", import.meta.url);

/** What a start says that must not succeed. */
async function refusalOf(env: Record<string, string>, ...words: string[]): Promise<string> {
  const { code, stderr, stdout } = await ended(started(MAIN, { PATH: "/usr/bin:/bin", PORT: "0", ...env }, ...words));
  expect(code).toBe(1);
  expect(stderr + stdout).not.toMatch(/\n\s+at /);
  return stderr;
}

test("whatever keeps a start from starting is told in words, without a stack", { timeout: 60_000 }, async () => {
  const { path: folder, remove } = aFolder();
  onTestFinished(remove);
  const file = join(folder, "file");
  await writeFile(file, "");
  const server = await startEmbedded({ dataDir: join(folder, "postgres"), durable: false });
  onTestFinished(() => server.stop());
  const elsewhere = new URL(server.url);
  elsewhere.pathname = "/not_there";

  const said = await Promise.all([
    refusalOf({ PITWALL_DATA: file }),
    refusalOf({ PITWALL_DATA: folder, SEASON: "1999", PORT: "x", WORKER_CONCURRENCY: "9999" }),
    refusalOf({ PITWALL_DATA: folder }, "--faster"),
    refusalOf({ PITWALL_DATA: folder, DATABASE_URL: "postgres://x" }, "--replay"),
    refusalOf({ PITWALL_DATA: folder, DATABASE_URL: elsewhere.href }),
    refusalOf({ PITWALL_DATA: folder }),
  ]);
  expect(said).toEqual([
    expect.stringContaining("Set PITWALL_DATA to one of your own"),
    expect.stringMatching(/WORKER_CONCURRENCY: [\s\S]*SEASON: is one of [\s\S]*PORT: is a number/),
    expect.stringContaining("Usage: pnpm start"),
    expect.stringContaining("Unset DATABASE_URL"),
    expect.stringContaining(
      'DATABASE_URL: is refused by the database, which says: database "not_there" does not exist',
    ),
    expect.stringContaining("is already running for another process"),
  ]);
});
