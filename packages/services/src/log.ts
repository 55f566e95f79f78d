import { recent } from "@pitwall/cache/recent";
import type { Log } from "./context.ts";

export const LOG_LEVELS = ["debug", "info", "warn", "error", "silent"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface JsonLogOptions {
  readonly level: LogLevel;
  /** Takes one line, its end included. Left out, the process says it on stdout. */
  readonly write?: (line: string) => void;
}

const WEIGHTS: Record<LogLevel, number> = { debug: 0, info: 1, warn: 2, error: 3, silent: 4 };

/** One JSON object in one line for each entry. Secrets are left out, whatever field or text they came in. */
export function jsonLog({ level, write = onStdout() }: JsonLogOptions): Log {
  const at =
    (weight: keyof Log) =>
    (message: string, facts: Record<string, unknown> = {}) => {
      if (WEIGHTS[weight] < WEIGHTS[level]) return;
      const how = { depth: DEPTH, isError: weight === "error" };
      let line = `{"time":"${new Date().toISOString()}","level":"${weight}","message":${inJson(message, how)}`;
      for (const name of Object.keys(facts)) {
        // No fact can take the place of what stands in the head.
        if (HEAD.has(name)) continue;
        const { isSecret, beginning } = fieldCalled(name);
        const text = inJson(isSecret ? HIDDEN : facts[name], how);
        if (text !== undefined) line += `,${beginning}${text}`;
      }
      write(`${line}}\n`);
    };
  return { info: at("info"), warn: at("warn"), error: at("error") };
}

/** What is said in one turn of the event loop is written together; whoever ends the process still has it written. */
function onStdout(): (line: string) => void {
  let lines = "";
  const flush = () => {
    process.stdout.write(lines);
    lines = "";
  };
  process.on("exit", flush);
  return (line) => {
    if (lines === "") setImmediate(flush);
    lines += line;
  };
}

/** The same log, whose every line also says what it is given here. */
export function withFacts(log: Log, always: Record<string, unknown>): Log {
  return new FactualLog(log, always);
}

/** One is made for every request, and few of them have anything to say: a class, so that its methods are not made as well. */
class FactualLog implements Log {
  readonly #log: Log;
  readonly #always: Record<string, unknown>;

  constructor(log: Log, always: Record<string, unknown>) {
    this.#log = log;
    this.#always = always;
  }

  info(message: string, facts?: Record<string, unknown>): void {
    this.#log.info(message, { ...this.#always, ...facts });
  }

  warn(message: string, facts?: Record<string, unknown>): void {
    this.#log.warn(message, { ...this.#always, ...facts });
  }

  error(message: string, facts?: Record<string, unknown>): void {
    this.#log.error(message, { ...this.#always, ...facts });
  }
}

interface Telling {
  readonly depth: number;
  /** Only what is ours to mend says where in the code it happened. */
  readonly isError: boolean;
}

const HEAD: ReadonlySet<string> = new Set(["time", "level", "message"]);
const DEPTH = 5;
const LONGEST = 2_000;
const MOST = 50;
const HIDDEN = "[hidden]";

const SECRET_NAME = /password|secret|token|authorization|cookie|e-?mail|^(join_?)?code$|^params$/i;

function told(value: unknown, how: Telling): unknown {
  if (typeof value === "string") return withoutSecrets(value);
  if (typeof value === "bigint") return String(value);
  if (typeof value !== "object" || value === null || value instanceof Date) return value;
  if (how.depth === 0) return "[…]";
  if (value instanceof Error) return told(factsOf(value, how), how);
  const within = { ...how, depth: how.depth - 1 };
  if (Array.isArray(value)) return value.slice(0, MOST).map((one) => told(one, within));
  // Without a prototype, so that a field named "__proto__" is one like any other.
  const fields: Record<string, unknown> = Object.create(null);
  for (const [name, one] of Object.entries(value))
    fields[name] = fieldCalled(name).isSecret ? HIDDEN : told(one, within);
  return fields;
}

/** Undefined for what JSON has no word for. */
function inJson(value: unknown, how: Telling): string | undefined {
  return JSON.stringify(told(value, how));
}

interface Field {
  readonly isSecret: boolean;
  /** Its name as JSON has it, and the colon. */
  readonly beginning: string;
}

/** Nearly every line has the same names in it. */
const judged = recent<string, Field>(200);

function fieldCalled(name: string): Field {
  return judged.of(name, judge);
}

function judge(name: string): Field {
  return { isSecret: SECRET_NAME.test(name), beginning: `${JSON.stringify(name)}:` };
}

/** What a failed query was asked with may be anybody's secret, and its message repeats it. PostgreSQL's detail does too. */
function factsOf(error: Error, { isError }: Telling): Record<string, unknown> {
  const isQuery = "query" in error && "params" in error;
  const frames = error.stack?.split("\n").filter((line) => /^\s+at /.test(line)) ?? [];
  return {
    name: error.name,
    message: isQuery ? "a query failed" : error.message,
    ...(isQuery && { query: error.query }),
    ...("code" in error && { sqlstate: error.code }),
    ...("constraint" in error && { constraint: error.constraint }),
    ...(isError && { stack: frames.slice(0, 8).map((line) => line.trim()) }),
    ...(error.cause !== undefined && { cause: error.cause }),
    ...(error instanceof AggregateError && { errors: error.errors }),
  };
}

/** Every secret that is looked for has one of these in it. */
const SUSPICIOUS = /eyJ|\$argon2|[#@]/;

/** Twice the length is looked at, so that no secret is cut to where it is no longer known as one. */
function withoutSecrets(text: string): string {
  if (text.length <= LONGEST && !SUSPICIOUS.test(text)) return text;
  return text
    .slice(0, 2 * LONGEST)
    .replace(/eyJ[\w-]+\.[\w-]+\.[\w-]*/g, HIDDEN)
    .replace(/\$argon2\S+/g, HIDDEN)
    .replace(/#[\w-]{30,}/g, `#${HIDDEN}`)
    .replace(/(\w+:\/\/)[^\s/@]+@/g, `$1${HIDDEN}@`)
    .replace(/[\w.+-]+@[\w-]+(\.[\w-]+)+/g, HIDDEN)
    .slice(0, LONGEST);
}
