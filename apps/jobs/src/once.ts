import { isMigrated } from "@pitwall/db/migrated";
import type { Log } from "@pitwall/services/context";
import { EnvError } from "@pitwall/services/environment";
import { openJobs } from "@pitwall/services/jobs";
import { recorded } from "@pitwall/services/jobs/runs";
import { jsonLog } from "@pitwall/services/log";
import { isOutage } from "@pitwall/services/outages";
import { type AskedTask, AskingError, askedTask } from "./asking.ts";
import { readJobsEnv } from "./env.ts";
import { attend } from "./presence.ts";
import { runTask } from "./worker.ts";
import { openWorkshop } from "./workshop.ts";

// What is told to people stands on stdout alone.
const write = (line: string) => process.stderr.write(line);
let log: Log = jsonLog({ level: "error", write });

try {
  await once(askedTask(process.argv.slice(2)));
} catch (error) {
  const words = inWords(error);
  if (words === undefined) log.error("the task failed", { cause: error });
  console.error(words ?? "The task failed: the line above says why.");
  process.exitCode = 1;
}

async function once({ name, payload }: AskedTask): Promise<void> {
  const env = readJobsEnv();
  log = jsonLog({ level: env.logLevel, write });
  const { ctx, worker, close } = await openWorkshop({ ...env, concurrency: 1 }, log);
  try {
    if (!(await isMigrated(ctx.db)))
      throw new AskingError("The database is older than this version. Bring it up to date with: pnpm migrate");
    const leave = await attend(ctx, { id: worker, pool: null });
    await recorded(ctx, { task: name, payload, jobId: null, attempt: 1, worker }, () =>
      runTask({ ...ctx, tell: console.log }, name, payload),
    ).finally(leave);
    const open = await openJobs(ctx);
    console.log(`${name} is done.${open > 0 ? ` ${inQueue(open)}` : ""}`);
  } finally {
    await close();
  }
}

function inQueue(open: number): string {
  return open === 1
    ? "1 job is left in the queue for the worker."
    : `${open} jobs are left in the queue for the worker.`;
}

/** Undefined for what is ours to mend. */
function inWords(error: unknown): string | undefined {
  if (error instanceof EnvError) return `The environment is not right. Mend these, then ask again:\n${error.message}`;
  if (isOutage(error)) return "The database does not answer: see DATABASE_URL.";
  return error instanceof AskingError ? error.message : undefined;
}
