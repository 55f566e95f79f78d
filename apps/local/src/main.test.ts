import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { startEmbedded } from "@pitwall/db/embedded";
import { aFolder } from "@pitwall/rig/folder";
import { expect, onTestFinished, test } from "vitest";

const MAIN = fileURLToPath(new URL("main.ts", import.meta.url));

/** What a start says that must not succeed. */
async function refusalOf(env: Record<string, string>, ...words: string[]): Promise<string> {
  const start = spawn(process.execPath, [MAIN, ...words], { env: { PATH: "/usr/bin:/bin", PORT: "0", ...env } });
  onTestFinished(() => void start.kill("SIGKILL"));
  const [said, out, [code]] = await Promise.all([text(start.stderr), text(start.stdout), once(start, "exit")]);
  expect(code).toBe(1);
  expect(said + out).not.toMatch(/\n\s+at /);
  return said;
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
