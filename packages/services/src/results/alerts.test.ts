import type { Db } from "@pitwall/db/database";
import { races, users } from "@pitwall/db/schema";
import { aUser, type BuiltRace } from "@pitwall/testing/builders";
import { test } from "@pitwall/testing/database";
import { eq } from "drizzle-orm";
import { describe, expect } from "vitest";
import { asUser, contextAs } from "../context.fixture.ts";
import type { Log } from "../context.ts";
import { listNotifications } from "../notifications/inbox.ts";
import type { Answer } from "./answers.ts";
import { receiveAnswer } from "./receive.ts";
import { aLockedRace, answer, at, record, result } from "./results.fixture.ts";

const NONE_YET: Answer = { kind: "none_yet" };

/** A locked race with an admin who looks on, and what the log was told as an error. */
async function aWatchedRace(db: Db) {
  const admin = await aUser(db, { role: "admin" });
  const made = await aLockedRace(db);
  const errors: string[] = [];
  const log: Log = { info: () => undefined, warn: () => undefined, error: (message) => void errors.push(message) };
  const receive = (after: number, said: Answer) =>
    receiveAnswer(contextAs(db, { kind: "system", name: "clock" }, { now: () => made.hours(after), log }), {
      raceId: made.race.id,
      source: "test",
      answer: said,
    });
  return { ...made, admin, errors, receive };
}

async function alertsOf(db: Db, reader: { readonly id: string; readonly username: string }, race: BuiltRace) {
  const { items } = await listNotifications(asUser(db, reader), { limit: 50 });
  return items.filter(({ type, data }) => type === "system" && data.slug === race.slug).map(({ data }) => data.reason);
}

describe("a result that is overdue", () => {
  test("is told to the admins once, 48 hours after the flag, while it is looked for on and on", async ({
    database: { db },
  }) => {
    const { admin, ann, race, errors, receive } = await aWatchedRace(db);
    await receive(47, NONE_YET);
    expect(await alertsOf(db, admin, race)).toEqual([]);
    await Promise.all([receive(48, NONE_YET), receive(48, NONE_YET), receive(48, NONE_YET)]);
    for (const after of [49, 50, 500]) await receive(after, { kind: "failed", reason: "HTTP 504" });
    expect(await alertsOf(db, admin, race)).toEqual(["no_result"]);
    expect(await alertsOf(db, ann, race)).toEqual([]);
    expect(errors).toEqual([`admins were alerted: ${race.name}: there is no result yet`]);
  });

  test("is none once it is there, and none of a race that was cancelled", async ({ database: { db } }) => {
    const { admin, race, drivers, receive } = await aWatchedRace(db);
    await receive(60, answer(result(drivers)));
    expect(await alertsOf(db, admin, race)).toEqual([]);
    const cancelled = await aWatchedRace(db);
    await db.update(races).set({ cancelledAt: new Date() }).where(eq(races.id, cancelled.race.id));
    await cancelled.receive(60, NONE_YET);
    expect(await alertsOf(db, cancelled.admin, cancelled.race)).toEqual([]);
  });
});

describe("an answer that is put aside", () => {
  test("is told once, however often and in whatever words it comes, and again once another revision stands", async ({
    database: { db },
  }) => {
    const { admin, race, drivers, receive } = await aWatchedRace(db);
    const c = result(drivers);
    const twoWinners = answer({ race: c.race.map((car) => (car.position === 2 ? { ...car, position: 1 } : car)) });
    await receive(2, twoWinners);
    await receive(3, twoWinners);
    await receive(4, { kind: "unreadable", reason: "not JSON", body: "<html>" });
    expect(await alertsOf(db, admin, race)).toEqual(["held"]);
    await receive(5, answer(c));
    await receive(29, twoWinners);
    expect(await alertsOf(db, admin, race)).toEqual(["held", "held"]);
  });

  test("that is empty though there is a result is told as a loss, once for each revision", async ({
    database: { db },
  }) => {
    const { admin, race, drivers, receive } = await aWatchedRace(db);
    await record(db, race, result(drivers));
    for (const after of [27, 28, 99]) await receive(after, NONE_YET);
    expect(await alertsOf(db, admin, race)).toEqual(["vanished"]);
    await record(db, race, result(drivers.slice(1), at(drivers, 0)), 100);
    await receive(125, NONE_YET);
    expect(await alertsOf(db, admin, race)).toEqual(["vanished", "vanished"]);
  });
});

test("alerts are for whoever is an admin when they look", async ({ database: { db } }) => {
  const { admin, ann, race, receive } = await aWatchedRace(db);
  await receive(50, NONE_YET);
  await db.update(users).set({ role: "user" }).where(eq(users.id, admin.id));
  await db.update(users).set({ role: "admin" }).where(eq(users.id, ann.id));
  expect(await alertsOf(db, admin, race)).toEqual([]);
  expect(await alertsOf(db, ann, race)).toEqual(["no_result"]);
});
