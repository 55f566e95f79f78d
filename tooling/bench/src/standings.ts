import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { memoryCache } from "@pitwall/cache/memory";
import { type Db, openDatabase } from "@pitwall/db/database";
import { startEmbedded } from "@pitwall/db/embedded";
import { migrate } from "@pitwall/db/migrate";
import { SCHEDULE } from "@pitwall/domain/schedule";
import type { ServiceContext } from "@pitwall/services/context";
import { lockDueRaces } from "@pitwall/services/races";
import { receiveAnswer } from "@pitwall/services/results/receive";
import { seedSeason } from "@pitwall/services/seasons/seed";
import { buildLeague } from "@pitwall/services/standings/league-builds";
import { aroundInLeague, leagueStandings, myLeagueStanding } from "@pitwall/services/standings/leagues";
import { aroundTeam, globalStandings, myStandings } from "@pitwall/services/standings/reading";
import { sql } from "drizzle-orm";
import { enterTeams, legalLineups, upcomingSeason } from "./season.ts";

const { values } = parseArgs({
  options: { teams: { type: "string", default: "100000" }, calls: { type: "string", default: "300" } },
});
const teams = Number(values.teams);
const calls = Number(values.calls);
const SIZES = [10, 100, 300, 1_000, 3_000, 10_000, 100_000].filter((size) => size <= teams);

const say = (line: string) => process.stdout.write(`${line}\n`);

const dataDir = await mkdtemp(join(tmpdir(), "pitwall-bench-"));
const server = await startEmbedded({ dataDir, durable: true });
const database = openDatabase({
  url: server.url,
  statementTimeout: 0,
  queryTimeout: 0,
  transactionTimeout: 0,
  lockTimeout: 0,
});
try {
  await migrate({ url: server.url });
  await run(database.db);
} finally {
  await database.close();
  await server.stop();
  await rm(dataDir, { recursive: true, force: true });
}

async function run(db: Db): Promise<void> {
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
  const facts = upcomingSeason();
  await seedSeason(ctx, facts);
  const races = await raceIds(db);
  const { rows: drivers } = await db.execute<{ id: string; key: number }>(sql`select id, key from drivers`);
  const lineups = legalLineups(facts, new Map(drivers.map(({ id, key }) => [id, key])));
  await enterTeams(db, facts.season, races[0] ?? 0, teams, lineups);
  say(`${teams.toLocaleString("en")} teams, PostgreSQL in its default settings\n`);

  const documents = facts.races.flatMap(({ revisions }) => revisions.map(({ classification }) => classification));
  const receive = async (what: string, raceId: number, nth: number, hours: number) => {
    const classification = documents.at(nth);
    if (!classification) throw new Error("a shipped season has more results than that");
    now = new Date(Date.now() + hours * 3_600_000);
    const answer = { kind: "classification", classification, body: "" } as const;
    await timed(what, () => receiveAnswer(ctx, { raceId, source: "bench", answer }));
    const { rows } = await db.execute<{ ms: number; n: number }>(sql`
      select sum(took_ms)::int as ms, count(*)::int as n from standings_builds
      where id > (select coalesce(max(id), 0) from standings_builds) - ${what.includes("two") ? 2 : 1}`);
    say(`${"… of which building standings".padEnd(62)} ${String(rows[0]?.ms).padStart(9)} ms`);
  };
  await timed("limit: one bare insert … select of the teams", async () => {
    await db.execute(sql`create table bare (race_id int, team_id uuid, lineup_id int)`);
    await db.execute(sql`insert into bare select 1, team_id, lineup_id from team_lineups`);
  });
  for (const [n, raceId] of races.slice(0, 2).entries()) {
    await db.execute(sql`update races set lock_at = clock_timestamp() where id = ${raceId}`);
    await timed(`lock race ${n + 1}`, () => lockDueRaces(ctx));
    await receive(`result of race ${n + 1}: record, score, build, announce`, raceId, n, 30 + 200 * n);
  }
  await timed("limit: copying the newest standings, with the same keys", () => copyStandings(db));
  await receive("correct race 2, which is the newest", races[1] ?? 0, 5, 300);
  await receive("correct race 1: two builds, since totals carry", races[0] ?? 0, 6, 400);
  await db.execute(sql`vacuum analyze`);
  await readGame(ctx, facts.season);
  for (const size of SIZES) await readLeague(ctx, facts.season, size);
}

async function raceIds(db: Db): Promise<number[]> {
  const { rows } = await db.execute<{ id: number }>(sql`select id from races order by lock_at limit 2`);
  return rows.map(({ id }) => id);
}

async function copyStandings(db: Db): Promise<void> {
  await db.execute(
    sql`create table copied as select * from standings where build_id = (select max(build_id) from standings)`,
  );
  await db.execute(sql`alter table copied add primary key (build_id, team_id)`);
  await db.execute(sql`create index on copied ((-total), (-best), team_id)`);
  await db.execute(sql`create index on copied ((-race_points), (-total), (-best), team_id)`);
}

