import { expect, test } from "vitest";
import { keepNewest } from "./newest.ts";

test("keeps so many of the newest, and what comes again is new again", () => {
  const kept = new Map<string, number>();
  const keep = (key: string, value: number) => {
    keepNewest(kept, [key, value], 2);
    return [...kept];
  };
  keep("Ascari", 1);
  expect(keep("Fangio", 2)).toEqual([
    ["Ascari", 1],
    ["Fangio", 2],
  ]);
  expect(keep("Ascari", 3)).toEqual([
    ["Fangio", 2],
    ["Ascari", 3],
  ]);
  expect(keep("Farina", 4)).toEqual([
    ["Ascari", 3],
    ["Farina", 4],
  ]);
});
