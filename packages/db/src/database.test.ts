import { aProxy, type Proxy } from "@pitwall/rig/proxy";
import { sql } from "drizzle-orm";
import { describe, expect, onTestFinished, vi } from "vitest";
import { type TestDatabase, test } from "./database.fixture.ts";
import { alone, type Database, type Db, openDatabase, withTx } from "./database.ts";

test.beforeAll(async ({ database }) => {
  await database.db.execute(
    sql`create table laps (driver text primary key deferrable initially deferred, count int not null)`,
  );
});

describe("a transaction", () => {
  test("happens as a whole", async ({ database: { db } }) => {
    await withTx(db, async (tx) => {
      await drive(tx, "norris");
      await drive(tx, "piastri");
    });
    expect(await lapsOf(db, "norris", "piastri")).toBe(2);
  });

  test("or not at all", async ({ database: { db, pool } }) => {
    const crash = withTx(db, async (tx) => {
      await drive(tx, "hamilton");
      throw new Error("engine");
    });
    await expect(crash).rejects.toThrow("engine");
    expect(await lapsOf(db, "hamilton")).toBe(0);
    expect(pool.idleCount).toBe(pool.totalCount);
  });

  test("takes what is run inside it along", async ({ database: { db } }) => {
    const crash = withTx(db, async (tx) => {
      await withTx(tx, (inner) => drive(inner, "leclerc"));
      throw new Error("engine");
    });
    await expect(crash).rejects.toThrow("engine");
    expect(await lapsOf(db, "leclerc")).toBe(0);
  });

  test("does not claim success when a failure in it was swallowed", async ({ database: { db } }) => {
    const swallowing = withTx(db, async (tx) => {
      await drive(tx, "russell");
      await tx.execute(sql`select 1 / 0`).catch(() => undefined);
    });
    await expect(swallowing).rejects.toThrow("rolled back");
    expect(await lapsOf(db, "russell")).toBe(0);
  });

  test("fails with the breach that only its end could show", async ({ database: { db } }) => {
    const twice = withTx(db, async (tx) => {
      await drive(tx, "sainz");
      await drive(tx, "sainz");
    });
    await expect(twice).rejects.toMatchObject({ cause: { code: "23505" } });
  });

  test("that takes too long is undone by the server, and its connection is not given to anybody else", async ({
    database: { url, db },
  }) => {
    const { rows } = await db.execute<{ version: number }>(
      sql`select current_setting('server_version_num')::int as version`,
    );
    if (Number(rows[0]?.version) < 170_000) return;
    const hasty = openDatabase({ url, max: 1, transactionTimeout: 100 });
    onTestFinished(hasty.close);
    const slow = withTx(hasty.db, async (tx) => {
      await drive(tx, "bottas");
      await tx.execute(sql`select pg_sleep(5)`);
    });
    await expect(slow).rejects.toMatchObject({ cause: { code: "25P04" } });
    expect(await lapsOf(hasty.db, "bottas")).toBe(0);
  });

  test("is run again as a whole after a deadlock", async ({ database: { db } }) => {
    await withTx(db, async (tx) => {
      await drive(tx, "alonso");
      await drive(tx, "stroll");
    });
    const bothHold = Promise.withResolvers<void>();
    let holding = 0;
    let runs = 0;
    const both = (first: string, second: string) =>
      withTx(db, async (tx) => {
        runs += 1;
        await lap(tx, first);
        holding += 1;
        if (holding === 2) bothHold.resolve();
        await bothHold.promise;
        await lap(tx, second);
      });
    await Promise.all([both("alonso", "stroll"), both("stroll", "alonso")]);
    expect(await lapsOf(db, "alonso", "stroll")).toBe(2 + 4);
    expect(runs).toBe(3);
  });
});

describe("work that is done alone", () => {
  test("is done by one at a time, whoever else wants to, and again once it is over", async ({
    database: { db, url },
  }) => {
    const other = opened({ url });
    const answer = await alone(db, "tyres", async () => {
      expect(await alone(other.db, "tyres", async () => "theirs")).toBeUndefined();
      return alone(other.db, "fuel", async () => "something else");
    });
    expect(answer).toBe("something else");
    expect(await alone(other.db, "tyres", async () => "theirs")).toBe("theirs");
  });

  test("is free again when it failed", async ({ database: { db, pool, url } }) => {
    await expect(alone(db, "tyres", () => Promise.reject(new Error("puncture")))).rejects.toThrow("puncture");
    expect(await alone(opened({ url }).db, "tyres", async () => "done")).toBe("done");
    expect(pool.idleCount).toBe(pool.totalCount);
  });

  test("is free again when the one who did it was cut off", async ({ database }) => {
    const { db, pool, proxy } = await behindProxy(database);
    await alone(db, "tyres", async () => {
      proxy.sever();
      await vi.waitFor(async () => expect(await alone(database.db, "tyres", async () => "done")).toBe("done"), {
        timeout: 15_000,
      });
    });
    expect(pool.totalCount).toBe(0);
  });

  test("cannot be claimed by a transaction", async ({ database: { db } }) => {
    await expect(withTx(db, (tx) => alone(tx, "tyres", async () => "done"))).rejects.toThrow(TypeError);
  });
});

