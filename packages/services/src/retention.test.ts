import { randomUUID } from "node:crypto";
import type { Db } from "@pitwall/db/database";
import {
  broadcasts,
  idempotencyKeys,
  jobRuns,
  leagueBuilds,
  leagueStandings,
  looks,
  mails,
  notifications,
  raceRankSteps,
  races,
  rankSteps,
  seasonSyncs,
  standings,
  standingsBuilds,
} from "@pitwall/db/schema";
import { HOUR } from "@pitwall/domain/durations";
import { aRace, aUser, lockNow } from "@pitwall/testing/builders";
import { test } from "@pitwall/testing/database";
import { eq, sql } from "drizzle-orm";
import { describe, expect, onTestFinished } from "vitest";
import { asClock, asGuest, asUser } from "./context.fixture.ts";
import { enqueue } from "./jobs.ts";
import { createLeague } from "./leagues/membership.ts";
import { listNotifications } from "./notifications/inbox.ts";
import { receiveAnswer } from "./results/receive.ts";
import { aLockedRace, answer, at, record, result } from "./results/results.fixture.ts";
import { deleteOld } from "./retention.ts";
import { receiveSeason } from "./seasons/sync.ts";
import { buildLeague } from "./standings/league-builds.ts";
import { globalStandings } from "./standings/reading.ts";

const LONG_AGO = sql`clock_timestamp() - interval '31 days'`;

const NOTHING = {
  ...{ notifications: 0, mails: 0, sessions: 0, links: 0, keys: 0, looks: 0, syncs: 0, runs: 0, failedJobs: 0 },
  ...{ standings: 0, leagueStandings: 0 },
};

test("what is older than its time goes, what is in force stays, and doing it again finds nothing", async ({
  database: { db },
}) => {
  const { race, drivers, hours } = await aLockedRace(db);
  const ask = (after: number, c: ReturnType<typeof result>) =>
    receiveAnswer(asClock(db, hours(after)), { raceId: race.id, source: "test", answer: answer(c) });
  await ask(3, result(drivers));
  await ask(27, result(drivers.slice(1), at(drivers, 0)));
  const reader = await aUser(db);
  await db.insert(notifications).values({ userId: reader.id, type: "system", title: "new", body: "", data: {} });
  await db
    .insert(notifications)
    .values({ userId: reader.id, type: "system", title: "old", body: "", data: {}, createdAt: LONG_AGO });
  await db.update(broadcasts).set({ createdAt: LONG_AGO }).where(eq(broadcasts.type, "results_in"));
  await db.update(looks).set({ at: LONG_AGO });
  const list = { kind: "failed", reason: "away" } as const;
  const silence = {
    season: race.season,
    source: "test",
    answer: { kind: "season" as const, races: list, constructors: list, drivers: list },
  };
  for (const after of [3, 4]) await receiveSeason(asClock(db, hours(after)), silence);
  await db.update(seasonSyncs).set({ at: LONG_AGO });
  const alert = { type: "system" as const, audience: "admins" as const, body: "", data: {}, createdAt: LONG_AGO };
  await db.insert(broadcasts).values({ ...alert, title: "an alert", occasion: "so that it is not told again" });

  const mail = { userId: reader.id, createdAt: LONG_AGO };
  await db.insert(mails).values([
    { ...mail, toldId: reader.id },
    { userId: reader.id, toldId: randomUUID() },
  ]);

  const call = { userId: reader.id, procedure: "teams.create", digest: "of what was asked", answer: "{}" };
  await db.insert(idempotencyKeys).values([
    { ...call, key: "old", createdAt: sql`clock_timestamp() - interval '25 hours'` },
    { ...call, key: "young", createdAt: sql`clock_timestamp() - interval '23 hours'` },
  ]);

  expect(await deleteOld(asClock(db, hours(28)))).toEqual({
    ...NOTHING,
    keys: 1,
    notifications: 2,
    mails: 1,
    looks: 1,
    syncs: 1,
  });
  expect(await db.select().from(looks)).toHaveLength(1);
  expect(await deleteOld(asClock(db, hours(28)))).toEqual(NOTHING);
});

test("attempts at jobs go after thirty days, and so do jobs that failed for good; what still waits stays", async ({
  database: { db },
}) => {
  const clock = asClock(db, new Date());
  const attempt = { task: "lock-races", payload: {}, attempt: 1, worker: randomUUID() };
  await db.insert(jobRuns).values([attempt, { ...attempt, startedAt: LONG_AGO }]);
  for (const key of ["failed", "waiting"]) await enqueue(clock, "lock-races", {}, key);
  await db.execute(sql`update graphile_worker._private_jobs set run_at = ${LONG_AGO}`);
  await db.execute(sql`update graphile_worker._private_jobs set attempts = max_attempts where key = 'failed'`);
  expect(await deleteOld(clock)).toMatchObject({ runs: 1, failedJobs: 1 });
  const { rows } = await db.execute(sql`select key from graphile_worker.jobs`);
  expect(rows).toEqual([{ key: "waiting" }]);
});

