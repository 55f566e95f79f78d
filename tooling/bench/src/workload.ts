import type { Bench } from "./bench.ts";
import type { Sample } from "./samples.ts";

/** The least that the machine needs for it, measured beside it. */
export interface Limit {
  readonly what: string;
  /** What is compared: the share of its throughput that is reached, or how many times its time is taken. */
  readonly by: "throughput" | "median" | "p99";
  round(nth: number): Promise<Sample>;
}

/** Before what is asked over HTTP: V8 compiles for tens of thousands of requests. */
export const HTTP_WARM_UPS = 4;

/** One line of the table. */
export interface Line {
  readonly what: string;
  /** Of the throughput; "/s" if nothing is said. */
  readonly unit?: "/s" | " teams/s" | " MB";
  /** Left out, as many as the scale says. */
  readonly rounds?: number;
  /** Rounds that come first and do not count: whoever is asked has to get going. */
  readonly warmUps?: number;
  readonly limit?: Limit;
  round(nth: number): Promise<Sample>;
  /** What else was seen, once all rounds are over. */
  told?(): Promise<string> | string;
}

export interface Workload {
  /** As `--only` calls it. */
  readonly name: string;
  /** Makes ready what a line needs, and hands the line over; what follows it is done once it has been measured. */
  lines(bench: Bench): AsyncGenerator<Line>;
}

/** A line that has been measured: medians of the rounds. */
export interface Row extends Sample {
  readonly workload: string;
  readonly what: string;
  readonly unit: string;
  readonly rounds: number;
  readonly limit: (Sample & { readonly what: string; readonly ratio: number; readonly by: Limit["by"] }) | null;
  readonly told: string | null;
}
