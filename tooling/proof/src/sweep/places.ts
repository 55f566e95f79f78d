import { type Database, openDatabase } from "@pitwall/db/database";
import { createDatabase, dropDatabase } from "@pitwall/rig/databases";
import { aProxy, type Proxy } from "@pitwall/rig/proxy";

/** A database of one's own, twice: over a wire that can be cut, and past it, for whoever looks on. */
export interface Place {
  readonly proxy: Proxy;
  /** Everything that is put to the proof goes over the wire. */
  readonly wired: Database;
  readonly watched: Database;
  close(): Promise<void>;
}

let serial = 0;

export function nextName(): string {
  serial += 1;
  return `pitwall_sweep_${process.pid}_${serial}`;
}

export async function aPlace(server: string, template?: string): Promise<Place> {
  const name = nextName();
  const url = await createDatabase(server, name, template);
  const proxy = await aProxy(url);
  const wired = openDatabase({ url: proxy.url, max: 12 });
  const watched = openDatabase({ url, max: 1, statementTimeout: 0, queryTimeout: 0 });
  return {
    proxy,
    wired,
    watched,
    async close() {
      await Promise.all([wired.close(), watched.close()]);
      await proxy.close();
      await dropDatabase(server, name);
    },
  };
}

const PATIENCE = 5_000;

/** Whether every connection comes back: nothing is in use, and nobody waits. */
export async function isPoolFull({ wired: { pool } }: Place): Promise<boolean> {
  const until = performance.now() + PATIENCE;
  for (;;) {
    // Twice in a row, since work that nobody waits for has moments between two statements.
    const idle = () => pool.idleCount === pool.totalCount && pool.waitingCount === 0;
    if (idle()) {
      await new Promise((resolve) => setTimeout(resolve, 2));
      if (idle()) return true;
    }
    if (performance.now() > until) return false;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
