import { databaseUrl } from "./env.ts";
import { migrate } from "./migrate.ts";

try {
  await migrate({ url: databaseUrl() });
  console.log("The database is up to date.");
} catch (error) {
  console.error(`The database could not be migrated: ${reasonOf(error)}`);
  process.exitCode = 1;
}

/** A refused connection has an empty message when the name has several addresses, and only its parts say why. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join("; ");
  return error instanceof Error
    ? [error.message, error.cause instanceof Error ? error.cause.message : ""].join(" ").trim()
    : String(error);
}