/** Two races; the first is corrected, which builds the second anew without a revision of its own. */
async function aCorrectedSeason(db: Db) {
  const { season, race, drivers, ann, annsTeam, hours } = await aLockedRace(db);
  await record(db, race, result(drivers));
  const second = await lockNow(db, await aRace(db, { season, lockIn: HOUR, drivers }));
  await record(db, second, result(drivers));
  const past = (revision: number) =>
    globalStandings(asGuest(db), { season, race: race.slug, revision, by: "race", limit: 10 });
  const asItWas = await past(1);
  await record(db, race, result(drivers.slice(1), at(drivers, 0)), 27);
  await db.update(standingsBuilds).set({ builtAt: LONG_AGO });
  await db.update(broadcasts).set({ createdAt: LONG_AGO });
  return { season, race, second, ann, annsTeam, asItWas, past, clock: asClock(db, hours(28)) };
}

async function buildsLeft(db: Db): Promise<Record<string, unknown>> {
  const ids = (rows: { buildId: number }[]) =>
    [...new Set(rows.map(({ buildId }) => buildId))].toSorted((a, b) => a - b);
  return {
    builds: ids(await db.select({ buildId: standingsBuilds.id }).from(standingsBuilds)),
    rows: ids(await db.select({ buildId: standings.buildId }).from(standings)),
    steps: ids(await db.select({ buildId: rankSteps.buildId }).from(rankSteps)),
    raceSteps: ids(await db.select({ buildId: raceRankSteps.buildId }).from(raceRankSteps)),
  };
}

describe("of the standings", () => {
  test("the newest stay for each revision of a race, with all that tells of them", async ({ database: { db } }) => {
    const { season, clock, asItWas, past } = await aCorrectedSeason(db);
    const mine = await db
      .select({ id: standingsBuilds.id })
      .from(standingsBuilds)
      .where(eq(standingsBuilds.season, season))
      .orderBy(standingsBuilds.id);
    // The first race, the second on it, the first corrected, the second on that: the second has one revision only.
    const [first, replaced, corrected, newest] = mine.map(({ id }) => id);
    expect((await deleteOld(clock)).standings).toBe(1);
    const left = [first, corrected, newest];
    const { builds, ...rest } = await buildsLeft(db);
    expect(builds).toEqual(expect.arrayContaining(left));
    expect(builds).not.toContain(replaced);
    for (const ids of Object.values(rest)) expect(ids).toEqual(builds);
    expect(await past(1)).toEqual(asItWas);
    const inForce = await db.select({ buildId: races.buildId }).from(races).where(eq(races.season, season));
    expect(inForce.map(({ buildId }) => buildId).toSorted()).toEqual([corrected, newest]);
  });

  test("those before a correction stay as long as people are told what it did to them", async ({
    database: { db },
  }) => {
    const { ann, annsTeam, clock } = await aCorrectedSeason(db);
    const [told] = await db
      .update(broadcasts)
      .set({ createdAt: sql`clock_timestamp()` })
      .where(eq(broadcasts.type, "correction"))
      .returning();
    expect((await deleteOld(clock)).standings).toBe(0);
    const { items } = await listNotifications(asUser(db, ann), { limit: 50 });
    expect(items.find(({ id }) => id === told?.id)?.data).toMatchObject({
      teams: [{ teamId: annsTeam.id, rankBefore: 1, rankAfter: 2 }],
    });
    await db.update(broadcasts).set({ createdAt: LONG_AGO });
    expect((await deleteOld(clock)).standings).toBe(1);
  });

  test("those that were replaced less than a day ago stay", async ({ database: { db } }) => {
    const { clock } = await aCorrectedSeason(db);
    await db.update(standingsBuilds).set({ builtAt: sql`clock_timestamp() - interval '23 hours'` });
    expect((await deleteOld(clock)).standings).toBe(0);
  });

  test("none goes while somebody reads, and nobody who reads is refused", async ({ database: { db, pool } }) => {
    const { season, clock } = await aCorrectedSeason(db);
    const reader = await pool.connect();
    onTestFinished(() => reader.release());
    await reader.query("begin");
    await reader.query("select count(*) from standings");
    const others = async () => {
      for (let turn = 0; turn < 20; turn += 1) await globalStandings(asGuest(db), { season, limit: 10 });
    };
    const [{ standings: dropped }] = await Promise.all([deleteOld(clock), others(), others()]);
    expect(dropped).toBe(0);
    await reader.query("commit");
    expect((await deleteOld(clock)).standings).toBeGreaterThan(0);
  });

  test("a league's rows go when they were written again, or the league is no more", async ({ database: { db } }) => {
    const { season, ann, annsTeam, clock } = await aCorrectedSeason(db);
    const ofAnn = { season, name: "Friends", isPrivate: true, seats: 10, teamId: annsTeam.id };
    const league = await createLeague(asUser(db, ann), ofAnn);
    for (let turn = 0; turn < 3; turn += 1) await buildLeague(clock, { leagueId: league.id });
    await db.update(leagueBuilds).set({ builtAt: LONG_AGO });
    expect((await deleteOld(clock)).leagueStandings).toBe(2);
    expect(await db.select().from(leagueStandings)).toHaveLength(1);
    await db.delete(leagueBuilds);
    expect((await deleteOld(clock)).leagueStandings).toBe(1);
  });
});
