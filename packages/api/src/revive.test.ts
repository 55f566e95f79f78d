import { describe, expect, test } from "vitest";
import { z } from "zod";
import { revived } from "./revive.ts";

const schema = z.strictObject({
  limit: z.int().min(1).default(50),
  price: z.number().nullable().optional(),
  mine: z.boolean().optional(),
  since: z.date().optional(),
  search: z.string().optional(),
  sort: z.enum(["price", "name"]).prefault("price"),
  ids: z.array(z.int()).readonly().optional(),
});

function read(query: string): Record<string, unknown> {
  const said = new URLSearchParams(query);
  return revived(schema, new Map([...new Set(said.keys())].map((field) => [field, said.getAll(field)])));
}

describe("the words of an address", () => {
  test("become what the schema asks for", () => {
    expect(read("limit=20&price=12.5&mine=false&since=2026-03-01T04:00:00Z&search=12&sort=name&ids=1&ids=2")).toEqual({
      limit: 20,
      price: 12.5,
      mine: false,
      since: new Date("2026-03-01T04:00:00Z"),
      search: "12",
      sort: "name",
      ids: [1, 2],
    });
    expect(read("ids=7")).toEqual({ ids: [7] });
  });

  test.each([
    "limit=abc",
    "limit=1e9",
    "limit=0x10",
    "limit=+1",
    "limit=",
    "limit=Infinity",
    "limit=01",
    "mine=1",
    "mine=",
    "mine=TRUE",
    "since=1",
    "since=2026-03-01",
    "limit=1&limit=2",
  ])("stay words where they do not read exactly so, and are refused: %s", (query) => {
    expect(schema.safeParse(read(query)).success).toBe(false);
  });

  test("that nobody asked for stay, and are refused", () => {
    expect(schema.safeParse(read("role=admin")).success).toBe(false);
    expect(schema.safeParse(read("__proto__=1")).success).toBe(false);
    expect(schema.safeParse(read("toString=1")).success).toBe(false);
  });

  test("leave the schema as it was", () => {
    read("limit=20&mine=true&since=2026-03-01T04:00:00Z&ids=1");
    for (const wrong of [
      { limit: "20" },
      { mine: "true" },
      { since: "2026-03-01T04:00:00Z" },
      { limit: null },
      { ids: ["1"] },
    ])
      expect(schema.safeParse(wrong).success).toBe(false);
  });
});
