import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { users } from "@pitwall/db/schema";
import { aUser } from "@pitwall/testing/builders";
import { test } from "@pitwall/testing/database";
import { expect, onTestFinished } from "vitest";

const MAIN = fileURLToPath(new URL("main.ts", import.meta.url));

async function ended(argv: readonly string[], env: Record<string, string>) {
  const child = spawn(process.execPath, [MAIN, ...argv], { env, stdio: ["ignore", "pipe", "pipe"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "exit")]);
  return { code, stdout, stderr };
}

test("a script is a process that does it, says so, and ends", async ({ database: { db, url } }) => {
  const { username } = await aUser(db);
  const ending = await ended(["grant-admin", username, "--json"], { DATABASE_URL: url });
  expect(ending).toMatchObject({ code: 0, stderr: expect.stringContaining("an account was changed") });
  expect(JSON.parse(ending.stdout)).toMatchObject({ username, role: "admin", changed: true });
  expect(await db.select().from(users)).toMatchObject([{ username, role: "admin" }]);
});
