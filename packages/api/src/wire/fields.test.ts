import { describe, expect, test } from "vitest";
import type { z } from "zod";
import { id, name, revision, season, slug, sourceId, text } from "./fields.ts";

function accepts(schema: z.ZodType, value: unknown): boolean {
  return schema.safeParse(value).success;
}

describe("text", () => {
  test.each(["", "  ", "Ünïcödé", "👩‍👩‍👧", "<script>", "line\nbreak", "=HYPERLINK()", "\u202Ereversed"])(
    "is kept as it is: %j",
    (value) => {
      expect(text(100).parse(value)).toBe(value);
    },
  );

  test.each(["a\0b", "\uD800", "a\uDC00", "x".repeat(101), 1, null, ["a"]])(
    "is refused when it cannot be stored: %j",
    (value) => {
      expect(accepts(text(100), value)).toBe(false);
    },
  );
});

describe("a name", () => {
  test.each(["Anna's team", "Équipe É", "🏎️🏎️", "a b"])("may be %j", (value) => {
    expect(name(3, 50).parse(value)).toBe(value);
  });

  test.each(["ab", "   ", " abc", "abc ", "a\tbc", "a\nbc", "ab\u2028c", "abc\u202Exyz", "x".repeat(51), "a\0bc"])(
    "may not be %j",
    (value) => {
      expect(accepts(name(3, 50), value)).toBe(false);
    },
  );
});

describe("numbers and ids", () => {
  const nonsense = [-1, 0, -0, 1.5, 2 ** 31, 2 ** 53, 1e308, "1", null, [], Number.NaN, "NaN", undefined];

  test.each([season, revision])("refuse whatever PostgreSQL could not take (%#)", (schema) => {
    expect(nonsense.filter((value) => accepts(schema, value))).toEqual([]);
  });

  test.each([id, sourceId, slug])("refuse all that is not an id (%#)", (schema) => {
    const strings = nonsense.filter((value) => typeof value !== "string");
    expect(
      [...strings, "", "a b", "é", "a/b", "a'--", "A".repeat(200), "\0"].filter((value) => accepts(schema, value)),
    ).toEqual([]);
  });

  test("are what the game has", () => {
    expect(accepts(id, "01932f7a-8d4e-7c3b-9a1e-3f2b1c0d9e8f")).toBe(true);
    expect(accepts(sourceId, "max_verstappen")).toBe(true);
    expect(accepts(slug, "sao-paulo-grand-prix")).toBe(true);
    expect(accepts(season, 2026)).toBe(true);
  });
});
