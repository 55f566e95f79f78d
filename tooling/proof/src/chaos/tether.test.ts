import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";

test("a process ends with whoever started it", async () => {
  const waiting = "process.stdout.write('up'); setInterval(() => undefined, 1_000)";
  const child = spawn(process.execPath, ["--import", import.meta.resolve("./tether.ts"), "--eval", waiting], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  const ended = once(child, "exit");
  child.stdin.destroy();
  expect(await ended).toEqual([1, null]);
});
