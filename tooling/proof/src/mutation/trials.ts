import fc from "fast-check";
import { inject, type RunnerTask, type RunnerTestCase, TestRunner, type TestTryOptions } from "vitest";

/** What became of the mutants that one test reached, by id. */
export interface Tried {
  readonly reached: readonly string[];
  /** Of all that has run so far outside of a test, mostly while modules loaded. */
  readonly loaded: readonly string[];
  readonly killed: readonly string[];
  /** Not shown to it, or in vain, since by then it failed without a mutant too: for another process to try. */
  readonly doubted: readonly string[];
}

declare module "vitest" {
  interface TaskMeta {
    mutants?: Tried;
  }
  interface ProvidedContext {
    /** Which mutants are shown to which tests, by path and id. */
    meant: readonly { readonly tests: readonly string[]; readonly mutants: readonly string[] }[];
    /** So many kills are believed once the test has passed again without a mutant. */
    killsAtATime: number;
  }
}

/** What the instrumented code reads at every place that could be mutated, and where it tells what it ran through. */
interface Switchboard {
  readonly activeMutant: string | undefined;
  currentTestId?: string | undefined;
  mutantCoverage?: {
    readonly static: Readonly<Record<string, number>>;
    readonly perTest: Readonly<Record<string, Readonly<Record<string, number>>>>;
  };
}

const READS_BETWEEN_LOOKS = 1_000;

// That it fails is enough: to look for the smallest example of it would take longer than everything else.
fc.configureGlobal({ ...fc.readConfigureGlobal(), endOnFailure: true });

/** The try under way: which mutant is awake, and when it counts as running on and on. */
const now = { mutant: undefined as string | undefined, until: Number.POSITIVE_INFINITY, reads: 0 };
const board: Switchboard = {
  get activeMutant() {
    now.reads += 1;
    if (now.reads % READS_BETWEEN_LOOKS === 0 && performance.now() > now.until) throw endless();
    return now.mutant;
  },
};
function endless(): Error {
  return new Error("the mutant runs on and on");
}

/** By the tests before, in whatever file: this module is loaded once for all of them. */
const killed = new Set<string>();
announce(board);

/** Safe since nobody but the instrumented code, which agrees on this shape, uses the name. */
function announce(as: Switchboard): void {
  (globalThis as { __stryker__?: Switchboard }).__stryker__ = as;
}

/** In milliseconds: a try that took longer may have left something behind. */
const SLOW = 2_000;
/** And so much longer than without a mutant a test may take. */
const PATIENCE = 2_000;
const SLOWER = 10;

/** One test's. */
interface Trial {
  /** How often the test ran through each mutant; null until it has run as it is. */
  hits: Readonly<Record<string, number>> | null;
  readonly reached: string[];
  readonly left: string[];
  readonly certain: string[];
  readonly unsure: string[];
  isSpoiled: boolean;
  /** How often the test has passed as it is. */
  passes: number;
  /** Of the try under way; undefined where nothing is changed. */
  mutant: string | undefined;
  startedAt: number;
  /** How long the test took as it is. */
  took: number;
}

/**
 * Runs each test once as it is, then once for each mutant that it reached and that nothing has killed yet, all in one process:
 * what is dear is to start one. Vitest tries a failed test again, hooks and all, so each try but the last is passed off as failed.
 * @public Vitest takes the default of this file.
 */
export default class Trials extends TestRunner {
  trial: Trial | null = null;

  override async onBeforeRunTask(test: RunnerTask): Promise<void> {
    await super.onBeforeRunTask(test);
    this.trial = {
      ...{
        hits: null,
        reached: [],
        left: [],
        certain: [],
        unsure: [],
        isSpoiled: false,
        passes: 0,
        mutant: undefined,
        startedAt: 0,
        took: 0,
      },
    };
    test.retry = { count: Number.MAX_SAFE_INTEGER, condition: () => this.trial !== null };
  }

  override onBeforeTryTask(test: RunnerTask, options: TestTryOptions): void {
    super.onBeforeTryTask(test, options);
    const { trial } = this;
    if (!trial) return;
    trial.startedAt = performance.now();
    delete test.result?.errors;
    if (trial.hits === null) board.currentTestId = test.id;
    now.mutant = trial.mutant;
    now.until =
      trial.mutant === undefined ? Number.POSITIVE_INFINITY : trial.startedAt + PATIENCE + SLOWER * trial.took;
  }

  /** Nobody waits as long for a mutant as for the code as it is. */
  async runTask(test: RunnerTestCase): Promise<void> {
    const work = TestRunner.getTestFn(test)();
    if (now.mutant === undefined) return work;
    const { promise: tooLong, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => reject(endless()), now.until - performance.now());
    try {
      await Promise.race([work, tooLong]);
    } finally {
      clearTimeout(timer);
    }
  }

  override async onAfterRetryTask(test: RunnerTestCase, options: TestTryOptions): Promise<void> {
    await super.onAfterRetryTask(test, options);
    const { trial } = this;
    now.mutant = undefined;
    now.until = Number.POSITIVE_INFINITY;
    board.currentTestId = undefined;
    if (!trial || !test.result) return;
    judge(trial, test, test.result.state === "fail");
    if (hasNext(trial)) {
      test.result.state = "fail";
      test.result.errors = [{ message: "and again" }];
      return;
    }
    this.trial = null;
    if (trial.hits === null) return;
    test.result.state = "pass";
    delete test.result.errors;
    for (const id of trial.certain) killed.add(id);
    test.meta.mutants = {
      reached: trial.reached,
      loaded: Object.keys(board.mutantCoverage?.static ?? {}),
      killed: trial.certain,
      doubted: trial.isSpoiled ? [...trial.unsure, ...trial.left] : [],
    };
  }
}

/** Takes down what the try that has just ended came to. */
function judge(trial: Trial, test: RunnerTestCase, hasFailed: boolean): void {
  if (trial.mutant !== undefined) {
    if (hasFailed) trial.unsure.push(trial.mutant);
    return;
  }
  if (hasFailed) {
    trial.isSpoiled = true;
    // The first came right after a pass, so it is its own; a test that never passes twice shows nothing.
    if (trial.passes > 1) trial.certain.push(...trial.unsure.splice(0, 1));
    return;
  }
  trial.passes += 1;
  if (trial.hits === null) {
    trial.took = performance.now() - trial.startedAt;
    trial.hits = board.mutantCoverage?.perTest[test.id] ?? {};
    const meant = new Set(
      inject("meant").flatMap(({ tests, mutants }) =>
        tests.some((path) => test.file.filepath.endsWith(path)) ? mutants : [],
      ),
    );
    trial.reached.push(...Object.keys(trial.hits).filter((id) => meant.has(id)));
    trial.left.push(...trial.reached.filter((id) => !killed.has(id)));
  }
  trial.certain.push(...trial.unsure.splice(0));
}

/** Chooses the next try: a mutant, or none to see whether the test still passes. */
function hasNext(trial: Trial): boolean {
  if (trial.isSpoiled) return false;
  const wasSlow = performance.now() - trial.startedAt > SLOW;
  const wantsProof = trial.unsure.length >= inject("killsAtATime") || trial.left.length === 0 || wasSlow;
  if ((trial.passes < 2 && trial.left.length > 0) || (wantsProof && trial.unsure.length > 0)) {
    trial.mutant = undefined;
    return true;
  }
  trial.mutant = trial.left.shift();
  return trial.mutant !== undefined;
}
