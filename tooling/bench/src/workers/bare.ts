import { readJobsEnv } from "@pitwall/jobs/env";
import { openJobsDatabase } from "@pitwall/jobs/workshop";
import { Logger, run } from "graphile-worker";

// Graphile Worker with a task that does nothing, as many at once and in the same settings as ours.
const env = readJobsEnv();
const { pool, close } = openJobsDatabase(env);
const runner = await run({
  pgPool: pool,
  taskList: { bare: async () => undefined },
  noHandleSignals: true,
  logger: new Logger(() => () => undefined),
  preset: { worker: { concurrentJobs: env.concurrency, completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
});
process.on("SIGTERM", async () => {
  await runner.stop();
  await close();
  process.exit(0);
});
process.send?.("ready");
