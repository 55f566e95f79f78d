import type { Db } from "@pitwall/db/database";
import {
  broadcasts,
  heldBodies,
  lineupScores,
  races,
  revisions,
  scoringRuns,
  standingsBuilds,
} from "@pitwall/db/schema";
import { HOUR } from "@pitwall/domain/durations";
import { aRace, type BuiltRace, lockNow } from "@pitwall/testing/builders";
import { test } from "@pitwall/testing/database";
import { and, eq } from "drizzle-orm";
import { describe, expect } from "vitest";
import { asClock, asUser, contextAs } from "../context.fixture.ts";
import { listNotifications } from "../notifications/inbox.ts";
import { ledgerOf, teamScores } from "../scores/reading.ts";
import { globalStandings, myStandings } from "../standings/reading.ts";
import type { Answer } from "./answers.ts";
import { revisionsOf } from "./reading.ts";
import { receiveAnswer } from "./receive.ts";
import { aListeningClock, aLockedRace, answer, at, reasonsOf, result } from "./results.fixture.ts";

async function stateOf(db: Db, race: BuiltRace) {
  const [row] = await db.select().from(races).where(eq(races.id, race.id));
  return row;
}

describe("a first result", () => {
  test("is recorded, scored, placed and announced as one fact", async ({ database: { db } }) => {
    const { season, drivers, race, ann, annsTeam, bensTeam, hours } = await aLockedRace(db);
    const outcome = await receiveAnswer(asClock(db, hours(3)), {
      raceId: race.id,
      source: "test",
      answer: answer(result(drivers)),
    });
    expect(outcome).toBe("recorded");
    expect(await stateOf(db, race)).toMatchObject({ revision: 1, recordedAt: hours(3), lookedAt: hours(3) });

    // Ann: P1 captain with fastest lap (26 × 1.5) + P3 + P5 + P7 + P9; Ben: P2 captain (18 × 1.5) + P4 + P6 + P8 + P10.
    const { items } = await globalStandings(asUser(db, ann), { season, limit: 50 });
    expect(items.map((team) => [team.rank, team.teamId, team.total])).toEqual([
      [1, annsTeam.id, 390 + 150 + 100 + 60 + 20],
      [2, bensTeam.id, 270 + 120 + 80 + 40 + 10],
    ]);
    const told = await db.select().from(broadcasts).where(eq(broadcasts.raceId, race.id));
    expect(told).toMatchObject([{ type: "results_in", revision: 1 }]);
  });

  test("is explained by ledger lines that add up to the score which the database worked out", async ({
    database: { db },
  }) => {
    const { season, drivers, race, ann, annsTeam, hours } = await aLockedRace(db);
    await receiveAnswer(asClock(db, hours(3)), { raceId: race.id, source: "test", answer: answer(result(drivers)) });
    const ledger = await ledgerOf(asUser(db, ann), { teamId: annsTeam.id, season, slug: race.slug });
    expect(ledger.lines.reduce((sum, line) => sum + line.total, 0)).toBe(ledger.points);
    expect((await teamScores(asUser(db, ann), { teamId: annsTeam.id })).items).toMatchObject([
      { slug: race.slug, points: ledger.points, rank: 1 },
    ]);
    const [scored] = await db
      .select({ points: lineupScores.points })
      .from(lineupScores)
      .innerJoin(scoringRuns, eq(scoringRuns.id, lineupScores.runId))
      .where(and(eq(scoringRuns.raceId, race.id), eq(lineupScores.points, ledger.points)));
    expect(scored?.points).toBe(720);
  });

  test("changes nothing when it is received again, also twice at once", async ({ database: { db } }) => {
    const { drivers, race, hours } = await aLockedRace(db);
    const receive = () =>
      receiveAnswer(asClock(db, hours(3)), { raceId: race.id, source: "test", answer: answer(result(drivers)) });
    const outcomes = await Promise.all([receive(), receive()]);
    expect(outcomes.sort()).toEqual(["recorded", "unchanged"]);
    expect(await receive()).toBe("unchanged");
    expect(await db.select().from(revisions).where(eq(revisions.raceId, race.id))).toHaveLength(1);
    expect(await db.select().from(standingsBuilds).where(eq(standingsBuilds.raceId, race.id))).toHaveLength(1);
    expect(await db.select().from(broadcasts).where(eq(broadcasts.raceId, race.id))).toHaveLength(1);
  });
});

