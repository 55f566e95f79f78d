import "./provided.ts";
import { randomUUID } from "node:crypto";
import pg from "pg";
import { inject } from "vitest";

export interface MadeDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/** A database of one's own on the server of this run. */
export async function aDatabase(state: "migrated" | "empty"): Promise<MadeDatabase> {
  const server = inject("databaseServer");
  const name = `pitwall_test_${randomUUID().slice(0, 8)}`;
  const url = await createDatabase(server, name, state === "migrated" ? inject("databaseTemplate") : undefined);
  return { url, drop: () => dropDatabase(server, name) };
}

/** Makes a database, empty or a copy of `template`, and returns its address. */
export async function createDatabase(server: string, name: string, template = "template1"): Promise<string> {
  await onServer(server, `create database ${pg.escapeIdentifier(name)} template ${pg.escapeIdentifier(template)}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

/** Throws everybody out first. */
export async function dropDatabase(server: string, name: string): Promise<void> {
  await onServer(server, `drop database if exists ${pg.escapeIdentifier(name)} with (force)`);
}

async function onServer(server: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
