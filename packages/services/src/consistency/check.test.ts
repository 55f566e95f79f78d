import { type Db, withTx } from "@pitwall/db/database";
import { HOUR } from "@pitwall/domain/durations";
import { aRace, aTeam, aUser, lockNow } from "@pitwall/testing/builders";
import { test } from "@pitwall/testing/database";
import { type SQL, sql } from "drizzle-orm";
import { describe, expect } from "vitest";
import { asUser, contextAs } from "../context.fixture.ts";
import { setPrice } from "../drivers/prices.ts";
import { createLeague, joinLeague } from "../leagues/membership.ts";
import { listNotifications } from "../notifications/inbox.ts";
import { enterResult } from "../results/entering.ts";
import { aLockedRace, at, record, result } from "../results/results.fixture.ts";
import { buildLeague } from "../standings/league-builds.ts";
import { removeTeam } from "../teams/keeping.ts";
import { checkConsistency, compared } from "./check.ts";
import { type Fault, type Finding, reportInWords } from "./report.ts";

/** Two races, the first of them corrected after the second was over, one to come, and a league with rows of its own. */
async function aSeasonOfTwo(db: Db) {
  const { season, drivers, race, ann, annsTeam, ben, bensTeam } = await aLockedRace(db);
  await record(db, race, result(drivers));
  const second = await lockNow(db, await aRace(db, { season, lockIn: HOUR, drivers }));
  await aTeam(db, { owner: ben, season, name: "Late and without a line-up" });
  await record(db, second, result(drivers));
  await record(db, race, result(drivers.slice(1), at(drivers, 0)), 27);
  const league = { season, name: "Two", isPrivate: false, seats: 20, teamId: annsTeam.id };
  const { id: leagueId } = await createLeague(asUser(db, ann), league);
  await joinLeague(asUser(db, ben), { id: leagueId, teamId: bensTeam.id });
  await buildLeague(clock(db), { leagueId });
  const open = await aRace(db, { season, lockIn: HOUR, drivers });
  return { season, drivers, race, second, open, ann, annsTeam, ben, bensTeam, leagueId };
}

function clock(db: Db, errors: string[] = []) {
  const log = { info: () => undefined, warn: () => undefined, error: (said: string) => void errors.push(said) };
  return contextAs(db, { kind: "system", name: "clock" }, { log });
}

test("a season of races, corrections, leagues and teams that come and go agrees with its ledger", async ({
  database: { db },
}) => {
  const { ben, bensTeam, leagueId } = await aSeasonOfTwo(db);
  const report = await checkConsistency(clock(db));
  expect(report).toMatchObject({ findings: [], leagues: 1 });
  expect(report.races).toBeGreaterThanOrEqual(2);
  expect(reportInWords(report)).toMatch(/agrees\.$/);
  await db.execute(sql`delete from league_builds where league_id = ${leagueId}`);
  await removeTeam(asUser(db, ben), { id: bensTeam.id });
  expect(await checkConsistency(clock(db))).toMatchObject({ findings: [], leagues: 0 });
});

/** What would be found, had this been done. */
async function findingsAfter(db: Db, rot: SQL): Promise<readonly Finding[]> {
  let findings: readonly Finding[] = [];
  const undone = withTx(db, async (tx) => {
    await tx.execute(rot);
    ({ findings } = await compared(tx));
    throw new RangeError("it shall not last");
  });
  await expect(undone).rejects.toThrow(RangeError);
  return findings;
}

test("what an admin did by hand is in the audit trail, or is found", async ({ database: { db } }) => {
  const { season, drivers, race } = await aSeasonOfTwo(db);
  const admin = asUser(db, await aUser(db, { role: "admin" }));
  const [first] = drivers;
  await setPrice(admin, { id: first?.id ?? "", season, price: 155 });
  await db.execute(sql`update races set starts_at = clock_timestamp() where id = ${race.id}`);
  const cars = drivers.toReversed().map(({ id }) => ({ driverId: id, laps: 57 }));
  const { revision } = await enterResult(admin, { season, slug: race.slug, sessions: [{ session: "race", cars }] });
  expect(await compared(db)).toMatchObject({ findings: [] });
  expect(await findingsAfter(db, sql`delete from audit_log`)).toMatchObject([
    { fault: "audit.missing", season, where: `${race.slug}, revision ${revision}` },
    { fault: "audit.missing", season: null, where: `prices of ${first?.id}` },
  ]);
});

