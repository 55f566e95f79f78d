import { fileURLToPath } from "node:url";
import { createVitest, type TestCase } from "vitest/node";
import type { Engine } from "../engine.ts";
import type { Watch } from "../screen.ts";
import { type Judgement, judged } from "./judgement.ts";
import { mutated } from "./mutants.ts";
import { type Part, subjects } from "./subjects.ts";
import type { Tried } from "./trials.ts";

const ROOT = fileURLToPath(new URL("../../../..", import.meta.url));
const FEWEST_KILLED = 85;

/** Changes the code in a thousand small ways, one at a time, and asks the tests whether they see it. */
export const mutation: Engine = {
  name: "mutation",
  summary: "changes the code and asks whether a test fails",
  options: {
    only: `${Object.keys(subjects).join(", ")}; left out, all of them`,
    file: "only files with this in their path, and each mutant that lives",
  },
  async run({ own: { only, file = "" } }, watch) {
    const asked = Object.entries(subjects).filter(([name]) => only === undefined || name === only);
    if (asked.length === 0) throw new TypeError(`--only knows ${Object.keys(subjects).join(", ")}, not "${only}"`);
    const judgements: Judgement[] = [];
    for (const [name, parts] of asked) {
      const meant = parts.filter(({ mutated: path }) => path.includes(file));
      if (meant.length > 0) judgements.push(judged(name, ...(await tried(name, meant, watch))));
    }
    return {
      rows: judgements.flatMap(({ rows, survivors }) => [
        ...rows,
        ...(file === "" ? [] : survivors.map((what) => ({ what, count: "lives" }))),
      ]),
      failures: judgements
        .filter(({ score }) => score < FEWEST_KILLED)
        .map(({ subject, score, survivors }) => ({
          words: [`${subject}: ${score.toFixed(1)} % were killed, not ${FEWEST_KILLED} %`, ...survivors].join("\n    "),
          replay: `pnpm proof mutation --only ${subject}`,
        })),
    };
  },
};

async function tried(name: string, parts: readonly Part[], watch: Watch) {
  const { code, mutants } = await mutated(
    ROOT,
    parts.map((part) => part.mutated),
  );
  const progress = watch(`${name}: mutants killed`, mutants.length);
  const all: Tried[] = [];
  let killed = 0;
  const onTestCaseResult = (test: TestCase) => {
    const { mutants: seen } = test.meta();
    if (!seen) return;
    all.push(seen);
    killed += seen.killed.length;
    progress.step(killed, test.name);
  };
  const vitest = await createVitest(
    {
      ...{ config: false, root: ROOT, watch: false, fsModuleCache: false, reporters: [{ onTestCaseResult }] },
      include: parts.flatMap(({ tests }) => tests),
      runner: fileURLToPath(new URL("./trials.ts", import.meta.url)),
      ...{ pool: "forks", isolate: false, maxWorkers: 1, testTimeout: 15_000, hookTimeout: 120_000 },
      ...{ dangerouslyIgnoreUnhandledErrors: true, onConsoleLog: () => false },
      globalSetup: "tooling/testing/src/global-setup.ts",
    },
    {
      plugins: [
        {
          name: "mutants",
          enforce: "pre",
          transform: (_source, path) => code.get(path) ?? null,
        },
      ],
    },
  );
  vitest.provide(
    "meant",
    parts.map((part) => ({
      tests: part.tests,
      mutants: mutants.filter((mutant) => mutant.file === part.mutated).map(({ id }) => id),
    })),
  );
  try {
    await vitest.start();
  } finally {
    await vitest.close();
    progress.end();
  }
  return [mutants, all] as const;
}
