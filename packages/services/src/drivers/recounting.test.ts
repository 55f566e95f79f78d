import { seasonFacts } from "@pitwall/db/facts";
import { extended } from "@pitwall/domain/rulesets";
import { aUser } from "@pitwall/testing/builders";
import { test } from "@pitwall/testing/database";
import { sql } from "drizzle-orm";
import { expect } from "vitest";
import { asUser, contextAs } from "../context.fixture.ts";
import { listNotifications } from "../notifications/inbox.ts";
import { aLockedRace, at, record, result } from "../results/results.fixture.ts";
import { recordShippedResults } from "../results/shipped.ts";
import { seedSeason } from "../seasons/seed.ts";
import { recountStatistics } from "./recounting.ts";

test("a whole season, and one under other rules, is served as it is counted; what is not is told once", async ({
  database: { db },
}) => {
  const admin = await aUser(db, { role: "admin" });
  const ctx = contextAs(db, { kind: "system", name: "seed" });
  await seedSeason(ctx, seasonFacts(2025));
  await recordShippedResults(ctx, seasonFacts(2025));
  const { season, race, drivers } = await aLockedRace(db, extended);
  await record(db, race, result(drivers));
  await record(db, race, result(drivers.slice(1), at(drivers, 0)), 27);
  expect(await recountStatistics(ctx)).toEqual({ seasons: 2, drivers: 21 + 20, wrong: [] });

  await db.execute(sql`update driver_scores set points = points + 10
    where driver_key = ${drivers[1]?.key} and run_id = (select max(id) from scoring_runs where race_id = ${race.id})`);
  for (let week = 0; week < 2; week += 1)
    expect((await recountStatistics(ctx)).wrong).toEqual([{ season, driverIds: [drivers[1]?.id] }]);
  const { items } = await listNotifications(asUser(db, admin), { limit: 50 });
  expect(items.filter(({ title }) => title === `Driver statistics of ${season} are wrong`)).toHaveLength(1);
});
