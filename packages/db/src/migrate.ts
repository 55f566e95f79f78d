import { fileURLToPath } from "node:url";
import { drizzle } from "drizzle-orm/node-postgres";
import { migrate as applyMigrations } from "drizzle-orm/node-postgres/migrator";
import { Logger, runMigrations } from "graphile-worker";
import pg from "pg";

const MIGRATIONS = fileURLToPath(new URL("../migrations", import.meta.url));

/** Any number that nothing else in the database locks. */
const LOCK = 7_041_950;

/** Brings tables and queue up to date. Several instances may do so at once: one works, the others wait and find it done. */
export async function migrate({ url }: { readonly url: string }): Promise<void> {
  const client = new pg.Client({
    connectionString: url,
    application_name: "pitwall-migrate",
    keepAlive: true,
    connectionTimeoutMillis: 5_000,
  });
  // A broken connection rejects the statement that it cut off. Without a listener it would end the process.
  client.on("error", () => undefined);
  try {
    await client.connect();
    await client.query("select pg_advisory_lock($1)", [LOCK]);
    await applyMigrations(drizzle(client), { migrationsFolder: MIGRATIONS });
    await runMigrations({ connectionString: url, logger: new Logger(() => () => undefined) });
  } finally {
    await client.end().catch(() => undefined);
  }
}
