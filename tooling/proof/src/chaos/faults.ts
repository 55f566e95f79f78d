import { setTimeout as wait } from "node:timers/promises";
import type { ReplayServer } from "@pitwall/jobs/feed/replay-server";
import type { Proxy } from "@pitwall/rig/proxy";
import type { Random } from "./random.ts";
import type { Postgres, Redis } from "./stores.ts";
import type { Supervised } from "./supervised.ts";

export interface House {
  readonly apis: readonly Supervised[];
  readonly workers: readonly Supervised[];
  readonly wires: readonly Proxy[];
  readonly postgres: Postgres;
  readonly redis: Redis | null;
  readonly feed: ReplayServer;
  /** Throws everybody out of the database, as an operator would. */
  terminateAll(): Promise<void>;
}

export type Fault = (house: House, random: Random) => Promise<void>;

const SECOND = 1_000;

/** Each ends by itself, and all is whole again. */
export const FAULTS: Readonly<Record<string, Fault>> = {
  "an API is killed": async ({ apis }, random) => random.one(apis).signal("SIGKILL"),
  "a worker is killed": async ({ workers }, random) => random.one(workers).signal("SIGKILL"),
  "a worker sleeps": async ({ workers }, random) => {
    const worker = random.one(workers);
    worker.signal("SIGSTOP");
    await wait(random.between(2, 12) * SECOND);
    worker.signal("SIGCONT");
  },
  "all connections to PostgreSQL are terminated": ({ terminateAll }) => terminateAll(),
  "PostgreSQL crashes": async ({ postgres }, random) => {
    await postgres.stopAtOnce();
    await wait(random.between(0, 3) * SECOND);
    await postgres.start();
  },
  "a wire to PostgreSQL is cut": async ({ wires }, random) => {
    const wire = random.one(wires);
    wire.sever();
    await wait(random.between(1, 10) * SECOND);
    wire.heal();
  },
  "a wire to PostgreSQL hangs": async ({ wires }, random) => {
    const wire = random.one(wires);
    wire.hang();
    await wait(random.between(1, 10) * SECOND);
    wire.heal();
  },
  "Redis forgets": async ({ redis }) => redis?.flush(),
  "Redis hangs": async ({ redis }, random) => {
    redis?.signal("SIGSTOP");
    await wait(random.between(2, 6) * SECOND);
    redis?.signal("SIGCONT");
  },
  "Redis is killed": async ({ redis }, random) => {
    redis?.signal("SIGKILL");
    await wait(random.between(1, 4) * SECOND);
    await redis?.start();
  },
  "the source is out": async ({ feed }, random) => {
    const clear = feed.serve(random.one(OUTAGES));
    await wait(random.between(2, 8) * SECOND);
    clear();
  },
};

const OUTAGES: readonly Parameters<ReplayServer["serve"]>[0][] = [
  { status: 504, headers: { "content-type": "text/html" }, body: "<h1>504 Gateway Time-out</h1>" },
  { status: 429, body: "{}" },
  { body: "<!doctype html><title>Jolpica</title>" },
  { body: (whole) => whole.slice(0, whole.length / 2) },
  { body: '{"MRData":{"total":"0","RaceTable":{"Races":[]}}}' },
  { delay: 4 * SECOND },
];
