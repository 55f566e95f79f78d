import { expect, test } from "vitest";
import { layout } from "./layout.ts";

test("a row is one line, so that one change is one changed line", () => {
  expect(
    layout({
      round: 1,
      sprint: undefined,
      race: [
        ["norris", "C", 1],
        ["piastri", "NC", null],
      ],
      revisions: [],
    }),
  ).toBe(
    `{
  "round": 1,
  "race": [
    ["norris", "C", 1],
    ["piastri", "NC", null]
  ],
  "revisions": []
}`,
  );
});

test("a row too long for a line has one item to a line", () => {
  const ids = Array.from({ length: 20 }, (_, index) => `driver_${index}`);
  expect(layout(ids).split("\n")).toHaveLength(22);
});
