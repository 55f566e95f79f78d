import { sql } from "drizzle-orm";
import { expect } from "vitest";
import { test } from "../database.fixture.ts";

test("ids sort by age, also those of one millisecond, and tell when they were made", async ({ database: { db } }) => {
  const { rows } = await db.execute<{ id: string; late: number }>(sql`
    select uuid_v7() as id, abs(extract(epoch from clock_timestamp()) * 1000 - ('x' || left(replace(uuid_v7()::text, '-', ''), 12))::bit(48)::bigint)::int as late
    from generate_series(1, 1000)`);
  const ids = rows.map(({ id }) => id);
  expect(ids.toSorted()).toEqual(ids);
  expect(new Set(ids).size).toBe(1000);
  for (const { id, late } of rows) {
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(late).toBeLessThan(1000);
  }
});
