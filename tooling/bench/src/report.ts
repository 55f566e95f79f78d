import { type Machine, machineInWords } from "./machine.ts";
import type { Row } from "./workload.ts";

export interface Report {
  readonly teams: number;
  readonly at: string;
  readonly machine: Machine;
  readonly rows: readonly Row[];
}

const HEAD = ["workload", "", "median ms", "p99 ms", "throughput", "limit, in the same run", "ratio"];

/** As Markdown, so that it can be read here and pasted there. */
export function inWords({ teams, machine, rows }: Report): string {
  const notes = rows.flatMap(({ workload, what, told }) => (told === null ? [] : [`- ${workload}, ${what}: ${told}`]));
  const title = `${counted(teams)} teams; ${machineInWords(machine)}`;
  return [title, "", ...tableOf(HEAD, rows.map(cellsOf)), "", ...notes].join("\n");
}

function cellsOf(row: Row): string[] {
  const { workload, what, unit, limit } = row;
  const cells = [workload, what, figure(row.median), figure(row.p99), withUnit(row.throughput, unit)];
  if (limit === null) return [...cells, "", ""];
  const least = withUnit(limit[limit.by], limit.by === "throughput" ? unit : " ms");
  const ratio = `${limit.ratio.toFixed(2)}${limit.by === "throughput" ? "" : " ×"}`;
  return [...cells, `${limit.what}: ${least}`, Number.isFinite(limit.ratio) ? ratio : ""];
}

export function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = head.map((title, at) => Math.max(3, title.length, ...rows.map((cells) => cells[at]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${widths.map((width, at) => (at < 2 ? (cells[at] ?? "").padEnd(width) : (cells[at] ?? "").padStart(width))).join(" | ")} |`;
  const rule = widths.map((width, at) => (at < 2 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`));
  return [line(head), line(rule), ...rows.map(line)];
}

function withUnit(value: number | null, unit: string): string {
  return value === null ? "" : `${figure(value)}${unit}`;
}

/** Three digits say all that is known. */
export function figure(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return "";
  return value >= 100 ? counted(Math.round(value)) : value.toPrecision(value < 1 ? 2 : 3);
}

function counted(whole: number): string {
  return whole.toLocaleString("en").replaceAll(",", " ");
}
