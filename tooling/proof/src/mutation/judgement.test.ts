import { expect, test } from "vitest";
import { judged } from "./judgement.ts";
import type { Mutant } from "./mutants.ts";
import type { Tried } from "./trials.ts";

const aMutant = (id: string, file = "locks.ts"): Mutant => ({
  ...{ id, file, line: 7, mutator: "EqualityOperator", from: "saved <\n  lock", to: "saved <= lock" },
});
const aTest = (seen: Partial<Tried>): Tried => ({ reached: [], loaded: [], killed: [], doubted: [], ...seen });

test("a mutant is killed if any test killed it, and otherwise lives, reached or not", () => {
  const mutants = ["1", "2", "3", "4"].map((id) => aMutant(id));
  const tried = [aTest({ reached: ["1", "2", "3"], killed: ["2"] }), aTest({ reached: ["1", "3"], killed: ["1"] })];
  expect(judged("locks", mutants, tried)).toEqual({
    subject: "locks",
    score: 50,
    rows: [
      { what: "locks.ts", count: "50.0 %: 2 killed, 1 survived, 1 unreached, 0 not judged" },
      { what: "locks", count: "50.0 %: 2 killed, 1 survived, 1 unreached, 0 not judged" },
    ],
    survivors: [
      "locks.ts:7 saved < lock → saved <= lock (survived)",
      "locks.ts:7 saved < lock → saved <= lock (unreached)",
    ],
  });
});

test("what runs only while modules load counts neither way, unless a test reached it too", () => {
  const tried = [aTest({ loaded: ["1", "2"], reached: ["2"] })];
  const { score, rows } = judged("locks", [aMutant("1"), aMutant("2"), aMutant("3", "rules.ts")], tried);
  expect(score).toBe(0);
  expect(rows.map(({ what, count }) => `${what} ${count}`)).toEqual([
    "locks.ts 0.0 %: 0 killed, 1 survived, 0 unreached, 1 not judged",
    "rules.ts 0.0 %: 0 killed, 0 survived, 1 unreached, 0 not judged",
    "locks 0.0 %: 0 killed, 1 survived, 1 unreached, 1 not judged",
  ]);
});

test("a kill that nobody could repeat is none, and said to be doubted", () => {
  const { score, survivors } = judged("locks", [aMutant("1")], [aTest({ reached: ["1"], doubted: ["1"] })]);
  expect(score).toBe(0);
  expect(survivors).toEqual([expect.stringMatching(/\(doubted\)$/)]);
});
