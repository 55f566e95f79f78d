import { SECOND } from "@pitwall/domain/durations";
import type { JobName } from "@pitwall/services/jobs";
import { Histogram, type Registry } from "prom-client";

/** Told of every attempt of this process when it ends. */
export type JobTimer = (attempt: {
  readonly task: JobName;
  readonly outcome: "done" | "failed";
  readonly ms: number;
}) => void;

export function createJobTimer(registry: Registry): JobTimer {
  const durations = new Histogram({
    name: "pitwall_job_duration_seconds",
    help: "How long attempts at jobs took.",
    labelNames: ["task", "outcome"],
    buckets: [0.01, 0.1, 0.5, 1, 5, 15, 60],
    registers: [registry],
  });
  return ({ task, outcome, ms }) => durations.observe({ task, outcome }, ms / SECOND);
}
