import type { Db } from "@pitwall/db/database";
import { notificationPreferences } from "@pitwall/db/schema";
import { test } from "@pitwall/testing/database";
import { sql } from "drizzle-orm";
import { expect } from "vitest";
import { aLockedRace, at, record, result } from "../results/results.fixture.ts";

/** Whether the sender of mails waits in the queue; it does no more afterwards. */
async function isWoken(db: Db): Promise<boolean> {
  const { rowCount } = await db.execute(sql`delete from graphile_worker._private_jobs where key = 'send-mails'`);
  return rowCount === 1;
}

test("an announcement wakes the sender of mails in its own transaction, if anybody wants it by e-mail", async ({
  database: { db },
}) => {
  const { race, drivers, ann } = await aLockedRace(db);
  await record(db, race, result(drivers));
  expect(await isWoken(db)).toBe(false);
  await db.insert(notificationPreferences).values({ userId: ann.id, type: "correction", inApp: true, email: true });
  await record(db, race, result(drivers.slice(1), at(drivers, 0)), 27);
  expect(await isWoken(db)).toBe(true);
});
