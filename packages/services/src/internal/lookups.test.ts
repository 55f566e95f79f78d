import { setImmediate } from "node:timers/promises";
import { type Db, withTx } from "@pitwall/db/database";
import { test } from "@pitwall/testing/database";
import { sql } from "drizzle-orm";
import { describe, expect } from "vitest";
import { lookup, sharedLookup } from "./lookups.ts";

describe("a lookup", () => {
  test("asks at once for all who come together, and then for all who came meanwhile", async ({ database: { db } }) => {
    const { squareOf, asked } = squares();
    const together = [1, 2].map((n) => squareOf(db, n));
    await setImmediate();
    const meanwhile = [3, 4].map((n) => squareOf(db, n));
    expect(await Promise.all([...together, ...meanwhile])).toEqual([1, 4, 9, 16]);
    expect(await squareOf(db, 5)).toBe(25);
    expect(asked).toEqual([[1, 2], [3, 4], [5]]);
  });

  test("joins nobody within a transaction", async ({ database: { db } }) => {
    const { squareOf, asked } = squares();
    await withTx(db, (tx) => Promise.all([squareOf(tx, 1), squareOf(db, 2), squareOf(tx, 3)]));
    expect(asked).toHaveLength(3);
  });

  test("of what several mean is one for all of them", async ({ database: { db } }) => {
    const asked: string[] = [];
    const sizeOf = sharedLookup(async (_: Db, word: string) => {
      asked.push(word);
      return word.length;
    });
    expect(await Promise.all(["a", "bc", "bc", "bc"].map((word) => sizeOf(db, word)))).toEqual([1, 2, 2, 2]);
    expect(asked).toEqual(["a", "bc"]);
  });

  test("that fails tells all who were asked for together, and nobody after them", async ({ database: { db } }) => {
    const { squareOf } = squares();
    const asks = [1, 2, 10 ** 6].map((n) => squareOf(db, n));
    const ends = await Promise.allSettled(asks);
    expect(ends.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
    expect(await squareOf(db, 4)).toBe(16);
  });
});

function squares() {
  const asked: number[][] = [];
  const squareOf = lookup(async (db: Db, keys: readonly number[]) => {
    asked.push([...keys]);
    const { rows } = await db.execute<{ square: number }>(
      sql`select n * n as square from unnest(${`{${keys.join(",")}}`}::int[]) with ordinality asked (n, nth) order by nth`,
    );
    return rows.map(({ square }) => square);
  });
  return { squareOf, asked };
}
