import type { Db } from "@pitwall/db/database";
import { auditLog, driverScores, lineupScores, races, scoringRuns, standingsBuilds } from "@pitwall/db/schema";
import { HOUR } from "@pitwall/domain/durations";
import { aRace, lockNow, someDrivers } from "@pitwall/testing/builders";
import { test } from "@pitwall/testing/database";
import { eq, sql } from "drizzle-orm";
import { describe, expect } from "vitest";
import { asClock, asGuest } from "../context.fixture.ts";
import { globalStandings } from "../standings/reading.ts";
import { rescoreRace, rescoreSeason } from "./rescoring.ts";
import { aLockedRace, record, result } from "./results.fixture.ts";

/** Two races in a season, both with a result. */
async function aSeasonOfTwo(db: Db) {
  const { season, race: first, drivers, hours } = await aLockedRace(db);
  await record(db, first, result(drivers));
  const second = await lockNow(db, await aRace(db, { season, lockIn: HOUR, drivers }));
  await record(db, second, result(drivers));
  const clock = asClock(db, hours(30));
  const board = async () => (await globalStandings(asGuest(db), { season, limit: 50 })).items;
  const builds = () => db.$count(standingsBuilds, eq(standingsBuilds.season, season));
  const runOf = async ({ id }: { id: number }) => {
    const [run] = await db.select().from(scoringRuns).where(eq(scoringRuns.raceId, id));
    return run ?? { id: 0, digestIn: "", digestOut: "" };
  };
  return { season, first, second, clock, board, builds, runOf, before: await board() };
}

const NOTHING = { drivers: 0, lineups: 0, teams: 0, rebuilt: false };

describe("a race that is scored again", () => {
  test("comes to the same, and nothing is written but that it was done", async ({ database: { db } }) => {
    const { season, first, clock, board, builds, runOf, before } = await aSeasonOfTwo(db);
    const { digestIn, digestOut } = await runOf(first);
    const built = await builds();
    const digests = { digestIn, digestOut };
    const name = { season, slug: first.slug };
    const found = { ...name, revision: 1, stored: digests, found: digests, ...NOTHING };
    expect(await rescoreRace(clock, name)).toEqual(found);
    expect(await rescoreRace(clock, name)).toEqual(found);
    expect(await builds()).toBe(built);
    expect(await board()).toEqual(before);
    const acts = await db
      .select()
      .from(auditLog)
      .where(eq(auditLog.subject, `${season}/${first.slug}`));
    expect(acts).toMatchObject([{ act: "rescore_race", detail: { rebuilt: false } }, { act: "rescore_race" }]);
  });

  test.for([
    ["a driver's points", { drivers: 1, lineups: 0 }],
    ["a line-up's points", { drivers: 0, lineups: 1 }],
    ["a line-up that is missing", { drivers: 0, lineups: 1 }],
    ["a driver who was not in it", { drivers: 1, lineups: 0 }],
    ["a digest", { drivers: 0, lineups: 0 }],
    ["a digest of what was scored", { drivers: 0, lineups: 0 }],
    ["the standings", { drivers: 0, lineups: 0, teams: 1 }],
  ] as const)("puts right %s, and whatever follows", async ([what, off], { database: { db } }) => {
    const { season, first, clock, board, runOf, before } = await aSeasonOfTwo(db);
    const run = await runOf(first);
    const winner = sql`driver_key = (select driver_key from driver_scores where run_id = ${run.id} order by points desc limit 1)`;
    const best = sql`run_id = ${run.id} and points = (select max(points) from lineup_scores where run_id = ${run.id})`;
    const spoil = {
      "a driver's points": () =>
        db.update(driverScores).set({ points: 1 }).where(sql`run_id = ${run.id} and ${winner}`),
      "a line-up's points": () => db.update(lineupScores).set({ points: 1 }).where(best),
      "a line-up that is missing": () => db.delete(lineupScores).where(best),
      "a driver who was not in it": async () => {
        const [{ id } = { id: "" }] = await someDrivers(db, season, [150]);
        await db.execute(sql`insert into driver_scores (run_id, driver_key, points, lines)
          select ${run.id}, key, 0, '[]' from drivers where id = ${id}`);
      },
      "a digest of what was scored": () =>
        db
          .update(scoringRuns)
          .set({ digestIn: "0".repeat(64) })
          .where(eq(scoringRuns.id, run.id)),
      "a digest": () =>
        db
          .update(scoringRuns)
          .set({ digestOut: "0".repeat(64) })
          .where(eq(scoringRuns.id, run.id)),
      "the standings": () =>
        db.execute(sql`update standings set total = 9999 where build_id = (select build_id from races where id = ${first.id})
          and total = (select max(total) from standings where build_id = (select build_id from races where id = ${first.id}))`),
    };
    await spoil[what]();
    const warned: unknown[] = [];
    const log = { ...clock.log, warn: (...said: unknown[]) => void warned.push(said) };
    const mended = await rescoreRace({ ...clock, log }, { season, slug: first.slug });
    expect(mended).toMatchObject({ ...off, rebuilt: true });
    expect(await rescoreRace({ ...clock, log }, { season, slug: first.slug })).toMatchObject(NOTHING);
    expect(warned).toEqual([["scores were put right", mended]]);
    expect(await runOf(first)).toMatchObject({ digestIn: run.digestIn, digestOut: run.digestOut });
    expect(await board()).toEqual(before);
  });

  test("is refused while it has no result, or does not count", async ({ database: { db } }) => {
    const { season, first, clock } = await aSeasonOfTwo(db);
    const ahead = await aRace(db, { season, lockIn: HOUR });
    const refusal = { kind: "not_found", reason: "result.none_yet", message: expect.stringMatching(/no result/) };
    await expect(rescoreRace(clock, { season, slug: ahead.slug })).rejects.toMatchObject(refusal);
    await db.update(races).set({ cancelledAt: new Date() }).where(eq(races.id, first.id));
    await expect(rescoreRace(clock, { season, slug: first.slug })).rejects.toMatchObject(refusal);
  });
});

test("a season that is scored again is built anew from the first race that differs", async ({ database: { db } }) => {
  const { season, first, second, clock, board, builds, runOf, before } = await aSeasonOfTwo(db);
  const built = await builds();
  const said: unknown[] = [];
  const log = { ...clock.log, info: (...words: unknown[]) => void said.push(words) };
  expect((await rescoreSeason({ ...clock, log }, { season })).items).toMatchObject([NOTHING, NOTHING]);
  expect(said).toEqual([
    ["a race was scored again", { season, race: first.slug, nth: 1, of: 2 }],
    ["a race was scored again", { season, race: second.slug, nth: 2, of: 2 }],
  ]);
  await db
    .update(lineupScores)
    .set({ points: 1 })
    .where(eq(lineupScores.runId, (await runOf(second)).id));
  expect((await rescoreSeason(clock, { season })).items).toMatchObject([
    { slug: first.slug, ...NOTHING },
    { slug: second.slug, lineups: 2, rebuilt: true },
  ]);
  expect(await builds()).toBe(built + 1);
  expect(await board()).toEqual(before);
  await db.execute(
    sql`update standings set total = 9999 where build_id = (select build_id from races where id = ${second.id})`,
  );
  expect((await rescoreSeason(clock, { season })).items).toMatchObject([NOTHING, { teams: 2, rebuilt: true }]);
  expect(await board()).toEqual(before);
});
