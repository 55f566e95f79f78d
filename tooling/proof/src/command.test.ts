import { expect, test } from "vitest";
import { proof } from "./command.ts";
import type { Engine, EngineOptions, Outcome } from "./engine.ts";

const unseen = () => ({ step: () => undefined, end: () => undefined });

function anEngine(outcome: Outcome) {
  const asked: EngineOptions[] = [];
  const engine: Engine = {
    name: "rain",
    summary: "lets it rain",
    options: { depth: "how deep the water stands" },
    run: async (options) => {
      asked.push(options);
      return outcome;
    },
  };
  return { asked, run: (...args: string[]) => proof(args, [engine], unseen) };
}

const DRY: Outcome = { rows: [{ what: "showers", count: 1200 }], failures: [] };
const WET: Outcome = { ...DRY, failures: [{ words: "I5 2025 monaco: wet", replay: "pnpm proof rain --seed 7" }] };

test("without a name, the engines are listed with their options", async () => {
  const { text, exitCode } = await anEngine(DRY).run();
  expect(text).toMatch(/rain.*lets it rain.*--depth: how deep the water stands/);
  expect(exitCode).toBe(0);
});

test("an engine is handed what was asked for, and its own options", async () => {
  const { asked, run } = anEngine(DRY);
  expect(await run("rain", "--seed", "7", "--seeds", "20", "--minutes", "0.5", "--depth", "3")).toMatchObject({
    exitCode: 0,
    text: expect.stringMatching(/showers.*1,200[\s\S]*rain from seed 7.*all of it held/),
  });
  await run("rain");
  expect(asked).toEqual([
    { seed: 7, seeds: 20, minutes: 0.5, own: { depth: "3" } },
    { seed: 1, seeds: null, minutes: null, own: {} },
  ]);
});

test("whatever did not hold is told with how to see it again, and fails the command", async () => {
  const { run } = anEngine(WET);
  const { text, exitCode } = await run("rain");
  expect(text).toContain("1 did not hold.\n- I5 2025 monaco: wet\n  pnpm proof rain --seed 7");
  expect(exitCode).toBe(1);
  const told = await run("rain", "--json");
  expect(JSON.parse(told.text)).toMatchObject({ engine: "rain", seed: 1, ...WET });
  expect(told.exitCode).toBe(1);
});

test.each([[["snow"]], [["rain", "--seed", "minus one"]], [["rain", "--seeds", "1.5"]], [["rain", "--height", "3"]]])(
  "%j runs nothing and says why",
  async (args) => {
    const { asked, run } = anEngine(DRY);
    const { text, exitCode } = await run(...args);
    expect(text).not.toBe("");
    expect(exitCode).toBe(2);
    expect(asked).toEqual([]);
  },
);
