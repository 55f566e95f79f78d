import type { Workload } from "../workload.ts";
import { consistency } from "./consistency.ts";
import { jobs } from "./jobs.ts";
import { lineups, rush } from "./lineups.ts";
import { memory } from "./memory.ts";
import { own } from "./own.ts";
import { reads } from "./reads.ts";
import { crowd, refresh, signIn } from "./sign-in.ts";
import { standings } from "./standings.ts";
import { start } from "./start.ts";
import { telling } from "./telling.ts";
import { corrections, lock, result } from "./weekend.ts";

/** In the order in which they are measured: what leaves more behind comes later. */
export const WORKLOADS: readonly Workload[] = [
  lock,
  result,
  reads,
  own,
  standings,
  signIn,
  refresh,
  crowd,
  corrections,
  telling,
  lineups,
  rush,
  consistency,
  jobs,
  memory,
  start,
];
