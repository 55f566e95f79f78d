import type { Watch } from "./screen.ts";

/** What every engine is asked, and its own options by name, as they were typed. */
export interface EngineOptions {
  /** Of the first run; others count up from it. The same seed is the same run. */
  readonly seed: number;
  /** How many runs, where somebody said so. */
  readonly seeds: number | null;
  /** How long to go on, where somebody said so. */
  readonly minutes: number | null;
  readonly own: Readonly<Record<string, string | undefined>>;
}

export interface Failure {
  /** What did not hold, and where. */
  readonly words: string;
  /** What to type to see it again. */
  readonly replay: string;
}

export interface Outcome {
  /** The lines of the summary: what was done, and how often. */
  readonly rows: readonly { readonly what: string; readonly count: number | string }[];
  readonly failures: readonly Failure[];
}

/** A way of trying to break the house, which the oracle judges. */
export interface Engine {
  readonly name: string;
  readonly summary: string;
  /** Its own options and what they mean. */
  readonly options: Readonly<Record<string, string>>;
  run(options: EngineOptions, watch: Watch): Promise<Outcome>;
}
