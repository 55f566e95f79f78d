import { fileURLToPath } from "node:url";
import type { ProvidedContext } from "vitest";
import { BaseSequencer, createVitest, type TestCase, type TestSpecification } from "vitest/node";
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

/** What leaves something behind in its process spoils it for the mutants after it, so those are shown to the next one. */
async function tried(name: string, parts: readonly Part[], watch: Watch) {
  const { code, mutants } = await mutated(
    ROOT,
    parts.map((part) => part.mutated),
  );
  const progress = watch(`${name}: mutants killed`, mutants.length);
  const all: Tried[] = [];
  const killed = new Set<string>();
  let left = new Set(mutants.map(({ id }) => id));
  let before = -1;
  for (let round = 1; left.size > 0 && killed.size > before; round += 1) {
    before = killed.size;
    const meant = parts.map(({ mutated: file, tests }) => ({
      tests,
      mutants: mutants.filter((mutant) => mutant.file === file && left.has(mutant.id)).map(({ id }) => id),
    }));
    const doubted = new Set<string>();
    await show(code, { meant, killsAtATime: round === 1 ? 8 : 1 }, (test, seen) => {
      all.push(seen);
      for (const id of seen.killed) killed.add(id);
      for (const id of seen.doubted) doubted.add(id);
      progress.step(killed.size, test);
    });
    left = new Set([...doubted].filter((id) => !killed.has(id)));
  }
  progress.end();
  return [mutants, all] as const;
}

type Shown = Pick<ProvidedContext, "meant" | "killsAtATime">;

const KEPT_DATABASE = fileURLToPath(new URL("./kept-database.ts", import.meta.url));

/** What the tests of a file share is made for each try of one. */
const eachTry = (source: string) => source.replaceAll('scope: "file"', 'scope: "test"');

/** Runs the tests that are meant to see any of the mutants, each in a database with nothing in it for each try. */
async function show(
  code: ReadonlyMap<string, string>,
  { meant, killsAtATime }: Shown,
  onTried: (test: string, tried: Tried) => void,
): Promise<void> {
  const onTestCaseResult = (test: TestCase) => {
    const { mutants } = test.meta();
    if (mutants) onTried(test.name, mutants);
  };
  const transform = (source: string, path: string) => {
    if (path.endsWith("db/src/database.fixture.ts"))
      return eachTry(source).replace("@pitwall/rig/databases", KEPT_DATABASE);
    return /\.(test|fixture)\.ts$/.test(path) ? eachTry(source) : (code.get(path) ?? null);
  };
  const include = meant.flatMap(({ tests, mutants }) => (mutants.length > 0 ? tests : []));
  const vitest = await createVitest(
    {
      ...{ config: false, root: ROOT, watch: false, fsModuleCache: false, reporters: [{ onTestCaseResult }] },
      include,
      runner: fileURLToPath(new URL("./trials.ts", import.meta.url)),
      ...{ pool: "forks", isolate: false, maxWorkers: 1, testTimeout: 15_000, hookTimeout: 120_000 },
      sequence: { sequencer: inOrderOf(include) },
      ...{ dangerouslyIgnoreUnhandledErrors: true, onConsoleLog: () => false },
      globalSetup: "tooling/testing/src/global-setup.ts",
    },
    { plugins: [{ name: "mutants", enforce: "pre", transform }] },
  );
  vitest.provide("meant", meant);
  vitest.provide("killsAtATime", killsAtATime);
  try {
    await vitest.start();
  } finally {
    await vitest.close();
  }
}

/** Whatever many files are shown to comes with the last of them: what is dear is shown few mutants that others have killed. */
function inOrderOf(paths: readonly string[]): typeof BaseSequencer {
  const place = ({ moduleId }: TestSpecification) => paths.findLastIndex((path) => moduleId.endsWith(path));
  return class extends BaseSequencer {
    override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
      return files.toSorted((a, b) => place(a) - place(b));
    }
  };
}
