import { broadcasts, looks, notifications, races, rankSteps, standings, standingsBuilds } from "@pitwall/db/schema";
import { aUser } from "@pitwall/testing/builders";
import { test } from "@pitwall/testing/database";
import { eq, sql } from "drizzle-orm";
import { expect } from "vitest";
import { asClock } from "./context.fixture.ts";
import { receiveAnswer } from "./results/receive.ts";
import { aLockedRace, answer, at, result } from "./results/results.fixture.ts";
import { deleteOld } from "./retention.ts";

const LONG_AGO = sql`clock_timestamp() - interval '31 days'`;

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
  await db.update(standingsBuilds).set({ builtAt: LONG_AGO });

  expect(await deleteOld(asClock(db, hours(28)))).toEqual({
    notifications: 2,
    sessions: 0,
    links: 0,
    looks: 1,
    standings: 1,
  });

  const [kept] = await db.select({ buildId: races.buildId }).from(races).where(eq(races.id, race.id));
  const builds = [...new Set((await db.select().from(standings)).map((row) => row.buildId))];
  expect(builds).toEqual([kept?.buildId]);
  expect(new Set((await db.select().from(rankSteps)).map((step) => step.buildId))).toEqual(new Set(builds));
  expect(await db.select().from(looks)).toHaveLength(1);
  expect(await deleteOld(asClock(db, hours(28)))).toEqual({
    notifications: 0,
    sessions: 0,
    links: 0,
    looks: 0,
    standings: 0,
  });
});
