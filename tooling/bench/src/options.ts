import { parseArgs } from "node:util";
import type { Scale } from "./bench.ts";
import type { Workload } from "./workload.ts";
import { WORKLOADS } from "./workloads/index.ts";

export const USAGE = `Usage: pnpm bench [--teams N] [--quick] [--only NAMES] [--json]
       pnpm bench --growth FILE FILE …

Makes a season on an embedded PostgreSQL, puts it under the loads of a season, and prints what they take beside the least
that this machine needs for the like, measured in the same run.

  --teams N      how many teams the season has: 1 to 10000000; by default 100000
  --quick        about a minute in all: 10000 teams unless --teams says otherwise, and short rounds
  --only NAMES   some of: ${WORKLOADS.map(({ name }) => name).join(", ")}
  --json         for programs: every figure, and what machine it was measured on
  --growth       the rows of GROWTH.md, from what --json printed at several numbers of teams
  --help         this`;

/** What was asked for cannot be understood. */
export class AskingError extends Error {}

export type Asked =
  | { readonly kind: "help" }
  | { readonly kind: "growth"; readonly files: readonly string[] }
  | { readonly kind: "run"; readonly scale: Scale; readonly workloads: readonly Workload[]; readonly isJson: boolean };

export function askedFor(args: readonly string[]): Asked {
  const { values, positionals } = parsed(args);
  if (values.help) return { kind: "help" };
  if (values.growth) return { kind: "growth", files: positionals };
  if (positionals.length > 0) throw new AskingError(`"${positionals[0]}" is not understood.`);
  const teams = Number(values.teams ?? (values.quick ? 10_000 : 100_000));
  if (!Number.isInteger(teams) || teams < 1 || teams > 10_000_000)
    throw new AskingError("--teams takes a whole number from 1 to 10000000.");
  const scale = values.quick
    ? { teams, rounds: 2, seconds: 0.4, calls: 30, crowd: 100 }
    : { teams, rounds: 5, seconds: 2, calls: 200, crowd: 200 };
  return { kind: "run", scale, workloads: chosen(values.only), isJson: values.json };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        teams: { type: "string" },
        quick: { type: "boolean", default: false },
        only: { type: "string", multiple: true },
        json: { type: "boolean", default: false },
        growth: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
  } catch (error) {
    throw new AskingError(error instanceof Error ? error.message : String(error));
  }
}

/** In the order of the list, whatever the order they were asked for in. */
function chosen(only: readonly string[] | undefined): readonly Workload[] {
  if (only === undefined) return WORKLOADS;
  const names = only.flatMap((list) => list.split(","));
  const unknown = names.find((name) => !WORKLOADS.some((workload) => workload.name === name));
  if (unknown !== undefined) throw new AskingError(`There is no workload "${unknown}".`);
  return WORKLOADS.filter(({ name }) => names.includes(name));
}
