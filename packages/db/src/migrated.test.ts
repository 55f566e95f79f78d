import { aDatabase } from "@pitwall/rig/databases";
import { sql } from "drizzle-orm";
import { expect, onTestFinished, test } from "vitest";
import { openDatabase } from "./database.ts";
import { isMigrated } from "./migrated.ts";

test.each([
  { state: "empty", known: false },
  { state: "migrated", known: true },
] as const)("an $state database says so", async ({ state, known }) => {
  const { url, drop } = await aDatabase(state);
  const { db, close } = openDatabase({ url });
  onTestFinished(() => close().then(drop));
  expect(await isMigrated(db)).toBe(known);
});

test("a database that lacks the newest migration is not yet migrated", async () => {
  const { url, drop } = await aDatabase("migrated");
  const { db, close } = openDatabase({ url });
  onTestFinished(() => close().then(drop));
  await db.execute(
    sql`delete from drizzle.__drizzle_migrations where created_at = (select max(created_at) from drizzle.__drizzle_migrations)`,
  );
  expect(await isMigrated(db)).toBe(false);
});
