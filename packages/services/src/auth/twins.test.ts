import { expect, test } from "vitest";
import { createTwins } from "./twins.ts";

test("a twin comes in time until the winner is answered", async () => {
  const twins = createTwins();
  const before = performance.now();
  let meanwhile = 0;
  const answer = await twins.answer("a token", async () => {
    meanwhile = performance.now();
    return "the next one";
  });
  expect(answer).toBe("the next one");
  expect(twins.cameInTime("a token", before)).toBe(true);
  expect(twins.cameInTime("a token", meanwhile)).toBe(true);
  expect(twins.cameInTime("a token", performance.now())).toBe(false);
  expect(twins.cameInTime("another token", before)).toBe(false);
});

test("a winner who cannot be answered keeps nobody waiting", async () => {
  const twins = createTwins();
  const failure = twins.answer("a token", () => Promise.reject(new Error("no answer")));
  await expect(failure).rejects.toThrow("no answer");
  expect(twins.cameInTime("a token", performance.now())).toBe(false);
});