describe("a correction", () => {
  test("becomes the next revision with what changed, scores anew and tells everyone, and those affected what it did to them", async ({
    database: { db },
  }) => {
    const { season, drivers, race, ann, annsTeam, hours } = await aLockedRace(db);
    await receiveAnswer(asClock(db, hours(3)), { raceId: race.id, source: "test", answer: answer(result(drivers)) });
    const corrected = result(drivers.slice(1), at(drivers, 0));
    const outcome = await receiveAnswer(asClock(db, hours(27)), {
      raceId: race.id,
      source: "test",
      answer: answer(corrected),
    });
    expect(outcome).toBe("corrected");
    expect(await stateOf(db, race)).toMatchObject({ revision: 2, recordedAt: hours(27) });
    const [, second] = await db.select().from(revisions).where(eq(revisions.raceId, race.id)).orderBy(revisions.n);
    expect(second?.diff).toContainEqual({
      driverId: drivers[0]?.id,
      session: "race",
      field: "finish",
      from: "classified",
      to: "disqualified",
    });

    const told = await db
      .select()
      .from(broadcasts)
      .where(and(eq(broadcasts.raceId, race.id), eq(broadcasts.type, "correction")));
    expect(told).toMatchObject([{ revision: 2 }]);
    const { items } = await listNotifications(asUser(db, ann), { limit: 50 });
    const [note] = items.filter(({ type }) => type === "correction");
    expect(note?.body).toContain(`${annsTeam.name}: 42.0 points, were 72.0; rank 2, was 1.`);
    expect(note?.data).toMatchObject({
      revision: 2,
      teams: [{ teamId: annsTeam.id, pointsBefore: 72, pointsAfter: 18 + 12 + 8 + 4, rankBefore: 1, rankAfter: 2 }],
    });
    expect((await revisionsOf(asUser(db, ann), { season, slug: race.slug })).items).toMatchObject([
      { teamsAffected: null },
      { teamsAffected: 2 },
    ]);
    expect((await myStandings(asUser(db, ann), { season })).items).toMatchObject([{ rank: 2, total: 420 }]);
  });

  test("that returns to an earlier content is a revision of its own and restores every score", async ({
    database: { db },
  }) => {
    const { season, drivers, race, ann, hours } = await aLockedRace(db);
    const first = result(drivers);
    const second = result(drivers.slice(1), at(drivers, 0));
    await receiveAnswer(asClock(db, hours(3)), { raceId: race.id, source: "test", answer: answer(first) });
    const before = await globalStandings(asUser(db, ann), { season, limit: 50 });
    await receiveAnswer(asClock(db, hours(27)), { raceId: race.id, source: "test", answer: answer(second) });
    await receiveAnswer(asClock(db, hours(50)), { raceId: race.id, source: "test", answer: answer(first) });
    const after = await globalStandings(asUser(db, ann), { season, limit: 50 });
    expect(after.items).toEqual(before.items);
    expect(after.race?.revision).toBe(3);
  });

  test("of an earlier race moves the totals of the later ones that carry it", async ({ database: { db } }) => {
    const { season, drivers, race, ann, annsTeam, hours } = await aLockedRace(db);
    const later = await aRace(db, { season, lockIn: 30 * HOUR, drivers });
    await receiveAnswer(asClock(db, hours(3)), { raceId: race.id, source: "test", answer: answer(result(drivers)) });
    const locked = await lockNow(db, later);
    const flag = locked.flagDueAt.getTime();
    await receiveAnswer(asClock(db, new Date(flag + HOUR)), {
      raceId: later.id,
      source: "test",
      answer: answer(result(drivers)),
    });
    expect((await myStandings(asUser(db, ann), { season })).items).toMatchObject([{ total: 1440 }]);
    await receiveAnswer(asClock(db, hours(27)), {
      raceId: race.id,
      source: "test",
      answer: answer(result(drivers.slice(1), at(drivers, 0))),
    });
    expect((await myStandings(asUser(db, ann), { season })).items).toMatchObject([
      { teamId: annsTeam.id, total: 420 + 720 },
    ]);
  });
});

