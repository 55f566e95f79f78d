import { expect, test } from "vitest";
import { banner, duration } from "./banner.ts";

const MINUTE = 60_000;

test.each([
  [-5_000, "0 s"],
  [50_000, "50 s"],
  [3 * MINUTE, "3 min"],
  [125 * MINUTE, "2 h 5 min"],
  [(4 * 1440 + 185) * MINUTE, "4 d 3 h"],
])("a person says %i ms as %s", (ms, words) => {
  expect(duration(ms)).toBe(words);
});

test("a start that made no admin of its own shows no password, and a season that is over says so", () => {
  const text = banner({ url: "http://x", admin: null, season: 2026, next: null, source: "nowhere", now: new Date() });
  expect(text).not.toContain("Admin");
  expect(text).toContain("2026: no race left to lock");
});
