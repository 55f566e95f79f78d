import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort } from "@pitwall/db/free-port";
import { PATH } from "../env.ts";
import { ended } from "../processes.ts";
import { type Sample, timed } from "../samples.ts";
import { untilItAnswers } from "../served.ts";
import type { Workload } from "../workload.ts";

const MAIN = fileURLToPath(new URL("../../../../apps/local/src/main.ts", import.meta.url));
/** Nobody is asked for results meanwhile. */
const NO_SOURCE = "http://127.0.0.1:1/ergast/f1";

/** The one-command start without the package manager, until it says that it is ready. */
export const start: Workload = {
  name: "start",
  async *lines({ scale }) {
    const rounds = Math.min(3, scale.rounds);
    yield { what: "with nothing there", rounds, round: () => inFolder(startedIn) };
    yield {
      ...{ what: "again on the same data", rounds },
      round: () =>
        inFolder(async (folder) => {
          await startedIn(folder);
          return startedIn(folder);
        }),
    };
  },
};

async function inFolder(work: (folder: string) => Promise<Sample>): Promise<Sample> {
  const folder = await mkdtemp(join(tmpdir(), "pitwall-bench-"));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function startedIn(folder: string): Promise<Sample> {
  const port = await freePort();
  const settings = { PITWALL_DATA: folder, PORT: `${port}`, F1_API_BASE_URL: NO_SOURCE, PATH };
  let local: ReturnType<typeof spawn> | undefined;
  try {
    return await timed(() => {
      local = spawn(process.execPath, [MAIN], { env: settings, stdio: "ignore" });
      return untilItAnswers(() => fetch(`http://127.0.0.1:${port}/health/ready`), local);
    });
  } finally {
    if (local) await ended(local);
  }
}
