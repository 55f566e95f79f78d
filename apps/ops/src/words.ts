import { PublicError } from "@pitwall/api";
import type { Log } from "@pitwall/services/context";
import { EnvError } from "@pitwall/services/environment";
import { jsonLog, type LogLevel } from "@pitwall/services/log";
import { isOutage, refusedByDatabase } from "@pitwall/services/outages";
import { RefusedError } from "./acts.ts";
import { AskingError } from "./asking.ts";

const NOT_FOR_PEOPLE = new Set(["time", "level", "message", "requestId", "procedure", "address", "actorId", "stack"]);

/** The log as somebody at a terminal reads it, secrets left out: how far the work is, and what went wrong. */
export function logInWords(
  { level, isDryRun }: { level: LogLevel; isDryRun: boolean },
  err: (text: string) => unknown,
): Log {
  const write = (line: string) => {
    const said: Record<string, unknown> = JSON.parse(line);
    const facts = Object.entries(said).filter(([name, value]) => !NOT_FOR_PEOPLE.has(name) && value !== null);
    const told = facts.map(([name, value]) => `${name} ${inText(value)}`).join(", ");
    err(`${isDryRun ? "dry run: " : ""}${String(said.message)}${told === "" ? "" : `: ${told}`}\n`);
  };
  return jsonLog({ level, write });
}

function inText(value: unknown): string {
  if (typeof value !== "object") return String(value);
  return JSON.stringify(value, (name, inner: unknown) => (name === "stack" ? undefined : inner));
}

export interface Ending {
  /** 1: it was refused, or it failed, and nothing was changed; 2: nobody can tell what was asked for. */
  readonly code: 1 | 2;
  readonly words: string;
}

/** What is said of a script that did not do what it was asked. */
export function endingOf(error: unknown, log: Log): Ending {
  if (error instanceof AskingError) return { code: 2, words: error.message };
  const unfit = error instanceof EnvError ? error : refusedByDatabase(error);
  if (unfit) return { code: 2, words: `The environment is not right. Mend these, then ask again:\n${unfit.message}` };
  if (error instanceof PublicError) return { code: 1, words: error.fault.message };
  if (error instanceof RefusedError) return { code: 1, words: error.message };
  if (isOutage(error)) return { code: 1, words: "The database does not answer: see DATABASE_URL." };
  log.error("the script failed", { error });
  return { code: 1, words: "The script failed: the line above says why." };
}