async function readGame(ctx: ServiceContext, season: number): Promise<void> {
  const some = await someTeams(ctx.db, sql`select id, owner_id from teams`);
  say(head("the whole game"));
  for (const by of ["total", "race"] as const) {
    const cursors: string[] = [];
    for (const { id } of some) cursors.push(await cursorAt(ctx, season, by, id));
    await measured(`first page of 50 by ${by}`, () => globalStandings(ctx, { season, by, limit: 50 }));
    await measured(`any page of 50 by ${by}`, async (n) =>
      globalStandings(ctx, { season, by, limit: 50, cursor: cursors[n % cursors.length] }),
    );
    await measured(`my rank by ${by}`, (n) => myStandings(as(ctx, some[n % some.length]?.ownerId), { season, by }));
    await measured(`five above and below by ${by}`, (n) =>
      aroundTeam(ctx, { teamId: some[n % some.length]?.id ?? "", by, each: 5 }),
    );
  }
}

/** A cursor that stands at a team, made of what is known of it. */
async function cursorAt(ctx: ServiceContext, season: number, by: "total" | "race", id: string): Promise<string> {
  const { rows } = await ctx.db.execute<{ cursor: string }>(sql`
    select ${by === "race" ? sql`race_points || '.' ||` : sql``} total || '.' || best || '.' || team_id as cursor from standings
    where team_id = ${id} and build_id = (select build_id from races where season = ${season} and build_id is not null order by lock_at desc limit 1)`);
  return rows[0]?.cursor ?? "";
}

async function readLeague(ctx: ServiceContext, season: number, size: number): Promise<void> {
  const { db } = ctx;
  const { rows } = await db.execute<{ id: string }>(sql`
    insert into leagues (season, owner_id, name, is_private, seats, code)
    select ${season}, id, ${`League of ${size}`}, false, ${Math.max(size, 2)}, ${`BENCH${size}`} from users limit 1 returning id`);
  const id = rows[0]?.id ?? "";
  await db.execute(sql`
    insert into league_members (league_id, user_id, team_id, season)
    select ${id}, owner_id, id, season from teams order by hashtext(id::text) limit ${size}`);
  await db.execute(sql`analyze league_members`);
  const some = await someTeams(
    db,
    sql`select team_id as id, user_id as owner_id from league_members where league_id = ${id}`,
  );
  say(head(`a league of ${size.toLocaleString("en")}, sorted when asked`));
  const few = size > 3_000 ? 10 : calls;
  await measured("first page of 50", () => leagueStandings(ctx, { id, limit: 50, offset: 0 }), few);
  await measured("my rank", (n) => myLeagueStanding(as(ctx, some[n % some.length]?.ownerId), { id }), few);
  if (size < 300) return;
  say(head(`a league of ${size.toLocaleString("en")}, in rows of its own`));
  await timed("writing them", () => buildLeague(ctx, { leagueId: id }));
  await db.execute(sql`vacuum analyze league_standings`);
  for (const by of ["total", "race"] as const) {
    await measured(`first page of 50 by ${by}`, () => leagueStandings(ctx, { id, by, limit: 50, offset: 0 }));
    await measured(`the page in the middle by ${by}, by offset`, () =>
      leagueStandings(ctx, { id, by, limit: 50, offset: size / 2 }),
    );
    await measured(`my rank by ${by}`, (n) => myLeagueStanding(as(ctx, some[n % some.length]?.ownerId), { id, by }));
    await measured(`five above and below by ${by}`, (n) =>
      aroundInLeague(ctx, { id, by, teamId: some[n % some.length]?.id ?? "", each: 5 }),
    );
  }
}

interface Some {
  readonly id: string;
  readonly ownerId: string;
}

async function someTeams(db: Db, teams: ReturnType<typeof sql>): Promise<Some[]> {
  const { rows } = await db.execute<Some & Record<string, unknown>>(
    sql`select id, owner_id as "ownerId" from (${teams}) listed order by md5(id::text) limit 100`,
  );
  return rows;
}

function as(ctx: ServiceContext, userId = ""): ServiceContext {
  return { ...ctx, actor: { kind: "user", userId, username: "somebody", sessionId: null } };
}

async function timed(what: string, work: () => Promise<unknown>): Promise<void> {
  const startedAt = performance.now();
  await work();
  say(`${what.padEnd(62)} ${String(Math.round(performance.now() - startedAt)).padStart(9)} ms`);
}

function head(what: string): string {
  return `\n${what.padEnd(62)} ${"median ms".padStart(9)} ${"p99 ms".padStart(9)}`;
}

/** One after the other: what one reader waits, all statements of the answer together. */
async function measured(what: string, ask: (nth: number) => Promise<unknown>, times = calls): Promise<void> {
  for (let nth = 0; nth < Math.min(20, times); nth += 1) await ask(nth);
  const took: number[] = [];
  for (let nth = 0; nth < times; nth += 1) {
    const startedAt = performance.now();
    await ask(nth);
    took.push(performance.now() - startedAt);
  }
  const sorted = took.toSorted((a, b) => a - b);
  const at = (share: number) => (sorted[Math.floor((sorted.length - 1) * share)] ?? 0).toFixed(2).padStart(9);
  say(`${what.padEnd(62)} ${at(0.5)} ${at(0.99)}`);
}
