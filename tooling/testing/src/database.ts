import { randomUUID } from "node:crypto";
import { type Database, openDatabase } from "@pitwall/db/database";
import { inject, test as plain } from "vitest";
import { createDatabase, dropDatabase } from "./databases.ts";

export interface TestDatabase extends Database {
  readonly url: string;
}

/** Vitest's `test` with a migrated, empty database that the tests of one file share, made when the first of them asks for it. */
export const test = plain.extend(
  "database",
  { scope: "file" },
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads the names of the fixtures that this one needs from the pattern
  async ({}, { onCleanup }): Promise<TestDatabase> => {
    const { url, drop } = await aDatabase("migrated");
    const database = openDatabase({ url });
    onCleanup(async () => {
      await database.close();
      await drop();
    });
    return { ...database, url };
  },
);

export interface MadeDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/** One database more, for a test that needs its own. */
export async function aDatabase(state: "migrated" | "empty"): Promise<MadeDatabase> {
  const server = inject("databaseServer");
  const name = `pitwall_test_${randomUUID().slice(0, 8)}`;
  const url = await createDatabase(server, name, state === "migrated" ? inject("databaseTemplate") : undefined);
  return { url, drop: () => dropDatabase(server, name) };
}