describe("when the wire breaks", () => {
  test.for(["begin", "insert", "commit"])("at %s, the pool is whole again afterwards", async (moment, { database }) => {
    const { db, pool, proxy } = await behindProxy(database);
    for (let i = 0; i < 5; i += 1) {
      proxy.severOn(new RegExp(moment, "i"));
      await expect(withTx(db, (tx) => drive(tx, `${moment} ${i}`))).rejects.toThrow();
    }
    await withTx(db, (tx) => drive(tx, `${moment} healed`));
    expect(await lapsOf(database.db, `${moment} healed`)).toBe(1);
    expect(pool.idleCount).toBe(pool.totalCount);
    expect(pool.waitingCount).toBe(0);
  });

  test("between two queries, the process lives on", async ({ database }) => {
    const { db, proxy } = await behindProxy(database);
    await db.execute(sql`select 1`);
    proxy.sever();
    await expect(db.execute(sql`select 1`)).rejects.toThrow();
    proxy.heal();
    expect((await db.execute(sql`select 1 as one`)).rows).toEqual([{ one: 1 }]);
  });

  test("without a sound, a transaction gives up in time and its connection is not used again", async ({ database }) => {
    const { db, pool, proxy } = await behindProxy(database, { queryTimeout: 300 });
    const startedAt = performance.now();
    const stuck = withTx(db, async (tx) => {
      proxy.hang();
      await drive(tx, "stuck");
    });
    await expect(stuck).rejects.toThrow();
    expect(performance.now() - startedAt).toBeLessThan(600);
    expect(pool.totalCount).toBe(0);
    proxy.heal();
    await withTx(db, (tx) => drive(tx, "unstuck"));
  });
});

describe("limits", () => {
  test("a lock that is not given up is not waited for for ever", async ({ database: { db } }) => {
    await drive(db, "hulkenberg");
    const waiting = withTx(db, async (tx) => {
      await lap(tx, "hulkenberg");
      await withTx(db, (other) => lap(other, "hulkenberg"));
    });
    await expect(waiting).rejects.toMatchObject({ cause: { code: "55P03" } });
  });

  test("a statement ends at the time it was given, and a longer one can be given", async ({ database }) => {
    const short = opened({ url: database.url, statementTimeout: 50 });
    await expect(short.db.execute(sql`select pg_sleep(10)`)).rejects.toMatchObject({ cause: { code: "57014" } });
    const long = opened({ url: database.url, statementTimeout: 0, queryTimeout: 0 });
    expect((await long.db.execute(sql`show statement_timeout`)).rows).toEqual([{ statement_timeout: "0" }]);
  });

  test("moments are told in UTC", async ({ database: { db } }) => {
    expect((await db.execute(sql`show timezone`)).rows).toEqual([{ TimeZone: "UTC" }]);
  });
});

async function drive(db: Db, driver: string): Promise<void> {
  await db.execute(sql`insert into laps values (${driver}, 1)`);
}

async function lap(db: Db, driver: string): Promise<void> {
  await db.execute(sql`update laps set count = count + 1 where driver = ${driver}`);
}

async function lapsOf(db: Db, ...names: string[]): Promise<number> {
  const list = sql.join(
    names.map((name) => sql`${name}`),
    sql`, `,
  );
  const { rows } = await db.execute<{ laps: number }>(
    sql`select coalesce(sum(count), 0)::int as laps from laps where driver in (${list})`,
  );
  return rows[0]?.laps ?? 0;
}

async function behindProxy(
  database: TestDatabase,
  limits: { queryTimeout?: number } = {},
): Promise<Database & { proxy: Proxy }> {
  const proxy = await aProxy(database.url);
  onTestFinished(() => proxy.close());
  return { ...opened({ url: proxy.url, max: 3, ...limits }), proxy };
}

function opened(options: Parameters<typeof openDatabase>[0]): Database {
  const database = openDatabase(options);
  onTestFinished(() => database.close());
  return database;
}