describe("an answer that is not a result", () => {
  test("that is empty means not yet, and the race says so", async ({ database: { db } }) => {
    const { race, hours } = await aLockedRace(db);
    expect(
      await receiveAnswer(asClock(db, hours(1)), { raceId: race.id, source: "test", answer: { kind: "none_yet" } }),
    ).toBe("none_yet");
    expect(await stateOf(db, race)).toMatchObject({ revision: null, lookedAt: hours(1) });
    expect(`${await reasonsOf(db, race)}`).toMatch(/\w/);
  });

  test("never erases what is stored, and does not count as a check", async ({ database: { db } }) => {
    const { season, drivers, race, hours } = await aLockedRace(db);
    await receiveAnswer(asClock(db, hours(3)), { raceId: race.id, source: "test", answer: answer(result(drivers)) });
    const { clock: later, warned } = aListeningClock(db, hours(30));
    expect(await receiveAnswer(later, { raceId: race.id, source: "test", answer: { kind: "none_yet" } })).toBe(
      "vanished",
    );
    expect(
      await receiveAnswer(later, { raceId: race.id, source: "test", answer: { kind: "failed", reason: "HTTP 504" } }),
    ).toBe("failed");
    const page = { kind: "unreadable" as const, reason: "not JSON", body: "<html>\u0000" };
    expect(await receiveAnswer(later, { raceId: race.id, source: "test", answer: page })).toBe("unreadable");
    expect(await stateOf(db, race)).toMatchObject({ revision: 1, lookedAt: hours(3) });
    const [, reason] = await reasonsOf(db, race);
    expect(warned).toEqual([["an answer was not believed", { race: race.slug, season, outcome: "vanished", reason }]]);
    expect(reason).toMatch(/\w/);
    const held = await db.select().from(heldBodies).where(eq(heldBodies.raceId, race.id));
    expect(held).toMatchObject([{ reasons: ["not JSON"], body: "<html>\uFFFD" }]);
  });

  test("from a copy that is older than what was believed is ignored, whatever it says", async ({
    database: { db },
  }) => {
    const { drivers, race, hours } = await aLockedRace(db);
    const copy = (at: Date) => ({ copy: { madeAt: at, freshUntil: null } });
    const receive = (at: Date, said: Answer) =>
      receiveAnswer(asClock(db, at), { raceId: race.id, source: "test", answer: said });
    const [first, second] = [answer(result(drivers)), answer(result(drivers.slice(1), at(drivers, 0)))];
    expect(await receive(hours(3), { ...first, ...copy(hours(3)) })).toBe("recorded");
    expect(await receive(hours(27), { ...second, ...copy(hours(27)) })).toBe("corrected");
    expect(await receive(hours(51), { ...first, ...copy(hours(26)) })).toBe("overtaken");
    expect(await receive(hours(51), { kind: "none_yet", ...copy(hours(2)) })).toBe("overtaken");
    expect(await stateOf(db, race)).toMatchObject({ revision: 2, lookedAt: hours(27) });
    // Ages are told in whole seconds.
    expect(await receive(hours(51), { ...second, ...copy(new Date(hours(27).getTime() - 5000)) })).toBe("unchanged");
    expect(await receive(hours(75), { ...first, ...copy(hours(75)) })).toBe("corrected");
    const known = (await reasonsOf(db, race)).map((reason) => /\w/.test(reason ?? ""));
    expect(known).toEqual([false, false, true, true, true, false]);
  });

  test("that cannot be true is held with its reasons, once however often it comes, and never scores", async ({
    database: { db },
  }) => {
    const { drivers, race, hours } = await aLockedRace(db);
    const twoWinners = result(drivers).race.map((car) => (car.position === 2 ? { ...car, position: 1 } : car));
    const input = { raceId: race.id, source: "test", answer: answer({ race: twoWinners }) };
    const { clock, warned } = aListeningClock(db, hours(2));
    expect(await receiveAnswer(clock, input)).toBe("held");
    expect(warned).toMatchObject([[expect.anything(), { race: race.slug, outcome: "held" }]]);
    expect(await receiveAnswer(asClock(db, hours(3)), input)).toBe("held");
    expect(await db.select().from(heldBodies).where(eq(heldBodies.raceId, race.id))).toMatchObject([{ times: 2 }]);
    expect(await stateOf(db, race)).toMatchObject({ revision: null, lookedAt: null });
    expect((await reasonsOf(db, race))[0]).toMatch(/\w/);
  });

  test("that names a driver whom nobody knows is held until he is known", async ({ database: { db } }) => {
    const { drivers, race, hours } = await aLockedRace(db);
    const c = result(drivers);
    const stranger = c.race.map((car) => (car.position === 20 ? { ...car, driverId: "stranger" } : car));
    expect(
      await receiveAnswer(asClock(db, hours(2)), {
        raceId: race.id,
        source: "test",
        answer: answer({ race: stranger }),
      }),
    ).toBe("held");
    expect(await receiveAnswer(asClock(db, hours(3)), { raceId: race.id, source: "test", answer: answer(c) })).toBe(
      "recorded",
    );
  });
});

test("history that is shipped is recorded without telling anybody", async ({ database: { db } }) => {
  const { drivers, race, hours } = await aLockedRace(db);
  const seeding = contextAs(db, { kind: "system", name: "seed" }, { now: () => hours(3) });
  await receiveAnswer(seeding, { raceId: race.id, source: "shipped", answer: answer(result(drivers)) });
  expect(await db.select().from(broadcasts).where(eq(broadcasts.raceId, race.id))).toEqual([]);
});
