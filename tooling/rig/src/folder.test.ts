import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { text } from "node:stream/consumers";
import { expect, onTestFinished, test } from "vitest";
import { aFolder } from "./folder.ts";

/** The folder of a process that ends as it is told. */
async function leftBy(ending: string): Promise<string> {
  const program = `const { aFolder } = await import(${JSON.stringify(new URL("folder.ts", import.meta.url))});
    process.stdout.write(aFolder().path); ${ending}`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [path] = await Promise.all([text(child.stdout), once(child, "exit")]);
  expect(path).toMatch(/pitwall-\d+-/);
  return path;
}

test("a folder is gone with its process", async () => {
  expect(existsSync(await leftBy("process.exit(3)"))).toBe(false);
});

test("the folder of a process that was killed goes when the next is made, and nobody else's does", async () => {
  const mine = aFolder();
  onTestFinished(mine.remove);
  const left = await leftBy('process.kill(process.pid, "SIGKILL")');
  expect(existsSync(left)).toBe(true);
  const next = aFolder();
  expect([mine.path, left, next.path].map(existsSync)).toEqual([true, false, true]);
  next.remove();
  expect(existsSync(next.path)).toBe(false);
});
