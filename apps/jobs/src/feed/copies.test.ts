import { HOUR, MINUTE, SECOND } from "@pitwall/domain/durations";
import { expect, test } from "vitest";
import { copyOf, copyOfAll } from "./copies.ts";

const NOW = Date.parse("2026-06-07T15:00:00Z");

const made = (headers: Record<string, string>) => (NOW - copyOf(new Headers(headers), NOW).madeAt.getTime()) / SECOND;
const fresh = (headers: Record<string, string>) => {
  const { freshUntil } = copyOf(new Headers(headers), NOW);
  return freshUntil && freshUntil.getTime() - NOW;
};

test.each<[string, Record<string, string>, number | null]>([
  ["an hour from its making, as Jolpica's", { "cache-control": "max-age=3600" }, HOUR],
  ["an hour less its age", { "cache-control": "public, max-age=3600", age: "3000" }, 10 * MINUTE],
  ["until a date", { expires: "Sun, 07 Jun 2026 15:20:00 GMT" }, 20 * MINUTE],
  [
    "until a date by the source's own clock",
    { expires: "Sun, 07 Jun 2026 18:20:00 GMT", date: "Sun, 07 Jun 2026 18:00:00 GMT", age: "600" },
    10 * MINUTE,
  ],
  [
    "by its age rather than a date",
    { "cache-control": "max-age=60", expires: "Sun, 07 Jun 2026 15:20:00 GMT" },
    MINUTE,
  ],
  ["an hour at most", { "cache-control": "max-age=99999999" }, HOUR],
  ["not at all: nothing is said", {}, null],
  ["not at all: it is over", { "cache-control": "max-age=3600", age: "3600" }, null],
  ["not at all: it is kept past its time", { "cache-control": "max-age=3600", age: "7200" }, null],
  ["not at all: it is not to be kept", { "cache-control": "no-store, max-age=3600" }, null],
  ["not at all: that is no date", { expires: "0" }, null],
  ["not at all: that is no number", { "cache-control": "max-age=99999999999999999999" }, null],
])("a copy is fresh %s", (_, headers, expected) => {
  expect(fresh(headers)).toBe(expected);
});

test.each<[Record<string, string>, number]>([
  [{}, 0],
  [{ age: "3599" }, 3599],
  [{ age: "-5" }, 0],
  [{ age: "99999999999999999999" }, 0],
])("a copy with %j was made as long ago", (headers, seconds) => {
  expect(made(headers)).toBe(seconds);
});

test("several documents are as old as the oldest, and fresh as long as any", () => {
  const at = (ms: number) => new Date(NOW + ms);
  expect(
    copyOfAll([
      { madeAt: at(-5), freshUntil: at(10) },
      { madeAt: at(-9), freshUntil: null },
      { madeAt: at(-1), freshUntil: at(20) },
    ]),
  ).toEqual({ madeAt: at(-9), freshUntil: at(20) });
  expect(copyOfAll([{ madeAt: at(0), freshUntil: null }])).toEqual({ madeAt: at(0), freshUntil: null });
});
