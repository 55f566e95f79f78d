import { expect, it } from "vitest";
import { recent } from "./recent.ts";

it("keeps what was set or asked for last, and lets go of the rest", () => {
  const words = recent<number, string>(3);
  for (const n of [1, 2, 3, 4, 5]) words.set(n, `${n}`);
  expect(words.get(3)).toBe("3");
  for (const n of [6, 7]) words.set(n, `${n}`);
  expect([1, 2].map((n) => words.get(n))).toEqual([undefined, undefined]);
  expect([3, 6, 7].map((n) => words.get(n))).toEqual(["3", "6", "7"]);
});

it("has the newest value of a key, and none of what was taken back", () => {
  const words = recent<string, number>(2);
  for (const [key, value] of [
    ["a", 1],
    ["b", 2],
    ["c", 3],
    ["a", 4],
  ] as const)
    words.set(key, value);
  expect(words.get("a")).toBe(4);
  words.delete("a");
  words.delete("b");
  expect([words.get("a"), words.get("b"), words.get("c")]).toEqual([undefined, undefined, 3]);
  words.clear();
  expect(words.get("c")).toBeUndefined();
});

it("makes what it does not have, once, even where that is false", () => {
  const judged = recent<number, boolean>(2);
  const asked: number[] = [];
  const isEven = (n: number) => {
    asked.push(n);
    return n % 2 === 0;
  };
  expect([1, 2, 1, 2].map((n) => judged.of(n, isEven))).toEqual([false, true, false, true]);
  expect(asked).toEqual([1, 2]);
});
