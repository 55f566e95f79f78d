import { setTimeout as wait } from "node:timers/promises";
import type { Witnessed } from "../witnessed.ts";
import type { Door } from "./balancer.ts";

type Pool = NonNullable<Witnessed["pools"]>[number];

/** So often a server that is not asked may be found at something of its own. */
const TIMES = 40;

/** The connections of each server, once nobody asks it anything any more. */
export function poolsOf(doors: readonly Door[]): Promise<Pool[]> {
  return Promise.all(doors.map(({ url, process }) => quietPool(url, process.name)));
}

async function quietPool(url: string, where: string): Promise<Pool> {
  for (let times = 1; ; times += 1) {
    const text = await (await fetch(`${url}/metrics`)).text();
    const of = (state: string) =>
      Number(text.match(new RegExp(`^pitwall_database_connections{state="${state}"} (\\d+)$`, "m"))?.[1]);
    const pool = { where, total: of("total"), idle: of("idle") };
    if (pool.total === pool.idle || times === TIMES) return pool;
    await wait(250);
  }
}
