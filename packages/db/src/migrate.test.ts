import { readFile } from "node:fs/promises";
import { aDatabase } from "@pitwall/rig/databases";
import pg from "pg";
import { expect, onTestFinished, test } from "vitest";
import { migrate } from "./migrate.ts";

test("four instances that start at once on an empty database all find it migrated, once", async () => {
  const url = await aDatabaseUrl("empty");
  await Promise.all([1, 2, 3, 4].map(() => migrate({ url })));
  const { entries } = await journal();
  expect(await one(url, "select count(*)::int from drizzle.__drizzle_migrations")).toBe(entries.length);
  expect(await one(url, "select count(*)::int from graphile_worker.jobs")).toBe(0);
});

test("migrating a database that is up to date changes nothing", async () => {
  const url = await aDatabaseUrl("migrated");
  const before = await one(url, "select count(*)::int from pg_class");
  await migrate({ url });
  expect(await one(url, "select count(*)::int from pg_class")).toBe(before);
});

test("each migration is younger than the one before, since an older one would be skipped without a word", async () => {
  const moments = (await journal()).entries.map((entry) => entry.when);
  expect(moments.length).toBeGreaterThan(0);
  expect(moments).toEqual([...new Set(moments)].toSorted((a, b) => a - b));
});

test("a database that is away is said to be away", async () => {
  await expect(migrate({ url: "postgres://nobody@127.0.0.1:1/nowhere" })).rejects.toThrow("ECONNREFUSED");
});

async function aDatabaseUrl(state: "empty" | "migrated"): Promise<string> {
  const { url, drop } = await aDatabase(state);
  onTestFinished(drop);
  return url;
}

async function journal(): Promise<{ entries: { when: number }[] }> {
  return JSON.parse(await readFile(new URL("../migrations/meta/_journal.json", import.meta.url), "utf8"));
}

async function one(url: string, query: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query({ text: query, rowMode: "array" });
    return rows[0]?.[0];
  } finally {
    await client.end();
  }
}
