import { parsedVariables, sharedVariables, type Variables } from "@pitwall/services/environment";
import type { LogLevel } from "@pitwall/services/log";
import { mailVariables, publicUrlOf, type SmtpSettings, smtpOf } from "@pitwall/services/mail";
import { z } from "zod";

/** What the environment says, checked. */
export interface JobsEnv {
  readonly databaseUrl: string;
  readonly redisUrl: string | undefined;
  readonly logLevel: LogLevel;
  readonly source: SourceEnv;
  /** Undefined where no mail server is known. */
  readonly smtp: SmtpSettings | undefined;
  /** Where people reach the server, without a slash at the end. */
  readonly publicUrl: string | undefined;
  /** How many jobs run at once in this process. */
  readonly concurrency: number;
  /** Where probes and scrapers are answered; without a port nowhere. */
  readonly monitor: { readonly host: string; readonly port: number | undefined; readonly token: string | undefined };
}

export interface SourceEnv {
  /** Up to and with `/ergast/f1`, without a slash at the end. */
  readonly baseUrl: string;
  readonly userAgent: string;
  /** A second source to compare with; undefined asks none. */
  readonly openF1Url: string | undefined;
}

const JOLPICA = "https://api.jolpi.ca/ergast/f1";
const OPENF1 = "https://api.openf1.org/v1";

const address = (like: string) =>
  z
    .url({ protocol: /^https?$/, error: `is to be like ${like}` })
    .regex(/^[^@?#]*$/, "holds no password, and ends with its path")
    .transform((url) => url.replace(/\/+$/, ""));

/** What the clock's work asks of the environment, wherever it is done. */
export const workVariables = {
  F1_API_BASE_URL: address(JOLPICA).default(JOLPICA),
  OPENF1_BASE_URL: address(OPENF1).optional(),
  F1_API_USER_AGENT: z
    .string()
    .regex(/^[\x20-\x7e]{1,200}$/, "is one line of plain text that says who asks, and how to reach them")
    .default("pitwall/0.1 (an open fantasy Formula 1 backend)"),
  WORKER_CONCURRENCY: z
    .string()
    .regex(/^([1-9]|[1-4]\d|50)$/, "is a whole number from 1 to 50")
    .default("4")
    .transform(Number),
};

/** Where results come from, of what was said. */
export function sourceOf(said: {
  readonly F1_API_BASE_URL: string;
  readonly F1_API_USER_AGENT: string;
  readonly OPENF1_BASE_URL?: string | undefined;
}): SourceEnv {
  return { baseUrl: said.F1_API_BASE_URL, userAgent: said.F1_API_USER_AGENT, openF1Url: said.OPENF1_BASE_URL };
}

const variables = z.object({
  ...sharedVariables,
  ...mailVariables,
  ...workVariables,
  HOST: z.string().default("0.0.0.0"),
  HEALTH_PORT: z
    .string()
    .regex(/^\d{1,5}$/, "is a port such as 9090")
    .refine((value) => Number(value) <= 65_535, "is a number up to 65535")
    .transform(Number)
    .optional(),
});

/** Throws an EnvError that names every fault. */
export function readJobsEnv(source: Variables = process.env): JobsEnv {
  const data = parsedVariables(variables, source);
  return {
    databaseUrl: data.DATABASE_URL,
    redisUrl: data.REDIS_URL,
    logLevel: data.LOG_LEVEL,
    source: sourceOf(data),
    smtp: smtpOf(data),
    publicUrl: publicUrlOf(data),
    concurrency: data.WORKER_CONCURRENCY,
    monitor: { host: data.HOST, port: data.HEALTH_PORT, token: data.METRICS_TOKEN },
  };
}
