import { rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Folder {
  readonly path: string;
  remove(): void;
}

/** A folder of one's own, which is gone with the process at the latest. */
export async function aFolder(): Promise<Folder> {
  const path = await mkdtemp(join(tmpdir(), "pitwall-proof-"));
  const vanish = () => rmSync(path, { recursive: true, force: true, maxRetries: 5 });
  process.once("exit", vanish);
  return {
    path,
    remove() {
      process.off("exit", vanish);
      vanish();
    },
  };
}
