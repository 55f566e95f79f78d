import { figure, type Report, tableOf } from "./report.ts";
import type { Row } from "./workload.ts";

const PROJECTED = 10_000_000;

/** How each figure grows with the teams, as Markdown; the last column goes on as between the smallest and the largest. */
export function growthInWords(reports: readonly Report[]): string {
  const bySize = reports.toSorted((a, b) => a.teams - b.teams);
  const names = [...new Set(bySize.flatMap(({ rows }) => rows.map(nameOf)))];
  const head = ["workload", "", ...bySize.map(({ teams }) => powerOf(teams)), "for tenfold teams", powerOf(PROJECTED)];
  return tableOf(
    head,
    names.map((name) => growthOf(name, bySize)),
  ).join("\n");
}

function growthOf(name: string, bySize: readonly Report[]): string[] {
  const [workload = "", what = ""] = name.split("\t");
  const found = bySize.map(({ teams, rows }) => ({ teams, row: rows.find((row) => nameOf(row) === name) }));
  const known = found.flatMap(({ teams, row }) => (row ? [{ teams, ...costOf(row) }] : []));
  const cells = found.map(({ row }) => (row ? inUnits(costOf(row)) : ""));
  const [first, last] = [known[0], known.at(-1)];
  if (!first || !last || first.teams === last.teams) return [workload, what, ...cells, "", ""];
  const factor = (last.value / first.value) ** (1 / Math.log10(last.teams / first.teams));
  const projected = last.value * factor ** Math.log10(PROJECTED / last.teams);
  return [workload, what, ...cells, `× ${factor.toPrecision(2)}`, inUnits({ ...last, value: projected })];
}

interface Cost {
  readonly value: number;
  readonly unit: string;
}

/** What everybody waits for where that was timed; how much is done or held where it was not. */
function costOf({ median, throughput, unit }: Row): Cost {
  return median === null ? { value: throughput ?? 0, unit } : { value: median, unit: " ms" };
}

function inUnits({ value, unit }: Cost): string {
  return `${figure(value)}${unit}`;
}

function nameOf({ workload, what }: Row): string {
  return `${workload}\t${what}`;
}

function powerOf(teams: number): string {
  const power = Math.log10(teams);
  return Number.isInteger(power) ? `10^${power}` : teams.toLocaleString("en");
}
