import { sql } from "drizzle-orm";
import { describe, expect } from "vitest";
import { test } from "./database.ts";

describe("the database of a file", () => {
  test("is migrated and empty", async ({ database }) => {
    expect((await database.db.execute(sql`select 1 from users`)).rows).toEqual([]);
    await database.db.execute(sql`create table left_behind (id int)`);
  });

  test("is the same for every test of the file", async ({ database }) => {
    expect((await database.db.execute(sql`select to_regclass('left_behind')::text as name`)).rows).toEqual([
      { name: "left_behind" },
    ]);
  });
});
