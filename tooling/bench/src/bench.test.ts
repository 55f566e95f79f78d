import { aDatabase } from "@pitwall/testing/database";
import { describe, expect, onTestFinished, test } from "vitest";
import { openBench } from "./bench.ts";
import { growthInWords } from "./growth.ts";
import { describeMachine } from "./machine.ts";
import { measure } from "./measure.ts";
import { AskingError, askedFor } from "./options.ts";
import { inWords } from "./report.ts";

const SMALLEST = { teams: 200, rounds: 1, seconds: 0.1, calls: 2, crowd: 4 };

/** One of each manner: a statement for all teams, a load over HTTP, one reader, a count of what was refused. */
const FEW = ["lock", "reads", "telling", "rush", "consistency"];

test("the smallest bench measures a figure on every line, and limits beside them", async () => {
  const { url, drop } = await aDatabase("migrated");
  onTestFinished(drop);
  const bench = await openBench(url, SMALLEST);
  onTestFinished(() => bench.close());
  const steps: number[] = [];
  const { workloads } = run(["--only", FEW.join()]);
  const rows = await measure(bench, workloads, { step: (share) => void steps.push(share) });

  expect([...new Set(rows.map(({ workload }) => workload))]).toEqual(FEW);
  for (const { median, throughput } of rows) expect(median ?? throughput).toBeGreaterThan(0);
  const limited = rows.flatMap(({ limit }) => limit ?? []);
  expect(limited.length).toBeGreaterThan(3);
  for (const { ratio } of limited) expect(ratio).toBeGreaterThan(0);
  expect(steps.at(-1)).toBe(1);
  expect(steps.toSorted((a, b) => a - b)).toEqual(steps);

  const report = { teams: SMALLEST.teams, at: "", machine: await describeMachine(bench.database), rows };
  const table = inWords(report);
  for (const { what } of rows) expect(table).toContain(`| ${what} `);
  expect(table).toContain("none in the tables after its lock");
  const grown = growthInWords([{ ...report, teams: 2_000 }, report]);
  expect(grown.split("\n")).toHaveLength(rows.length + 2);
  expect(grown).toContain("× 1.0");
});

function run(args: readonly string[]) {
  const asked = askedFor(args);
  if (asked.kind !== "run") throw new TypeError("no run was asked for");
  return asked;
}

describe("what is asked for", () => {
  test("is some of the workloads, in their order", () => {
    expect(run(["--quick", "--only", "reads,lock"])).toMatchObject({
      scale: { teams: 10_000 },
      workloads: [{ name: "lock" }, { name: "reads" }],
      isJson: false,
    });
    expect(run(["--teams", "500", "--json"])).toMatchObject({ scale: { teams: 500 }, isJson: true });
  });

  test.each([[["--teams", "many"]], [["--only", "coffee"]], [["--fast"]], [["lock"]]])("is refused: %j", (args) => {
    expect(() => askedFor(args)).toThrow(AskingError);
  });
});
