import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { memoryCache } from "@pitwall/cache/memory";
import { openDatabase } from "@pitwall/db/database";
import { startEmbedded } from "@pitwall/db/embedded";
import { migrate } from "@pitwall/db/migrate";
import { SCHEDULE } from "@pitwall/domain/schedule";
import { checkConsistency } from "@pitwall/services/consistency/check";
import { reportInWords } from "@pitwall/services/consistency/report";
import type { ServiceContext } from "@pitwall/services/context";
import { lockDueRaces } from "@pitwall/services/races";
import { receiveAnswer } from "@pitwall/services/results/receive";
import { seedSeason } from "@pitwall/services/seasons/seed";
import { sql } from "drizzle-orm";
import { type AccountFigures, accounts } from "./accounts.ts";
import { tableOf } from "./measures.ts";
import { enterTeams, legalLineups, upcomingSeason } from "./season.ts";

const { values } = parseArgs({
  options: { teams: { type: "string", default: "100000" }, json: { type: "boolean", default: false } },
});
const teams = Number(values.teams);
if (!Number.isInteger(teams) || teams < 1 || teams > 10_000_000)
  throw new Error("--teams takes a whole number from 1 to 10000000");

interface Figure {
  readonly what: string;
  readonly ms: number;
  readonly rows: number;
}

const figures: Figure[] = [];

async function timed(what: string, work: () => Promise<number>): Promise<void> {
  const startedAt = performance.now();
  const rows = await work();
  figures.push({ what, ms: Math.round(performance.now() - startedAt), rows });
}

const dataDir = await mkdtemp(join(tmpdir(), "pitwall-bench-"));
const server = await startEmbedded({ dataDir, durable: true });
const database = openDatabase({ url: server.url, statementTimeout: 0, queryTimeout: 0, transactionTimeout: 0 });
let people: AccountFigures;
try {
  await migrate({ url: server.url });
  people = await accounts(database, server.url, await run());
} finally {
  await database.close();
  await server.stop();
  await rm(dataDir, { recursive: true, force: true });
}
report();

/** Answers the season that was made. */
async function run(): Promise<number> {
  const { db } = database;
  const facts = upcomingSeason();
  let now = new Date();
  const quiet = () => undefined;
  const ctx: ServiceContext = {
    db,
    cache: memoryCache(),
    actor: { kind: "system", name: "bench" },
    now: () => now,
    log: { info: quiet, warn: quiet, error: quiet },
    schedule: SCHEDULE,
  };
  await seedSeason(ctx, facts);
  const { rows: drivers } = await db.execute<{ id: string; key: number }>(sql`select id, key from drivers`);
  const { rows: races } = await db.execute<{ id: number }>(sql`select id from races order by lock_at limit 1`);
  const raceId = races[0]?.id ?? 0;
  const lineups = legalLineups(facts, new Map(drivers.map((driver) => [driver.id, driver.key])));
  await timed("enter the teams", async () => {
    await enterTeams(db, facts.season, raceId, teams, lineups);
    return teams;
  });
  await db.execute(sql`update races set lock_at = clock_timestamp() where id = ${raceId}`);
  await timed("limit: one bare insert … select of the teams", async () => {
    const { rowCount } = await db.execute(
      sql`create table bare as select 1 as race_id, team_id, lineup_id from team_lineups`,
    );
    return rowCount ?? 0;
  });
  await timed("lock the race", async () => {
    await lockDueRaces(ctx);
    return teams;
  });
  // The shipped revisions of Australia differ in nothing that pays; Las Vegas has two that move everybody.
  const revisions = facts.races.find((race) => race.slug === "las-vegas-grand-prix")?.revisions ?? [];
  for (const [index, { classification }] of revisions.entries()) {
    now = new Date(Date.now() + (30 + 24 * index) * 3_600_000);
    await timed(
      index === 0 ? "record, score, build standings, announce" : "correct: the same again, and tell everyone affected",
      async () => {
        await receiveAnswer(ctx, {
          raceId,
          source: "bench",
          answer: { kind: "classification", classification, body: "" },
        });
        return teams;
      },
    );
  }
  await timed("compare all of it with the ledger, as every night", async () => {
    const { findings } = await checkConsistency(ctx);
    if (findings.length > 0) throw new Error(reportInWords({ races: 1, leagues: 0, findings }));
    return teams;
  });
  const { rows: runs } = await db.execute<{ tookMs: number; lineups: number; built: number }>(sql`
    select run.took_ms as "tookMs", (select count(*)::int from lineup_scores where run_id = run.id) as lineups, build.took_ms as built
    from scoring_runs run join standings_builds build on build.run_id = run.id order by run.id`);
  for (const run of runs) {
    figures.push({ what: "… of which scoring the line-ups", ms: run.tookMs, rows: run.lineups });
    figures.push({ what: "… of which building the standings", ms: run.built, rows: teams });
  }
  const { rows: told } = await db.execute<{ n: number }>(
    sql`select coalesce(sum(teams_affected), 0)::int as n from corrections`,
  );
  figures.push({ what: "teams whose owners are told what the correction did to them", ms: 0, rows: told[0]?.n ?? 0 });
  return facts.season;
}

function report(): void {
  if (values.json) {
    process.stdout.write(`${JSON.stringify({ teams, figures, people }, null, 2)}\n`);
    return;
  }
  const lines = figures.map(
    ({ what, ms, rows }) =>
      `${what.padEnd(54)} ${String(ms).padStart(8)} ms ${rows.toLocaleString("en").padStart(12)} rows`,
  );
  process.stdout.write(
    `${teams.toLocaleString("en")} teams, PostgreSQL in its default settings\n\n${lines.join("\n")}\n\n${inWords(people)}\n`,
  );
}

function inWords({ measures, rush }: AccountFigures): string {
  const { asked, letIn, sentAway, longestUntilSentAway, memory } = rush;
  const held = memory === null ? "" : `; the server held ${memory.map((mb) => mb.toFixed(0)).join(", then ")} MB`;
  return `${tableOf(measures)}

${letIn} of ${asked} in the rush got in, ${sentAway} were sent away with Retry-After, after ${longestUntilSentAway.toFixed(0)} ms at most${held}`;
}
