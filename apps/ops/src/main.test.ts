import { users } from "@pitwall/db/schema";
import { aUser } from "@pitwall/testing/builders";
import { test } from "@pitwall/testing/database";
import { ended, started } from "@pitwall/testing/process";
import { expect } from "vitest";

const MAIN = new URL("main.ts", import.meta.url);

test("a script is a process that does it, says so, and ends", async ({ database: { db, url } }) => {
  const { username } = await aUser(db);
  const ending = await ended(started(MAIN, { DATABASE_URL: url }, "grant-admin", username, "--json"));
  expect(ending).toMatchObject({ code: 0, stderr: expect.stringContaining("an account was changed") });
  expect(JSON.parse(ending.stdout)).toMatchObject({ username, role: "admin", changed: true });
  expect(await db.select().from(users)).toMatchObject([{ username, role: "admin" }]);
});
