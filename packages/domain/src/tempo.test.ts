import { expect, test } from "vitest";
import { HOUR } from "./durations.ts";
import { replayed } from "./tempo.ts";

const tempo = { from: new Date("2025-03-15T05:00:00Z"), to: new Date("2030-01-01T12:00:00Z"), hour: 5_000 };

test("the anchored moment happens when it was asked to", () => {
  expect(replayed(tempo.from, tempo)).toEqual(tempo.to);
});

test("an hour lasts as long as the tempo says, before the anchor as after it", () => {
  expect(replayed(new Date(tempo.from.getTime() + 24 * HOUR), tempo)).toEqual(new Date(tempo.to.getTime() + 120_000));
  expect(replayed(new Date(tempo.from.getTime() - HOUR), tempo)).toEqual(new Date(tempo.to.getTime() - 5_000));
});
