import { aDatabase } from "@pitwall/rig/databases";
import { test as plain } from "vitest";
import { type Database, openDatabase } from "./database.ts";

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
