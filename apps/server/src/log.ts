import type { Log } from "@pitwall/services/context";
import type { LogLevel } from "./env.ts";

export interface LogOptions {
  readonly level: LogLevel;
  readonly write?: (line: string) => void;
}

const WEIGHTS: Record<LogLevel, number> = { debug: 0, info: 1, warn: 2, error: 3, silent: 4 };

/** One JSON object in one line for each event. Secrets are left out, whatever field or text they came in. */
export function createLog({ level, write = (line) => process.stdout.write(line) }: LogOptions): Log {
  const at =
    (weight: "info" | "warn" | "error") =>
    (message: string, facts: Record<string, unknown> = {}) => {
      if (WEIGHTS[weight] < WEIGHTS[level]) return;
      const event = { time: new Date().toISOString(), level: weight, message, ...facts };
      write(`${JSON.stringify(told(event, DEPTH))}\n`);
    };
  return { info: at("info"), warn: at("warn"), error: at("error") };
}

const DEPTH = 6;
const LONGEST = 2_000;
const MOST = 50;
const HIDDEN = "[hidden]";

const SECRET_NAME = /password|secret|token|authorization|cookie|e-?mail|^code$|^params$/i;

function told(value: unknown, depth: number): unknown {
  if (typeof value === "string") return withoutSecrets(value.slice(0, LONGEST));
  if (typeof value === "bigint") return String(value);
  if (typeof value !== "object" || value === null || value instanceof Date) return value;
  if (depth === 0) return "[…]";
  if (value instanceof Error) return told(factsOf(value), depth);
  if (Array.isArray(value)) return value.slice(0, MOST).map((one) => told(one, depth - 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, SECRET_NAME.test(name) ? HIDDEN : told(one, depth - 1)]),
  );
}

/** What a failed query was asked with may be anybody's secret, and its message repeats it. PostgreSQL's detail does too. */
function factsOf(error: Error): Record<string, unknown> {
  const isQuery = "query" in error && "params" in error;
  const frames = error.stack?.split("\n").filter((line) => /^\s+at /.test(line)) ?? [];
  return {
    name: error.name,
    message: isQuery ? "a query failed" : error.message,
    ...(isQuery && { query: error.query }),
    ...("code" in error && { sqlstate: error.code }),
    ...("constraint" in error && { constraint: error.constraint }),
    stack: frames.slice(0, 8).map((line) => line.trim()),
    ...(error.cause !== undefined && { cause: error.cause }),
    ...(error instanceof AggregateError && { errors: error.errors }),
  };
}

function withoutSecrets(text: string): string {
  return text
    .replace(/eyJ[\w-]+\.[\w-]+\.[\w-]*/g, HIDDEN)
    .replace(/\$argon2\S+/g, HIDDEN)
    .replace(/(\w+:\/\/)[^\s/@]+@/g, `$1${HIDDEN}@`);
}
