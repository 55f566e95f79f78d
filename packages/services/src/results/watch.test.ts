import type { Db } from "@pitwall/db/database";
import { races } from "@pitwall/db/schema";
import { HOUR } from "@pitwall/domain/durations";
import { extended } from "@pitwall/domain/rulesets";
import { aRace, aSeason, type BuiltRace } from "@pitwall/testing/builders";
import { test } from "@pitwall/testing/database";
import { eq, sql } from "drizzle-orm";
import { describe, expect } from "vitest";
import { asClock } from "../context.fixture.ts";
import { receiveAnswer } from "./receive.ts";
import { aLockedRace, answer, at, record, result } from "./results.fixture.ts";
import { lookAlone, lookTarget, watchResults } from "./watch.ts";

function after(race: BuiltRace, hours: number): Date {
  return new Date(race.flagDueAt.getTime() + hours * HOUR);
}

/** The looks at a race that wait in the queue. */
async function queued(db: Db, race: BuiltRace): Promise<number> {
  const { rows } = await db.execute<{ n: number }>(
    sql`select count(*)::int as n from graphile_worker._private_jobs where payload->>'raceId' = ${race.id}::text`,
  );
  return rows[0]?.n ?? 0;
}

describe("the watch", () => {
  test("queues one look at a race whose flag is due, however often it is asked, and none before", async ({
    database: { db },
  }) => {
    const race = await aRace(db, { season: await aSeason(db), lockIn: -40 * HOUR });
    await watchResults(asClock(db, after(race, -0.1)));
    expect(await queued(db, race)).toBe(0);
    await Promise.all([1, 2, 3].map((hour) => watchResults(asClock(db, after(race, hour)))));
    expect(await queued(db, race)).toBe(1);
  });

  test("answers how many races are due, in whatever seasons", async ({ database: { db } }) => {
    const before = await watchResults(asClock(db, new Date()));
    const [one, other] = [
      await aRace(db, { season: await aSeason(db), lockIn: -30 * HOUR }),
      await aRace(db, { season: await aSeason(db), lockIn: -40 * HOUR }),
    ];
    expect(await watchResults(asClock(db, new Date()))).toBe(before + 2);
    expect([await queued(db, one), await queued(db, other)]).toEqual([1, 1]);
  });

  test("leaves out a race that was cancelled, or looked at within the hour", async ({ database: { db } }) => {
    const season = await aSeason(db);
    const cancelled = await aRace(db, { season, lockIn: -40 * HOUR });
    await db.update(races).set({ cancelledAt: new Date() }).where(eq(races.id, cancelled.id));
    const seen = await aRace(db, { season, lockIn: -40 * HOUR });
    await receiveAnswer(asClock(db, after(seen, 3)), {
      raceId: seen.id,
      source: "test",
      answer: { kind: "none_yet" },
    });
    await watchResults(asClock(db, after(seen, 3.01)));
    expect([await queued(db, cancelled), await queued(db, seen)]).toEqual([0, 0]);
    await watchResults(asClock(db, after(seen, 4.01)));
    expect([await queued(db, cancelled), await queued(db, seen)]).toEqual([0, 1]);
  });

  test("comes back to a recorded result a day later", async ({ database: { db } }) => {
    const { race, drivers, hours } = await aLockedRace(db);
    await record(db, race, result(drivers));
    await watchResults(asClock(db, hours(26.9)));
    expect(await queued(db, race)).toBe(0);
    await watchResults(asClock(db, hours(27)));
    expect(await queued(db, race)).toBe(1);
  });
});

describe("whom a look is for", () => {
  test("is told in the source's words, with the sessions that score", async ({ database: { db } }) => {
    const season = await aSeason(db);
    const race = await aRace(db, { season, lockIn: -40 * HOUR, name: "São Paulo Grand Prix", round: 21, sprint: true });
    expect(await lookTarget(asClock(db, after(race, 3)), { raceId: race.id })).toEqual({
      raceId: race.id,
      season,
      round: 21,
      slug: "sao-paulo-grand-prix",
      circuitId: "test_track",
      startsAt: race.startsAt,
      sessions: ["race"],
      askedOf: { revision: null, lookedAt: null },
    });
  });

  test("is told every session that the weekend has and the season's rules score", async ({ database: { db } }) => {
    const season = await aSeason(db, undefined, extended);
    const sessionsOf = async (sprint: boolean) => {
      const race = await aRace(db, { season, lockIn: -40 * HOUR, sprint });
      return (await lookTarget(asClock(db, after(race, 3)), { raceId: race.id }))?.sessions;
    };
    expect(await sessionsOf(true)).toEqual(["race", "sprint", "qualifying"]);
    expect(await sessionsOf(false)).toEqual(["race", "qualifying"]);
  });

  test("is nobody while none is due, after a doubled job, for a cancelled race and for one that is not there", async ({
    database: { db },
  }) => {
    const { race, drivers, hours } = await aLockedRace(db);
    const raceId = race.id;
    expect(await lookTarget(asClock(db, hours(-1)), { raceId })).toBeNull();
    expect(await lookTarget(asClock(db, hours(3)), { raceId })).not.toBeNull();
    await record(db, race, result(drivers));
    expect(await lookTarget(asClock(db, hours(3)), { raceId })).toBeNull();
    await db.update(races).set({ cancelledAt: new Date() }).where(eq(races.id, raceId));
    expect(await lookTarget(asClock(db, hours(99)), { raceId })).toBeNull();
    expect(await lookTarget(asClock(db, hours(99)), { raceId: 2_000_000_000 })).toBeNull();
  });

  test("is told how the race stood, so that an answer which a later one has overtaken is refused", async ({
    database: { db },
  }) => {
    const { race, drivers, hours } = await aLockedRace(db);
    const raceId = race.id;
    const late = await lookTarget(asClock(db, hours(3)), { raceId });
    const asked = { raceId, source: "test", askedOf: late?.askedOf };
    await record(db, race, result(drivers.slice(1), at(drivers, 0)), 4);
    expect(await receiveAnswer(asClock(db, hours(5)), { ...asked, answer: answer(result(drivers)) })).toBe("overtaken");
    expect(await receiveAnswer(asClock(db, hours(5)), { ...asked, answer: { kind: "none_yet" } })).toBe("overtaken");
    const [row] = await db.select().from(races).where(eq(races.id, raceId));
    expect(row).toMatchObject({ revision: 1, lookedAt: hours(4) });
    const fresh = await lookTarget(asClock(db, hours(28)), { raceId });
    const again = { ...asked, askedOf: fresh?.askedOf, answer: answer(result(drivers)) };
    expect(await receiveAnswer(asClock(db, hours(28)), again)).toBe("corrected");
  });

  test("is looked at by one at a time", async ({ database: { db } }) => {
    const ctx = asClock(db, new Date());
    const looks: string[] = [];
    const first = await lookAlone(ctx, { raceId: 1 }, async () => {
      looks.push("first");
      expect(await lookAlone(ctx, { raceId: 1 }, async () => void looks.push("doubled"))).toBe(false);
      expect(await lookAlone(ctx, { raceId: 2 }, async () => void looks.push("other race"))).toBe(true);
    });
    expect(first).toBe(true);
    expect(looks).toEqual(["first", "other race"]);
  });
});
