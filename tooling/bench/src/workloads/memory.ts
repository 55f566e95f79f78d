import { setTimeout as pause } from "node:timers/promises";
import type { Sample } from "../samples.ts";
import { serve } from "../served.ts";
import type { Workload } from "../workload.ts";

const CONNECTIONS = 256;
/** Milliseconds in which what a start took can be given back. */
const CALM = 3_000;

/** What the server's process holds, where the system says so. */
export const memory: Workload = {
  name: "memory",
  async *lines(bench) {
    await bench.weekends.scored(2);
    const server = await bench.server();
    if ((await server.memory()) === null) return;
    yield {
      ...{ what: "a server that has just started", unit: " MB", rounds: 1 },
      async round() {
        const fresh = await serve(bench.url);
        await pause(Math.min(CALM, bench.scale.seconds * 5_000));
        const held = await fresh.memory();
        await fresh.stop();
        return megabytes(held?.now);
      },
    };
    const { season, newest } = bench.weekends;
    const everybody = [`/races/${season}/${newest.slug}`, `/drivers?season=${season}`, `/standings?season=${season}`];
    yield {
      ...{ what: "at most, all loads of this run and these", unit: " MB" },
      async round() {
        const tokens = await (await bench.players()).tokens();
        const own = [`/teams/mine?season=${season}`, `/standings/me?season=${season}`];
        await bench.fire({ kind: "reads", paths: everybody }, { connections: CONNECTIONS });
        await bench.fire({ kind: "reads", paths: own, tokens }, { connections: CONNECTIONS });
        return megabytes((await server.memory())?.most);
      },
    };
  },
};

function megabytes(held: number | undefined): Sample {
  return { median: null, p99: null, throughput: held ?? null };
}
