import { readFile } from "node:fs/promises";
import { sql } from "drizzle-orm";
import type { Db } from "./database.ts";

const JOURNAL = new URL("../migrations/meta/_journal.json", import.meta.url);

/** Whether the tables are as this version knows them, or newer. Rejects when the database does not answer. */
export async function isMigrated(db: Db): Promise<boolean> {
  const { entries }: { entries: { when: number }[] } = JSON.parse(await readFile(JOURNAL, "utf8"));
  const { rows } = await db.execute<{ known: boolean }>(
    sql`select to_regclass('drizzle.__drizzle_migrations') is not null as known`,
  );
  if (!rows[0]?.known) return false;
  const { rows: newest } = await db.execute<{ at: string | null }>(
    sql`select max(created_at) as at from drizzle.__drizzle_migrations`,
  );
  return Number(newest[0]?.at ?? 0) >= Math.max(...entries.map(({ when }) => when));
}
