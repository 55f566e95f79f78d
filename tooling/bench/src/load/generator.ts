import autocannon from "autocannon";
import { sampleOf } from "../samples.ts";
import { requestsOf } from "./requests.ts";
import type { Job, Shots } from "./script.ts";

/** A server closes a connection after a thousand requests, and what was on its way would be lost. */
const PER_CONNECTION = 900;

/** For so many seconds more a first answer is waited for. */
const PATIENCE = 30;

// A process of its own: whoever is asked has nothing to do with the work of asking.
process.on("message", async (job: Job) => process.send?.(await fired(job)));
process.send?.("ready");

async function fired(job: Job): Promise<Shots> {
  const { url, connections, seconds } = job;
  const times: number[] = [];
  const statuses: Record<string, number> = {};
  let connection = 0;
  let startedAt = performance.now();
  let endedAt = startedAt;
  let worked = process.cpuUsage();
  await new Promise<void>((resolve, reject) => {
    const run = autocannon(
      {
        ...{
          url,
          connections,
          duration: seconds + PATIENCE,
          sampleInt: 50,
          timeout: 30,
          reconnectRate: PER_CONNECTION,
        },
        setupClient(client) {
          client.setRequests(requestsOf(job, connection));
          connection += 1;
        },
      },
      (error: Error | null, result) => {
        clearInterval(watch);
        if (error) reject(error);
        else if (result.errors > 0) reject(new Error(`${result.errors} of the connections broke`));
        else resolve();
      },
    );
    // However slow the answers are, there is one to tell of.
    const watch = setInterval(() => {
      if (times.length > 0 && performance.now() - startedAt >= seconds * 1000) run.stop();
    }, 10);
    // All requests are built by then.
    run.on("start", () => {
      startedAt = performance.now();
      worked = process.cpuUsage();
    });
    // The library's own histogram knows whole milliseconds only.
    run.on("response", (_client, status, _bytes, ms) => {
      endedAt = performance.now();
      times.push(ms);
      statuses[status] = (statuses[status] ?? 0) + 1;
    });
  });
  const took = (endedAt - startedAt) / 1000;
  const { user, system } = process.cpuUsage(worked);
  return { sample: sampleOf(times, took), statuses, coresUsed: (user + system) / 1e6 / took };
}
