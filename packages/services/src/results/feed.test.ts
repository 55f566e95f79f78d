import type { Db } from "@pitwall/db/database";
import { races } from "@pitwall/db/schema";
import { test } from "@pitwall/testing/database";
import { eq } from "drizzle-orm";
import { expect } from "vitest";
import { asClock } from "../context.fixture.ts";
import type { Answer } from "./answers.ts";
import { feedStates, heldBody } from "./feed.ts";
import { receiveAnswer } from "./receive.ts";
import { aLockedRace, answer, result } from "./results.fixture.ts";

async function aFeed(db: Db) {
  const { season, race, drivers, hours } = await aLockedRace(db);
  const look = (after: number, said: Answer) =>
    receiveAnswer(asClock(db, hours(after)), { raceId: race.id, source: "test", answer: said });
  const state = async (after: number) => {
    const { items } = await feedStates(asClock(db, hours(after)), { season });
    return items.find(({ slug }) => slug === race.slug);
  };
  return { season, race, hours, look, state, whole: answer(result(drivers)) };
}

test("a result is followed from its flag to the end of the watch, in one word", async ({ database: { db } }) => {
  const { race, look, state, whole } = await aFeed(db);
  const stages: (string | undefined)[] = [(await state(-1))?.stage, (await state(1))?.stage, (await state(49))?.stage];
  await look(50, whole);
  for (const after of [51, 75, 99, 123]) {
    if (after > 51) await look(after, whole);
    stages.push((await state(after))?.stage);
  }
  await db.update(races).set({ cancelledAt: new Date() }).where(eq(races.id, race.id));
  stages.push((await state(124))?.stage);
  expect(stages).toEqual([
    ...["waiting", "polling", "overdue"],
    ...["recorded", "checking", "checking", "watched", "cancelled"],
  ]);
});

test("is told with its revisions, its checks, its looks and their troubles", async ({ database: { db } }) => {
  const { season, race, hours, look, state, whole } = await aFeed(db);
  await look(3, whole);
  await look(27, whole);
  for (const after of [51, 52]) await look(after, { kind: "failed", reason: "The source answered 502." });
  expect(await state(52)).toEqual({
    ...{ season, slug: race.slug, name: race.name, stage: "checking", phase: "checking" },
    ...{ revision: 1, recordedAt: hours(3), checksPassed: 1, checksWanted: 3, nextLookAt: hours(51) },
    revisions: [{ revision: 1, recordedAt: hours(3), source: "test" }],
    lastLook: { at: hours(52), outcome: "failed", reason: "The source answered 502.", remark: null },
    troubles: { looks: 2, since: hours(51) },
    held: [],
  });
  await look(53, whole);
  expect(await state(53)).toMatchObject({ checksPassed: 2, troubles: null, nextLookAt: hours(75) });
});

test("an answer that is held is told of with its reasons, and can be read whole", async ({ database: { db } }) => {
  const { season, race, hours, look, state } = await aFeed(db);
  const said = { kind: "unreadable", reason: "The body is no JSON.", body: "<html>busy</html>" } as const;
  for (const after of [3, 4]) await look(after, said);
  const found = await state(4);
  expect(found).toMatchObject({ stage: "held", troubles: { looks: 2 } });
  const [held] = found?.held ?? [];
  const summary = { reasons: [said.reason], firstHeldAt: hours(3), lastHeldAt: hours(4), times: 2 };
  expect(held).toEqual({ id: expect.any(Number), ...summary });
  const whole = { id: held?.id, ...summary, season, slug: race.slug, body: said.body };
  expect(await heldBody(asClock(db, hours(4)), { id: held?.id ?? 0 })).toEqual(whole);
  await expect(heldBody(asClock(db, hours(4)), { id: 1_000_000 })).rejects.toMatchObject({
    reason: "feed.no_such_body",
  });
});
