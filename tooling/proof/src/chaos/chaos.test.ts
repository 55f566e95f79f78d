import { expect, test } from "vitest";
import { inWords } from "../breach.ts";
import { inChaos } from "./run.ts";

test("in a few seconds of chaos nothing is lost, and all of it agrees", { timeout: 300_000 }, async () => {
  const { breaches, seen, faults } = await inChaos({ seed: 147, players: 4, lasts: 12_000, step: () => undefined });
  expect(breaches.map(inWords)).toEqual([]);
  expect(faults.size).toBeGreaterThan(0);
  expect(seen.journal.length).toBeGreaterThan(0);
});
