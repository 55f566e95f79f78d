import { startEmbedded } from "@pitwall/db/embedded";
import { migrate } from "@pitwall/db/migrate";
import { createDatabase, dropDatabase } from "@pitwall/rig/databases";
import { aFolder } from "@pitwall/rig/folder";

/** A migrated database, and how to get the next one. */
export interface Scratch {
  next(): Promise<string>;
}

/** Databases on a PostgreSQL of one's own, each with nothing in it; the ones before go. */
export async function onScratch<T>(work: (scratch: Scratch) => Promise<T>): Promise<T> {
  const folder = aFolder();
  const server = await startEmbedded({ dataDir: folder.path, durable: false });
  try {
    await migrate({ url: await createDatabase(server.url, "proof_template") });
    let made = 0;
    const next = async () => {
      if (made > 0) await dropDatabase(server.url, `proof_${made}`);
      made += 1;
      return createDatabase(server.url, `proof_${made}`, "proof_template");
    };
    return await work({ next });
  } finally {
    await server.stop();
    folder.remove();
  }
}