type Season = Awaited<ReturnType<typeof aSeasonOfTwo>>;

const runOf = ({ race }: Season) =>
  sql`(select run.id from scoring_runs run join races on races.id = run.race_id and races.revision = run.revision where races.id = ${race.id})`;
const buildOf = ({ id }: { readonly id: number }) => sql`(select build_id from races where id = ${id})`;

const revisionAfter = (s: Season, n: number, copied: number) => sql`
  insert into revisions (race_id, n, digest, source, body, diff, recorded_at)
  select race_id, ${n}::int, digest, source, body, diff, recorded_at from revisions where race_id = ${s.race.id} and n = ${copied}`;

/** Ann's line-up saved once more, with something about it that is not so. */
const saved = (s: Season, { cost = 750, lineup = sql`saved.lineup_id` }) => sql`
  insert into team_lineups (team_id, version, race_id, lineup_id, cost)
  select saved.team_id, 2, ${s.open.id}::int, ${lineup}, ${cost}::int from team_lineups saved where saved.team_id = ${s.annsTeam.id}`;

const gone = ({ id }: { readonly id: string }) => sql`update users set deleted_at = clock_timestamp() where id = ${id}`;

const stood = ({ annsTeam }: Season, race: { readonly id: number }) =>
  sql`build_id = ${buildOf(race)} and team_id = ${annsTeam.id}`;

/** Each kind of rot, by what is done to the rows, and what else is found where it spreads. */
const ROT: Record<Fault, { readonly rot: (season: Season) => SQL; readonly also?: readonly Fault[] }> = {
  "revision.digest": {
    rot: (s) => sql`update classifications set finish = 'disqualified'
      where race_id = ${s.race.id} and revision = 2 and driver_id = ${s.drivers[1]?.id}`,
    also: ["scoring.input", "scoring.output", "scoring.drivers"],
  },
  "revision.numbers": {
    rot: (s) => revisionAfter(s, 4, 1),
    also: ["notice.missing", "correction.effects"],
  },
  "revision.repeated": {
    rot: (s) => revisionAfter(s, 3, 2),
    also: ["revision.numbers", "notice.missing", "correction.effects"],
  },
  "notice.missing": { rot: (s) => sql`delete from broadcasts where race_id = ${s.race.id} and revision = 2` },
  "notice.unfounded": {
    rot: (s) => sql`update broadcasts set revision = 3 where race_id = ${s.race.id} and revision = 2`,
    also: ["notice.missing"],
  },
  "correction.effects": { rot: (s) => sql`update corrections set run_before = run_after where race_id = ${s.race.id}` },
  "lineup.drivers": {
    rot: (s) => sql`insert into lineups (season, drivers, captain) values (${s.season}, '{1,2,3,4,null}', 1)`,
  },
  "lineup.season": {
    rot: (
      s,
    ) => sql`with past as (insert into seasons select 1950, rule_set_id, attribution from seasons where year = ${s.season}),
      driven as (insert into lineups (season, drivers, captain)
        select 1950, drivers, captain from lineups where season = ${s.season} limit 1 returning id)
      ${saved(s, { lineup: sql`(select id from driven)` })}`,
  },
  "lineup.over_budget": { rot: (s) => saved(s, { cost: 1001 }), also: ["lineup.cost"] },
  "lineup.cost": { rot: (s) => saved(s, { cost: 749 }) },
  "fielded.lineups": {
    rot: (s) => sql`delete from fielded where race_id = ${s.second.id} and team_id = ${s.annsTeam.id}`,
    also: ["standings.points", "standings.total", "standings.best"],
  },
  "scoring.missing": {
    rot: (s) => sql`with copied as (${revisionAfter(s, 3, 1)} returning n)
      update races set revision = copied.n from copied where id = ${s.race.id}`,
    also: ["revision.digest", "standings.missing", "notice.missing", "correction.effects"],
  },
  "scoring.input": { rot: (s) => sql`update scoring_runs set digest_in = 'other' where id = ${runOf(s)}` },
  "scoring.output": { rot: (s) => sql`update scoring_runs set digest_out = 'other' where id = ${runOf(s)}` },
  "scoring.drivers": {
    rot: (s) => sql`update driver_scores set lines = '[]' where run_id = ${runOf(s)} and points = 180`,
  },
  "scoring.lineups": { rot: (s) => sql`update lineup_scores set points = points + 10 where run_id = ${runOf(s)}` },
  "standings.missing": { rot: (s) => sql`update races set build_id = null where id = ${s.second.id}` },
  "standings.stale": { rot: (s) => sql`update standings_builds set carried_id = null where id = ${buildOf(s.second)}` },
  "standings.teams": {
    rot: (s) => sql`delete from standings where ${stood(s, s.second)}`,
    also: ["standings.count", "standings.ranks", "standings.race_ranks", "league.points"],
  },
  "standings.count": { rot: (s) => sql`update standings_builds set teams = 99 where id = ${buildOf(s.second)}` },
  "standings.points": {
    rot: (s) => sql`update standings set race_points = 1 where ${stood(s, s.race)}`,
    also: ["standings.race_ranks"],
  },
  "standings.total": {
    rot: (s) => sql`update standings set total = total + 1 where ${stood(s, s.second)}`,
    also: ["standings.ranks", "league.points"],
  },
  "standings.best": {
    rot: (s) => sql`update standings set best = 1 where ${stood(s, s.second)}`,
    also: ["league.points"],
  },
  "standings.ranks": { rot: (s) => sql`update rank_steps set above = 5 where build_id = ${buildOf(s.second)}` },
  "standings.race_ranks": {
    rot: (s) => sql`update race_rank_steps set teams = 5 where build_id = ${buildOf(s.second)}`,
  },
  "league.member_count": { rot: (s) => sql`update leagues set member_count = 7 where id = ${s.leagueId}` },
  "league.owner": { rot: (s) => gone(s.ann), also: ["league.gone", "audit.missing"] },
  "league.gone": { rot: (s) => gone(s.ben), also: ["audit.missing"] },
  "league.teams": { rot: (s) => sql`delete from league_standings where team_id = ${s.annsTeam.id}` },
  "league.points": { rot: (s) => sql`update league_standings set rank = 7 where team_id = ${s.annsTeam.id}` },
  "audit.missing": {
    rot: (s) =>
      sql`insert into calendar_changes (race_id, source, field) values (${s.open.id}, ${`admin:${s.ann.id}`}, 'round')`,
  },
  "key.unanswered": {
    rot: (s) =>
      sql`insert into idempotency_keys (user_id, key, procedure, digest) values (${s.ann.id}, 'k', 'teams.create', 'd')`,
  },
};

