import { expect, test } from "vitest";
import { newJoinCode, normalizedJoinCode } from "./join-codes.ts";

test("a code has ten characters that nobody misreads, and no two are the same", () => {
  const codes = Array.from({ length: 1000 }, newJoinCode);
  for (const code of codes) expect(code).toMatch(/^[2-9A-HJKMNP-TV-Z]{10}$/);
  expect(new Set(codes).size).toBe(codes.length);
});

test("a code counts however it is typed", () => {
  expect(normalizedJoinCode(" abcde-23456 ")).toBe("ABCDE23456");
});
