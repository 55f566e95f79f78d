import { readJobsEnv } from "@pitwall/jobs/env";
import { startWorker } from "@pitwall/jobs/worker";
import { openWorkshop } from "@pitwall/jobs/workshop";
import { jsonLog } from "@pitwall/services/log";

// The worker as it is in production, but for the clock: it would ask the source for results.
const env = readJobsEnv();
const log = jsonLog({ level: "error", write: (line) => process.stderr.write(line) });
const { worker: id, pool, ctx, close } = await openWorkshop(env, log);
const worker = await startWorker({ id, pool, ctx, concurrency: env.concurrency, cron: false });
process.on("SIGTERM", async () => {
  await worker.stop();
  await close();
  process.exit(0);
});
process.send?.("ready");
