import { parseArgs } from "node:util";

/** What the person who asked did wrong, told in words. */
export class AskingError extends Error {}

/** The words behind a command's name, and what its options say. */
export interface Words {
  readonly given: readonly string[];
  readonly note: string | undefined;
  /** Where relative paths begin. */
  readonly folder: string;
}

/** A command as its help tells of it. */
export interface Described {
  /** What stands behind its name. */
  readonly operands: string;
  /** One sentence. */
  readonly about: string;
  readonly takesNote?: true;
  /** What there is to know beside. */
  readonly more?: string;
}

export type Asked<Name extends string> =
  | { readonly help: string }
  | {
      readonly name: Name;
      readonly words: Omit<Words, "folder">;
      readonly isDryRun: boolean;
      readonly asJson: boolean;
    };

const OPTIONS = {
  help: { type: "boolean", short: "h" },
  "dry-run": { type: "boolean" },
  json: { type: "boolean" },
  note: { type: "string" },
} as const;

/** Which command is asked for, or which help. Throws an AskingError for what is no such thing. */
export function asked<Name extends string>(
  commands: Readonly<Record<Name, Described>>,
  argv: readonly string[],
): Asked<Name> {
  const [first, ...rest] = argv;
  if (first === undefined) throw new AskingError(overview(commands));
  if (["help", "--help", "-h"].includes(first)) return { help: overview(commands) };
  if (!isNameIn(commands, first)) throw new AskingError(`There is no script "${first}".\n${overview(commands)}`);
  const usage = usageOf(first, commands[first]);
  const { values, positionals } = parsed(rest, usage);
  if (values.help) return { help: usage };
  if (values.note !== undefined && !commands[first].takesNote)
    throw new AskingError(`There is nothing for a note to be kept with.\n${usage}`);
  refuseCount(positionals.length, commands[first].operands, usage);
  return {
    name: first,
    words: { given: positionals, note: values.note },
    isDryRun: values["dry-run"] ?? false,
    asJson: values.json ?? false,
  };
}

function isNameIn<Name extends string>(commands: Readonly<Record<Name, Described>>, name: string): name is Name {
  return Object.hasOwn(commands, name);
}

function parsed(args: string[], usage: string) {
  try {
    return parseArgs({ args, options: OPTIONS, allowPositionals: true });
  } catch (error) {
    const [fault] = String(error instanceof Error ? error.message : error).split(". ");
    throw new AskingError(`${fault}.\n${usage}`);
  }
}

/** Operands in brackets may be left out. */
function refuseCount(count: number, operands: string, usage: string): void {
  const names = operands.split(" ");
  const needed = names.filter((name) => !name.startsWith("["));
  if (count < needed.length) throw new AskingError(`Say ${needed.slice(count).join(" and ")} as well.\n${usage}`);
  if (count > names.length) throw new AskingError(`These are more words than it takes.\n${usage}`);
}

function overview(commands: Readonly<Record<string, Described>>): string {
  const lines = Object.entries(commands).map(([name, { operands, about }]) => `  ${name} ${operands}\n      ${about}`);
  return `Usage: pnpm --filter @pitwall/ops <script> …\n${lines.join("\n")}\nEach takes --help.`;
}

function usageOf(name: string, { operands, about, takesNote, more }: Described): string {
  const note = takesNote ? "\n  --note <text>  why, for the audit trail" : "";
  return `Usage: pnpm --filter @pitwall/ops ${name} ${operands}
${about}
  --dry-run      does all of it in a transaction, tells what came of it, and rolls it back
  --json         tells the outcome as JSON on stdout${note}${more ? `\n${more}` : ""}`;
}
