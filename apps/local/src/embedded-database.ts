import { openDatabase } from "@pitwall/db/database";
import { startEmbedded } from "@pitwall/db/embedded";

export interface LocalCluster {
  /** The address of a database of this name, made if it is missing. */
  databaseUrl(name: string): Promise<string>;
  drop(name: string): Promise<void>;
  /** Settles when its server is gone, stopped or killed. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

/** One embedded PostgreSQL; the season and each replay have databases of their own in it. */
export async function startCluster(dataDir: string): Promise<LocalCluster> {
  const server = await startEmbedded({ dataDir, durable: true });
  const run = async (statement: string, values: string[] = []): Promise<number> => {
    const maintenance = openDatabase({ url: server.url, max: 1 });
    try {
      return (await maintenance.pool.query(statement, values)).rowCount ?? 0;
    } finally {
      await maintenance.close();
    }
  };
  return {
    async databaseUrl(name) {
      const found = await run("select from pg_database where datname = $1", [name]);
      if (found === 0) await run(`create database ${quoted(name)}`);
      const url = new URL(server.url);
      url.pathname = `/${name}`;
      return url.href;
    },
    async drop(name) {
      await run(`drop database if exists ${quoted(name)} with (force)`);
    },
    ended: server.ended,
    stop: () => server.stop(),
  };
}

function quoted(name: string): string {
  if (!/^[a-z_]+$/.test(name)) throw new RangeError(`"${name}" is no name for a database of ours`);
  return `"${name}"`;
}
