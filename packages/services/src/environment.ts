import { z } from "zod";
import { LOG_LEVELS } from "./log.ts";

/** What is wrong with the environment, a line for each fault. */
export class EnvError extends Error {
  /** For the person who started the process. */
  get inWords(): string {
    return `The environment is not right. Mend these, then start again:\n${this.message}`;
  }
}

export type Variables = Readonly<Record<string, string | undefined>>;

/**
 * Checks a process's variables over defaults of the caller's own. Throws an EnvError that names every fault, so that an
 * operator mends them in one go. An empty variable is one that is not set.
 */
export function parsedVariables<T>(schema: z.ZodType<T>, source: Variables, defaults: Variables = {}): T {
  const said = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined && value !== ""));
  const { data, error } = schema.safeParse({ ...defaults, ...said });
  if (error) throw new EnvError([...new Set(error.issues.map(inOneLine))].join("\n"));
  return data;
}

/** A fault in one item of a list is a fault of its variable. */
function inOneLine({ path: [name], message }: z.core.$ZodIssue): string {
  return `${String(name)}: ${message}`;
}

/** The variables that mean the same to every process. */
export const sharedVariables = {
  NODE_ENV: z.string().default("development"),
  DATABASE_URL: z.url({
    protocol: /^postgres(ql)?$/,
    error: "is to be like postgres://user:password@host:5432/pitwall",
  }),
  REDIS_URL: z.url({ protocol: /^rediss?$/, error: "is to be like redis://host:6379" }).optional(),
  METRICS_TOKEN: z.string().min(16, "needs at least 16 characters. Make one with: openssl rand -hex 24").optional(),
  LOG_LEVEL: z.enum(LOG_LEVELS, `is one of ${LOG_LEVELS.join(", ")}`).default("info"),
};
