import { openDatabase } from "@pitwall/db/database";
import { type MadeDatabase, aDatabase as made } from "@pitwall/rig/databases";
import { TestRunner } from "vitest";

interface Kept extends MadeDatabase {
  /** Empties every table that was empty at the beginning, past all triggers. */
  readonly wiping: string;
}

/** What the try before has left. */
let kept: Kept | null = null;

/**
 * Stands in for the like-named one of the rig, since to empty a database costs a fiftieth of making one. What a try leaves
 * that failed, and may still be at work in, is not used again.
 */
export async function aDatabase(state: "migrated"): Promise<MadeDatabase> {
  const database = kept ?? (await withWiping(await made(state)));
  kept = null;
  await asked(database.url, `${OTHERS_OUT}; ${database.wiping}`);
  return {
    url: database.url,
    async drop() {
      if (TestRunner.getCurrentTest()?.result?.state === "fail") await database.drop();
      else kept = database;
    },
  };
}

const OTHERS_OUT =
  "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()";

const EMPTY_TABLES = `select format('%I.%I', schemaname, relname) as name from pg_stat_user_tables
  where query_to_xml(format('select 1 from %I.%I limit 1', schemaname, relname), true, true, '')::text = ''`;

async function withWiping(database: MadeDatabase): Promise<Kept> {
  const names = await asked(database.url, EMPTY_TABLES);
  const deletes = names.map(({ name }) => `delete from ${name}`);
  return { ...database, wiping: ["set session_replication_role = replica", ...deletes].join("; ") };
}

async function asked(url: string, statement: string): Promise<{ readonly name: string }[]> {
  const database = openDatabase({ url, applicationName: "pitwall proof", max: 1 });
  try {
    const { rows } = await database.pool.query(statement);
    return rows;
  } finally {
    await database.close();
  }
}
