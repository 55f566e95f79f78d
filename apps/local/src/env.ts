import { shippedSeasons } from "@pitwall/db/facts";
import { type SourceEnv, sourceOf, workVariables } from "@pitwall/jobs/env";
import { readEnv } from "@pitwall/server/env";
import { EnvError, parsedVariables, sharedVariables, type Variables } from "@pitwall/services/environment";
import { z } from "zod";

/** What a local start asks of the environment beside what the server does. */
export interface LocalEnv {
  /** Null starts an embedded database. */
  readonly databaseUrl: string | null;
  /** Where the embedded database and the secrets of this start are kept. */
  readonly dataDir: string;
  readonly source: SourceEnv;
  /** The season to play; the newest shipped one if nothing is said. */
  readonly season: number | null;
  readonly concurrency: number;
  /** False: this start makes an admin of its own. */
  readonly namesAdmin: boolean;
}

const variables = z.object({
  DATABASE_URL: sharedVariables.DATABASE_URL.optional(),
  PITWALL_DATA: z.string().default(".data"),
  ...workVariables,
  SEASON: z
    .string()
    .refine((value) => shippedSeasons().includes(Number(value)), `is one of ${shippedSeasons().join(", ")}`)
    .transform(Number)
    .optional(),
  ADMIN_USERNAME: z.string().optional(),
});

/** A JWT secret that no process signs with: it stands in while the other variables are checked. */
const STAND_IN = "0123456789 stands in for a secret";

/** Throws one EnvError that names every fault, also those of what the server reads. */
export function checkEnvironment(): void {
  const faults = [readLocalEnv, () => readEnv({ ...EMBEDDED, JWT_SECRET: STAND_IN })].flatMap((read) => {
    try {
      read();
      return [];
    } catch (error) {
      if (error instanceof EnvError) return error.message.split("\n");
      throw error;
    }
  });
  if (faults.length > 0) throw new EnvError([...new Set(faults)].join("\n"));
}

/** Stands where the server wants an address and the embedded database has none yet. */
export const EMBEDDED = { DATABASE_URL: "postgres://embedded.invalid/pitwall", HOST: "127.0.0.1", LOG_LEVEL: "warn" };

const DEFAULTS = { F1_API_USER_AGENT: "pitwall/0.1 (a local start)", WORKER_CONCURRENCY: "2" };

/** Throws an EnvError that names every fault. */
export function readLocalEnv(source: Variables = process.env): LocalEnv {
  const data = parsedVariables(variables, source, DEFAULTS);
  return {
    databaseUrl: data.DATABASE_URL ?? null,
    dataDir: data.PITWALL_DATA,
    source: sourceOf(data),
    season: data.SEASON ?? null,
    concurrency: data.WORKER_CONCURRENCY,
    namesAdmin: data.ADMIN_USERNAME !== undefined,
  };
}
