import { type Db, withTx } from "@pitwall/db/database";

/** The rows of every table, each as it would look anywhere: without the ids, moments and secrets that it happened to get. */
export type Contents = ReadonlyMap<string, readonly string[]>;

/** How often a row was added, or taken away where the number is negative, by table and row. */
export type Change = ReadonlyMap<string, number>;

/** What is there before anything happens, and so is the same wherever it happens. */
export type Known = ReadonlySet<string>;

type Row = Readonly<Record<string, unknown>>;

export async function knownOf(db: Db): Promise<Known> {
  const known = new Set<string>();
  for (const [table, rows] of await rowsOf(db))
    for (const row of rows)
      for (const [column, value] of Object.entries(row)) {
        known.add(`${table}.${column}=${JSON.stringify(value)}`);
        for (const word of wordsIn(JSON.stringify(value))) known.add(word);
      }
  return known;
}

export async function contentsOf(db: Db, known: Known): Promise<Contents> {
  const tables = await rowsOf(db);
  return new Map([...tables].map(([table, rows]) => [table, rows.map((row) => plain(table, row, known))]));
}

export function changeBetween(before: Contents, after: Contents): Change {
  const change = new Map<string, number>();
  const count = (contents: Contents, by: 1 | -1) => {
    for (const [table, rows] of contents)
      for (const row of rows) {
        const key = `${table} ${row}`;
        const times = (change.get(key) ?? 0) + by;
        if (times === 0) change.delete(key);
        else change.set(key, times);
      }
  };
  count(after, 1);
  count(before, -1);
  return change;
}

/** In which rows two changes differ, in words; empty if they do not. Tables that are named do not count. */
export function differences(wanted: Change, found: Change, apart: readonly string[] = []): string[] {
  return [...new Set([...wanted.keys(), ...found.keys()])]
    .filter((row) => !apart.includes(row.split(" ", 1)[0] ?? "") && wanted.get(row) !== found.get(row))
    .map((row) => `${found.get(row) ?? 0} instead of ${wanted.get(row) ?? 0} × ${row}`);
}

/** How long something took, and how often it had to be begun. */
const CHANCE = new Set(["took_ms", "attempts", "graphile_worker._private_jobs.revision"]);

/** Which numbers a row gets is chance. */
const NUMBERED = /(^|_)(id|key|run|build|run_before|run_after|build_before|build_after)$/;
const SECRET = /^(password_hash|digest|code|answer)$/;
const UUID = /[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}/g;
const MOMENT = /\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d(:?\d\d)?)?/g;

function wordsIn(text: string): string[] {
  return [...(text.match(UUID) ?? []), ...(text.match(MOMENT) ?? [])];
}

function plain(table: string, row: Row, known: Known): string {
  const fields = Object.entries(row).map(([column, value]) => {
    if (CHANCE.has(column) || CHANCE.has(`${table}.${column}`)) return [column, "chance"];
    if (value === null || known.has(`${table}.${column}=${JSON.stringify(value)}`)) return [column, value];
    if (SECRET.test(column)) return [column, "secret"];
    if (NUMBERED.test(column) && (typeof value === "number" || !/^[\w]+$/.test(`${value}`))) return [column, "id"];
    if (column === "id") return [column, "id"];
    const text = JSON.stringify(value)
      .replaceAll(UUID, (word) => (known.has(word) ? word : "uuid"))
      .replaceAll(MOMENT, (word) => (known.has(word) ? word : "then"));
    return [column, text];
  });
  return JSON.stringify(Object.fromEntries(fields));
}

/** What a source has been asked, and who is at work, are no effect of a write. */
const BESIDE = ["source_budgets", "workers", "graphile_worker._private_known_crontabs"];

async function rowsOf(db: Db): Promise<Map<string, Row[]>> {
  return withTx(db, async (tx) => {
    await tx.execute("set local jit = off; set local max_parallel_workers_per_gather = 0");
    const { rows: tables } = await tx.execute<{ name: string }>(
      `select case nspname when 'public' then '' else nspname || '.' end || relname as name
       from pg_class join pg_namespace on pg_namespace.oid = relnamespace
       where relkind = 'r' and nspname in ('public', 'graphile_worker', 'drizzle')
         and not relispartition
       union select relname from pg_class join pg_namespace on pg_namespace.oid = relnamespace
       where relkind = 'p' and nspname = 'public' order by 1`,
    );
    const read = new Map<string, Row[]>();
    const each = tables.filter(({ name }) => !BESIDE.includes(name));
    if (each.length === 0) return read;
    const { rows } = await tx.execute<{ name: string; row: Row }>(
      each.map(({ name }) => `select '${name}' as name, to_jsonb(t) as row from ${name} t`).join(" union all "),
    );
    for (const { name, row } of rows) read.set(name, [...(read.get(name) ?? []), row]);
    return read;
  });
}
