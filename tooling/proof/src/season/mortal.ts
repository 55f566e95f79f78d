import { setTimeout as sleep } from "node:timers/promises";
import { openDatabase } from "@pitwall/db/database";
import { DomainError } from "@pitwall/domain/domain-error";
import { aProxy } from "@pitwall/rig/proxy";
import { UNHURRIED } from "./editions.ts";
import type { Process, World } from "./world.ts";

/** Where a process dies: before it says its nth thing to the database, or after a commit of which it never hears. */
export type Death = number | "unheard";

/** A process on a wire that can be cut. To the database, whoever spoke over a wire that is cut is dead. */
export interface Mortal {
  /** Does something; false if the process died of it, and has been started again. */
  survives(death: Death | null, work: (process: Process) => Promise<unknown>): Promise<boolean>;
  end(): Promise<void>;
}

export async function aMortal(world: World, name: string, skew: number): Promise<Mortal> {
  const proxy = await aProxy(world.url);
  const start = (): Process => ({
    database: openDatabase({ url: proxy.url, max: 2, applicationName: name, ...UNHURRIED }),
    skew,
  });
  let process = start();
  return {
    async survives(death, work) {
      if (death === "unheard") proxy.severOn(/^Q.{4}commit/is, { isHeard: true });
      else if (death !== null) proxy.severAt(death);
      try {
        await work(process);
      } catch (error) {
        if (death === null || error instanceof DomainError) throw error;
        await process.database.close();
        await buried(world, name);
        process = start();
        return false;
      } finally {
        proxy.severAt(Number.POSITIVE_INFINITY);
      }
      return true;
    },
    async end() {
      await process.database.close();
      await proxy.close();
    },
  };
}

/** What it held is free once the server has noticed. */
async function buried({ database }: World, name: string): Promise<void> {
  for (;;) {
    const { rowCount } = await database.pool.query(
      "select from pg_stat_activity where datname = current_database() and application_name = $1",
      [name],
    );
    if (rowCount === 0) return;
    await sleep(2);
  }
}

/** A process that lives for ever, for runs in which nobody dies. */
export function anImmortal(world: World, skew: number): Mortal {
  const process = { database: world.database, skew };
  return {
    async survives(_death, work) {
      await work(process);
      return true;
    },
    end: async () => undefined,
  };
}
