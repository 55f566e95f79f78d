import { createPasswords } from "@pitwall/services/auth/passwords";
import { sql } from "drizzle-orm";
import type { Bench } from "../bench.ts";
import { atFullSpeed, inTurn, type Sample, timed } from "../samples.ts";
import type { Limit } from "../workload.ts";

/** A fixed answer of a bare Hono, asked by the same generator. */
export function bareHttp(bench: Bench, connections: number): Limit {
  const round = async () =>
    (await bench.fireAt(await bench.bareHttp(), { kind: "reads", paths: ["/"] }, { connections })).sample;
  return { what: "bare HTTP", by: "throughput", round };
}

/** `select 1`, prepared, on a pool as the server's. */
export function bareSql({ database, scale }: Bench, atOnce: number): Limit {
  const one = () => database.pool.query({ name: "bare", text: "select 1" });
  return {
    what: "select 1",
    by: "throughput",
    round: () => atFullSpeed({ seconds: scale.seconds, atOnce }, one),
  };
}

/** The same, for what one reader waits for. */
export function oneStatement({ database, scale }: Bench): Limit {
  const one = () => database.pool.query({ name: "bare", text: "select 1" });
  return { what: "select 1", by: "median", round: () => inTurn(scale.calls, one) };
}

/** One row of a bare table for each transaction, kept as safe as any other. */
export function bareWrite({ database, scale }: Bench, atOnce: number, by: Limit["by"] = "throughput"): Limit {
  const write = () => database.pool.query({ name: "bare_write", text: "insert into bare_writes default values" });
  return {
    what: "insert one row",
    by,
    async round() {
      await database.db.execute(sql`
        create table if not exists bare_writes (id uuid default gen_random_uuid(), at timestamptz default clock_timestamp())`);
      return atFullSpeed({ seconds: scale.seconds, atOnce }, write);
    },
  };
}

/** Proving a password and nothing else, as many at once as the server allows. */
export function bareHashes({ scale }: Bench): Limit {
  const passwords = createPasswords();
  const hash = passwords.hash("Slipstream44");
  return {
    what: "bare Argon2",
    by: "throughput",
    round: () =>
      atFullSpeed({ seconds: scale.seconds, atOnce: 2 }, async () => passwords.matches(await hash, "Slipstream44")),
  };
}

/** One bare `insert … select` of every team's line-up. */
export function bareInsert(bench: Bench): Limit {
  return {
    what: "bare insert … select",
    by: "median",
    round: () =>
      scratched(bench, sql`create table scratch (race_id int, team_id uuid, lineup_id int)`, async () => {
        await bench.database.db.execute(sql`
          insert into scratch select 1, team_id, lineup_id from team_lineups where version = 1`);
      }),
  };
}

/** Copying the newest standings, with the same keys. */
export function copiedStandings(bench: Bench): Limit {
  const { db } = bench.database;
  return {
    what: "copy with keys",
    by: "median",
    round: () =>
      scratched(bench, sql`create table scratch (like standings)`, async () => {
        await db.execute(sql`
          insert into scratch select * from standings where build_id = (select max(id) from standings_builds where season = ${bench.weekends.season})`);
        await db.execute(sql`alter table scratch add primary key (build_id, team_id)`);
        await db.execute(sql`create index on scratch ((-total), (-best), team_id)`);
        await db.execute(sql`create index on scratch ((-race_points), (-total), (-best), team_id)`);
      }),
  };
}

async function scratched(
  { database, scale }: Bench,
  create: ReturnType<typeof sql>,
  work: () => Promise<void>,
): Promise<Sample> {
  await database.db.execute(create);
  try {
    return await timed(work, scale.teams);
  } finally {
    await database.db.execute(sql`drop table scratch`);
  }
}
