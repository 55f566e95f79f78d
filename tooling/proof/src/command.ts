import { parseArgs } from "node:util";
import type { Engine, EngineOptions, Outcome } from "./engine.ts";
import { table, type Watch } from "./screen.ts";

export interface Said {
  readonly text: string;
  readonly exitCode: 0 | 1 | 2;
}

/** Runs the engine that is named, or tells which there are. */
export async function proof(args: readonly string[], engines: readonly Engine[], watch: Watch): Promise<Said> {
  const [name, ...rest] = args;
  if (name === undefined || name.startsWith("-")) return { text: listOf(engines), exitCode: 0 };
  const engine = engines.find((candidate) => candidate.name === name);
  if (!engine) return { text: `There is no engine "${name}".\n\n${listOf(engines)}`, exitCode: 2 };
  const asked = read(engine, rest);
  if (typeof asked === "string") return { text: `${asked}\n`, exitCode: 2 };
  const startedAt = performance.now();
  const outcome = await engine.run(asked.options, watch);
  const seconds = (performance.now() - startedAt) / 1000;
  const text = asked.isJson
    ? `${JSON.stringify({ engine: name, seed: asked.options.seed, seconds, ...outcome }, null, 2)}\n`
    : summary(engine, asked.options, outcome, seconds);
  return { text, exitCode: outcome.failures.length > 0 ? 1 : 0 };
}

function listOf(engines: readonly Engine[]): string {
  const rows = engines.map(({ name, summary, options }) => [
    name,
    summary,
    Object.entries(options)
      .map(([option, meaning]) => `--${option}: ${meaning}`)
      .join("\n"),
  ]);
  return `pnpm proof <engine> [--seed N] [--seeds N] [--minutes N] [--json]\n\n${table(["engine", "what it does", "options"], rows)}\n`;
}

/** What is wrong with the options, in words, or what they say. */
function read(engine: Engine, args: readonly string[]): string | { options: EngineOptions; isJson: boolean } {
  const text = { type: "string" } as const;
  const own = Object.fromEntries(Object.keys(engine.options).map((option) => [option, text]));
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { ...own, seed: text, seeds: text, minutes: text, json: { type: "boolean" } },
    });
    const { json, seed, seeds, minutes, ...rest } = values as Record<string, string | boolean | undefined>;
    const options = {
      seed: numberOf("seed", seed) ?? 1,
      seeds: numberOf("seeds", seeds),
      minutes: numberOf("minutes", minutes),
      own: rest as Record<string, string | undefined>,
    };
    return { options, isJson: json === true };
  } catch (error) {
    if (error instanceof TypeError) return error.message;
    throw error;
  }
}

function numberOf(option: string, text: string | boolean | undefined): number | null {
  if (text === undefined) return null;
  const number = Number(text);
  const isWhole = option === "minutes" || Number.isSafeInteger(number);
  if (!(number > 0) || !isWhole) throw new TypeError(`--${option} takes a number above zero, not "${text}"`);
  return number;
}

function summary({ name }: Engine, { seed }: EngineOptions, { rows, failures }: Outcome, seconds: number): string {
  const done = table(
    ["what", "count"],
    rows.map(({ what, count }) => [what, typeof count === "number" ? count.toLocaleString("en") : count]),
  );
  const said = `${done}\n${name} from seed ${seed}, ${seconds.toFixed(1)} s: `;
  if (failures.length === 0) return `${said}all of it held.\n`;
  const told = failures.slice(0, MOST_TOLD).map(({ words, replay }) => `- ${words}\n  ${replay}`);
  const more = failures.length > MOST_TOLD ? [`and ${failures.length - MOST_TOLD} more`] : [];
  return `${said}${failures.length} did not hold.\n${[...told, ...more].join("\n")}\n`;
}

const MOST_TOLD = 50;
