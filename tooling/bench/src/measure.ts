import type { Bench, Scale } from "./bench.ts";
import { median, type Sample } from "./samples.ts";
import type { Line, Row, Workload } from "./workload.ts";

export interface Progress {
  /** What is being measured now, and how much of all the work lies behind. */
  step(share: number, what: string): void;
}

/** Measures one workload after the other, each line in rounds, and after each round its limit. */
export async function measure(bench: Bench, workloads: readonly Workload[], progress: Progress): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [nth, workload] of workloads.entries()) {
    progress.step(nth / workloads.length, `${workload.name}: making ready`);
    for await (const line of workload.lines(bench)) {
      progress.step(nth / workloads.length, `${workload.name}: ${line.what}`);
      rows.push(await rowOf(workload.name, line, bench.scale));
    }
  }
  progress.step(1, "done");
  return rows;
}

async function rowOf(workload: string, line: Line, scale: Scale): Promise<Row> {
  const { what, unit = "/s", limit, warmUps = 0, rounds = scale.rounds } = line;
  const samples: Sample[] = [];
  const limits: Sample[] = [];
  for (let round = -warmUps; round < rounds; round += 1) {
    const sample = await line.round(round);
    if (round < -1) continue;
    const least = await limit?.round(round);
    if (round >= 0) samples.push(sample);
    if (round >= 0 && least) limits.push(least);
  }
  const all = middleOf(samples);
  const told = (await line.told?.()) ?? null;
  if (!limit) return { workload, what, unit, rounds, ...all, limit: null, told };
  const least = middleOf(limits);
  const ratio = (all[limit.by] ?? Number.NaN) / (least[limit.by] ?? Number.NaN);
  return { workload, what, unit, rounds, ...all, limit: { what: limit.what, by: limit.by, ratio, ...least }, told };
}

function middleOf(samples: readonly Sample[]): Sample {
  return {
    median: median(samples.map((sample) => sample.median)),
    p99: median(samples.map((sample) => sample.p99)),
    throughput: median(samples.map((sample) => sample.throughput)),
  };
}
