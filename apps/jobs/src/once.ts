import { isMigrated } from "@pitwall/db/migrated";
import { EnvError } from "@pitwall/services/environment";
import { type JobName, jobs, openJobs } from "@pitwall/services/jobs";
import { jsonLog } from "@pitwall/services/log";
import { isOutage } from "@pitwall/services/outages";
import { readJobsEnv } from "./env.ts";
import { runTask } from "./worker.ts";
import { openWorkshop } from "./workshop.ts";

/** What the person who asked did wrong, told in words. */
class OnceError extends Error {}

const USAGE = `Usage: pnpm --filter @pitwall/jobs once <task> [payload as JSON]
Tasks:
${Object.entries(jobs)
  .map(([name, payload]) => `  ${[name, ...Object.keys(payload.shape).map((field) => `{"${field}": …}`)].join(" ")}`)
  .join("\n")}`;

try {
  await once(process.argv.slice(2));
} catch (error) {
  console.error(inWords(error));
  process.exitCode = 1;
}

async function once([name, payload, ...more]: readonly string[]): Promise<void> {
  if (name === undefined || more.length > 0) throw new OnceError(USAGE);
  if (!isJob(name)) throw new OnceError(`There is no task "${name}".\n${USAGE}`);
  const carried = payloadOf(name, payload);
  const env = readJobsEnv();
  // What is told to people stands on stdout alone.
  const log = jsonLog({ level: env.logLevel, write: (line) => process.stderr.write(line) });
  const { ctx, close } = await openWorkshop({ ...env, concurrency: 1 }, log);
  try {
    if (!(await isMigrated(ctx.db)))
      throw new OnceError("The database is older than this version. Bring it up to date with: pnpm migrate");
    await runTask(ctx, name, carried);
    const open = await openJobs(ctx);
    console.log(`${name} is done.${open > 0 ? ` ${inQueue(open)}` : ""}`);
  } finally {
    await close();
  }
}

function isJob(name: string): name is JobName {
  return Object.hasOwn(jobs, name);
}

function payloadOf(name: JobName, said: string | undefined): unknown {
  try {
    const read = jobs[name].safeParse(JSON.parse(said ?? "{}"));
    if (read.success) return read.data;
    const faults = read.error.issues.map(({ path, message }) => `  ${[...path, message].join(": ")}`);
    throw new OnceError(`This is not what ${name} carries:\n${faults.join("\n")}\n${USAGE}`);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new OnceError(`The payload is not JSON: ${said}\n${USAGE}`);
  }
}

function inQueue(open: number): string {
  return open === 1
    ? "1 job is left in the queue for the worker."
    : `${open} jobs are left in the queue for the worker.`;
}

function inWords(error: unknown): unknown {
  if (error instanceof EnvError) return `The environment is not right. Mend these, then ask again:\n${error.message}`;
  if (isOutage(error)) return "The database does not answer: see DATABASE_URL.";
  return error instanceof OnceError ? error.message : error;
}
