import { jsonLog } from "@pitwall/services/log";
import { readJobsEnv } from "./env.ts";
import { startWorker } from "./worker.ts";
import { openWorkshop } from "./workshop.ts";

// A worker as a process of its own, on a database that is ready: somebody to be paused and killed.
const env = readJobsEnv();
const workshop = await openWorkshop(env, jsonLog({ level: "info" }));
const { worker: id, pool, ctx } = workshop;
await startWorker({ id, pool, ctx, concurrency: env.concurrency, cron: false });