describe("rot", () => {
  test("of every kind is found and named, with what it spreads to and nothing else", async ({ database: { db } }) => {
    const season = await aSeasonOfTwo(db);
    const found = new Map<string, readonly string[]>();
    for (const [fault, { rot }] of Object.entries(ROT)) {
      const findings = await findingsAfter(db, rot(season));
      found.set(fault, findings.map((finding) => finding.fault).toSorted());
    }
    const wanted = Object.entries(ROT).map(([fault, { also = [] }]) => [fault, [fault, ...also].toSorted()]);
    expect(Object.fromEntries(found)).toEqual(Object.fromEntries(wanted));
    expect(await compared(db)).toMatchObject({ findings: [] });
  });

  test("is told where it is, to the admins once, and left as it is", async ({ database: { db } }) => {
    const admin = await aUser(db, { role: "admin" });
    const { season, second, annsTeam, leagueId } = await aSeasonOfTwo(db);
    await db.execute(
      sql`update standings set total = total + 1 where build_id = ${buildOf(second)} and team_id = ${annsTeam.id}`,
    );
    const errors: string[] = [];
    const report = await checkConsistency(clock(db, errors));
    expect(report.findings).toEqual(
      expect.arrayContaining([
        { fault: "standings.total", season, where: second.slug, count: 1, example: `team ${annsTeam.id}` },
        { fault: "league.points", season, where: `league ${leagueId}`, count: 1, example: `team ${annsTeam.id}` },
      ]),
    );
    expect(reportInWords(report)).toContain(`${season} ${second.slug}: teams have another total`);
    expect(await checkConsistency(clock(db, errors))).toEqual(report);
    expect(errors).toEqual([expect.stringContaining(`The standings of ${season} do not agree with the ledger`)]);
    const { items } = await listNotifications(asUser(db, admin), { limit: 50 });
    expect(items.filter(({ type }) => type === "system")).toMatchObject([{ data: { season, findings: 3 } }]);
  });
});
