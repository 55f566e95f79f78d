import { isIP } from "node:net";
import { parsedVariables, sharedVariables } from "@pitwall/services/environment";
import type { LogLevel } from "@pitwall/services/log";
import { mailVariables, publicUrlOf, type SmtpSettings, smtpOf } from "@pitwall/services/mail";
import { adminFaults } from "@pitwall/services/users";
import { z } from "zod";

/** What the environment says, checked. Every fault is told at once, so that an operator mends them in one go. */
export interface Env {
  readonly isProduction: boolean;
  readonly databaseUrl: string;
  readonly redisUrl: string | undefined;
  readonly host: string;
  readonly port: number;
  /** Where people reach the server, without a slash at the end. */
  readonly publicUrl: string | undefined;
  readonly jwtSecret: string;
  readonly corsOrigins: readonly string[];
  readonly trustedProxies: readonly string[];
  readonly admin: { readonly username: string; readonly email: string; readonly password: string } | undefined;
  /** Undefined where no mail server is known. */
  readonly smtp: SmtpSettings | undefined;
  readonly metricsToken: string | undefined;
  readonly logLevel: LogLevel;
}

/**
 * Reads the environment over defaults of the caller's own. Throws an EnvError that names every fault. An empty variable is
 * one that is not set.
 */
export function readEnv(defaults: Readonly<Record<string, string>> = {}, source: NodeJS.ProcessEnv = process.env): Env {
  const data = parsedVariables(variables, source, defaults);
  return {
    isProduction: data.NODE_ENV === "production",
    databaseUrl: data.DATABASE_URL,
    redisUrl: data.REDIS_URL,
    host: data.HOST,
    port: data.PORT,
    publicUrl: publicUrlOf(data),
    jwtSecret: data.JWT_SECRET,
    corsOrigins: data.CORS_ORIGINS,
    trustedProxies: data.TRUSTED_PROXIES,
    admin: adminOf(data),
    smtp: smtpOf(data),
    metricsToken: data.METRICS_TOKEN,
    logLevel: data.LOG_LEVEL,
  };
}

const MISSING = "is not set";

/** Few different characters are no secret, however many there are of them. */
const DISTINCT = 10;

const secret = z
  .string(MISSING)
  .refine((value) => Buffer.byteLength(value) >= 32, "needs at least 32 bytes. Make one with: openssl rand -base64 48")
  .refine((value) => new Set(value).size >= DISTINCT, "is too easy to guess. Make one with: openssl rand -base64 48");

function listOf(item: z.ZodString) {
  const words = z.string().transform((value) =>
    value
      .split(",")
      .map((word) => word.trim())
      .filter((word) => word !== ""),
  );
  return words.pipe(z.array(item)).default([]);
}

const origin = z
  .string()
  .refine(
    (value) => URL.canParse(value) && new URL(value).origin === value,
    "is a list of origins such as https://example.org",
  );

const network = z.string().refine((value) => isNetwork(value), "is a list of addresses or networks such as 10.0.0.0/8");

function isNetwork(value: string): boolean {
  const [address = "", bits, ...more] = value.split("/");
  const most = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  return more.length === 0 && most > 0 && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most));
}

interface AdminVariables {
  readonly ADMIN_USERNAME?: string | undefined;
  readonly ADMIN_EMAIL?: string | undefined;
  readonly ADMIN_PASSWORD?: string | undefined;
}

function adminOf({ ADMIN_USERNAME: username, ADMIN_EMAIL: email, ADMIN_PASSWORD: password }: AdminVariables) {
  return username && password ? { username, password, email: email ?? `${username}@localhost` } : undefined;
}

/** In the words of the rules for accounts; empty if there is nothing to say. */
function saidOfAdmin(all: AdminVariables, field: "username" | "password"): string {
  const admin = adminOf(all);
  const faults = admin ? adminFaults(admin).filter((fault) => fault.field === field) : [];
  return faults.map(({ message }) => message).join(" ");
}

/** Told even if other variables are wrong as well. */
function adminFault(field: "username" | "password") {
  return {
    path: [`ADMIN_${field.toUpperCase()}`],
    error: ({ input }: { input?: unknown }) => saidOfAdmin(input as AdminVariables, field),
    when: () => true,
  };
}

const variables = z
  .object({
    ...sharedVariables,
    HOST: z.string().default("0.0.0.0"),
    PORT: z
      .string()
      .default("3000")
      .refine((value) => /^\d{1,5}$/.test(value) && Number(value) <= 65_535, "is a number up to 65535")
      .transform(Number),
    JWT_SECRET: secret,
    CORS_ORIGINS: listOf(origin),
    TRUSTED_PROXIES: listOf(network),
    ...mailVariables,
    ADMIN_USERNAME: z.string().optional(),
    ADMIN_EMAIL: z.email("is to be an e-mail address").optional(),
    ADMIN_PASSWORD: z.string().optional(),
  })
  .refine((all) => saidOfAdmin(all, "username") === "", adminFault("username"))
  .refine((all) => saidOfAdmin(all, "password") === "", adminFault("password"))
  .refine((all) => (all.ADMIN_USERNAME === undefined) === (all.ADMIN_PASSWORD === undefined), {
    path: ["ADMIN_PASSWORD"],
    when: () => true,
    error: "and ADMIN_USERNAME are set together or not at all",
  });
