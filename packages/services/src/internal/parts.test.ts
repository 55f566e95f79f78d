import { withTx } from "@pitwall/db/database";
import { leagues, users } from "@pitwall/db/schema";
import { test } from "@pitwall/testing/database";
import { sql } from "drizzle-orm";
import { expect } from "vitest";
import { hasPart } from "./parts.ts";

test.for([
  ["a league's name", "leagues_named", leagues.name],
  ["a username", "users_named", users.username],
  ["a full name", "users_named", users.fullName],
  ["an address", "users_named", users.email],
] as const)("a part of %s is found by the index %s", async ([, index, column], { database: { db } }) => {
  const plan = await withTx(db, async (tx) => {
    // There are too few rows here for any index to be worth it.
    await tx.execute(sql`set local enable_seqscan = off`);
    return tx.execute(sql`explain select from ${column.table} where ${hasPart(column, "arrow")}`);
  });
  expect(JSON.stringify(plan.rows)).toContain(`Bitmap Index Scan on ${index}`);
});
