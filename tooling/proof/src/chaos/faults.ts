import { setTimeout as wait } from "node:timers/promises";
import type { ReplayServer } from "@pitwall/jobs/feed/replay-server";
import type { Proxy } from "@pitwall/rig/proxy";
import type { Chance } from "../chance.ts";
import type { Postgres, Redis } from "./stores.ts";
import type { Supervised } from "./supervised.ts";

export interface House {
  readonly apis: readonly Supervised[];
  readonly workers: readonly Supervised[];
  readonly wires: readonly Proxy[];
  readonly postgres: Postgres;
  readonly redis: Redis | null;
  readonly feed: ReplayServer;
  /** How long its troubles last, as a part of what they do in a long run. */
  readonly tempo: number;
  /** Throws everybody out of the database, as an operator would. */
  terminateAll(): Promise<void>;
}

export type Fault = (house: House, chance: Chance) => Promise<void>;

const SECOND = 1_000;

/** Each ends by itself, and all is whole again. */
export const FAULTS: Readonly<Record<string, Fault>> = {
  "an API is killed": async ({ apis }, chance) => chance.one(apis).kill(),
  "a worker is killed": async ({ workers }, chance) => chance.one(workers).kill(),
  "a worker sleeps": ({ workers, tempo }, chance) => chance.one(workers).sleep(chance.between(2, 12) * SECOND * tempo),
  "all connections to PostgreSQL are terminated": ({ terminateAll }) => terminateAll(),
  "PostgreSQL crashes": async ({ postgres, tempo }, chance) => {
    await postgres.stopAtOnce();
    await wait(chance.between(0, 3) * SECOND * tempo);
    await postgres.start();
  },
  "a wire to PostgreSQL is cut": async ({ wires, tempo }, chance) => {
    const wire = chance.one(wires);
    wire.sever();
    await wait(chance.between(1, 10) * SECOND * tempo);
    wire.heal();
  },
  "a wire to PostgreSQL hangs": async ({ wires, tempo }, chance) => {
    const wire = chance.one(wires);
    wire.hang();
    await wait(chance.between(1, 10) * SECOND * tempo);
    wire.heal();
  },
  "Redis forgets": async ({ redis }) => redis?.flush(),
  "Redis hangs": async ({ redis, tempo }, chance) => redis?.sleep(chance.between(2, 6) * SECOND * tempo),
  "Redis is killed": async ({ redis, tempo }, chance) => {
    redis?.kill();
    await wait(chance.between(1, 4) * SECOND * tempo);
    await redis?.start();
  },
  "the source is out": async ({ feed, tempo }, chance) => {
    const clear = feed.serve(chance.one(OUTAGES));
    await wait(chance.between(2, 8) * SECOND * tempo);
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
