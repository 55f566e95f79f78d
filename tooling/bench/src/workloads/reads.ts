import type { Bench } from "../bench.ts";
import { bareHttp } from "../limits/limits.ts";
import { HTTP_WARM_UPS, type Line, type Workload } from "../workload.ts";

const CONNECTIONS = 32;

/** What everybody reads, over HTTP. */
export const reads: Workload = {
  name: "reads",
  async *lines(bench) {
    await bench.weekends.scored(2);
    const { season, newest } = bench.weekends;
    yield publicRead(bench, "one race", `/races/${season}/${newest.slug}`);
    yield publicRead(bench, "drivers with prices", `/drivers?season=${season}`);
    yield publicRead(bench, "standings, first page of 50", `/standings?season=${season}&limit=50`);
  },
};

function publicRead(bench: Bench, what: string, path: string): Line {
  const round = async () => (await bench.fire({ kind: "reads", paths: [path] }, { connections: CONNECTIONS })).sample;
  return { what, round, warmUps: HTTP_WARM_UPS, limit: bareHttp(bench, CONNECTIONS) };
}
