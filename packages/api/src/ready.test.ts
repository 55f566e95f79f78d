import { withTx } from "@pitwall/db/database";
import { contextAs } from "@pitwall/services/context.fixture";
import { test as withDatabase } from "@pitwall/testing/database";
import { callTRPCProcedure } from "@trpc/server";
import { describe, expect } from "vitest";
import { contextOf } from "./context.ts";
import { aWorld, type World } from "./ownership.fixture.ts";
import { appRouter } from "./router.ts";
import { routesOf } from "./routes.ts";

const test = withDatabase.extend("world", { scope: "file" }, async ({ database: { db } }) => aWorld(db));

const ready = routesOf(appRouter).filter(({ isReady }) => isReady);

describe("what is ready for whoever asks", () => {
  test("is what everybody may read", () => {
    expect(ready.length).toBeGreaterThan(15);
    for (const { name, caching } of ready) expect([name, caching]).not.toEqual([name, null]);
  });

  test.for(ready.filter(({ caching }) => caching === "revalidated").map(({ name }) => name))(
    "%s shows nothing that could change without being told",
    async (name, { database: { db }, world }) => {
      const silent = await withTx(db, async (tx) => {
        await asked(name, world, tx);
        // A transaction holds on to every table that it has read. Partitions are filled before they are attached and never
        // change, with a row beside them that tells; neither does a line-up, which is a value.
        const { rows } = await tx.execute<{ table: string }>(`
          select distinct relname as table from pg_locks join pg_class on pg_class.oid = relation
          where pid = pg_backend_pid() and relkind = 'r' and not relispartition and relname <> 'lineups'
            and relnamespace = 'public'::regnamespace
            and not exists (select from pg_trigger where tgrelid = relation and tgfoid = 'tell_change'::regproc)`);
        return rows.map(({ table }) => table);
      });
      expect(silent).toEqual([]);
    },
  );
});

async function asked(name: string, { season, scored, teams, driverIds }: World, db: World["db"]): Promise<unknown> {
  const route = ready.find((one) => one.name === name);
  const words: Record<string, unknown> = {
    season,
    slug: scored,
    driver: driverIds[0],
    id: teams.owner.id,
    teamId: teams.owner.id,
  };
  const names = Object.keys(route?.input?.shape ?? {}).filter((field) => field in words);
  const input = route?.input ? Object.fromEntries(names.map((field) => [field, words[field]])) : undefined;
  const ctx = contextOf(contextAs(db, { kind: "guest", address: null, device: null }));
  return callTRPCProcedure({
    ...{ router: appRouter, path: name, type: "query", ctx, signal: undefined, batchIndex: 0 },
    getRawInput: async () => input,
  });
}
