import { parsedVariables, sharedVariables, type Variables } from "@pitwall/services/environment";
import type { LogLevel } from "@pitwall/services/log";
import { z } from "zod";

/** What the environment says, checked. */
export interface OpsEnv {
  readonly databaseUrl: string;
  readonly redisUrl: string | undefined;
  readonly logLevel: LogLevel;
}

/** Throws an EnvError that names every fault. */
export function readOpsEnv(source: Variables): OpsEnv {
  const data = parsedVariables(z.object(sharedVariables), source);
  return { databaseUrl: data.DATABASE_URL, redisUrl: data.REDIS_URL, logLevel: data.LOG_LEVEL };
}

/** The variables of this process. */
export const variables: Variables = process.env;
