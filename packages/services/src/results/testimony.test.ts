import type { Db } from "@pitwall/db/database";
import { test } from "@pitwall/testing/database";
import { describe, expect } from "vitest";
import { asClock } from "../context.fixture.ts";
import { feedStates } from "./feed.ts";
import { receiveAnswer } from "./receive.ts";
import { aLockedRace, at, record, result } from "./results.fixture.ts";
import { noteTestimony, type Testimony, type WitnessedCar } from "./testimony.ts";

async function aWatchedRace(db: Db) {
  const made = await aLockedRace(db);
  const { race, season, drivers, hours } = made;
  return {
    ...made,
    order: (changes: Readonly<Record<number, Partial<WitnessedCar>>> = {}): Testimony => ({
      kind: "order",
      cars: drivers.map(({ number }, index) => ({
        number,
        position: index + 1,
        isDisqualified: false,
        ...changes[index + 1],
      })),
    }),
    hear: (testimony: Testimony, after = 3) =>
      noteTestimony(asClock(db, hours(after)), { raceId: race.id, witness: "Marshal", testimony }),
    lastLook: async () => (await feedStates(asClock(db, hours(4)), { season })).items[0]?.lastLook,
  };
}

describe("while there is no result, a witness", () => {
  test("is noted beside the look, in words", async ({ database: { db } }) => {
    const { race, hours, hear, order, lastLook } = await aWatchedRace(db);
    await receiveAnswer(asClock(db, hours(3)), { raceId: race.id, source: "test", answer: { kind: "none_yet" } });
    expect(await lastLook()).toMatchObject({ outcome: "none_yet", remark: null });
    expect(await hear(order())).toBe("Marshal lists an order of 20, led by No 1.");
    expect(await lastLook()).toMatchObject({
      outcome: "none_yet",
      remark: "Marshal lists an order of 20, led by No 1.",
    });
    expect(await hear(order({ 1: { number: 99 } }))).toBe("Marshal lists an order of 20, led by No 99.");
    expect(await hear(order({ 1: { position: null } }))).toBe("Marshal lists an order of 20.");
    expect(await hear({ kind: "none_yet", endsAt: hours(3) })).toBe("Marshal has no order yet either.");
    expect(await hear({ kind: "none_yet", endsAt: hours(4) })).toBe(
      `Marshal has the race end at ${hours(4).toISOString()}.`,
    );
    expect(await hear({ kind: "silent", reason: "it sleeps" })).toBe("Marshal says nothing: it sleeps");
  });
});

describe("once there is a result, a witness", () => {
  test("agrees in all that scores", async ({ database: { db } }) => {
    const { race, drivers, hear, order } = await aWatchedRace(db);
    await record(db, race, result(drivers.slice(0, 19), at(drivers, 19)));
    expect(await hear(order({ 20: { position: null, isDisqualified: true } }))).toBe("Marshal says the same.");
  });

  test("disagrees about places and disqualifications, and nothing follows", async ({ database: { db } }) => {
    const { race, drivers, hear, order, lastLook } = await aWatchedRace(db);
    await record(db, race, result(drivers.slice(0, 19), at(drivers, 19)));
    const [second, third, last] = at(drivers, 1, 2, 19).map(({ id }) => id);
    expect(await hear(order({ 2: { position: 3 }, 3: { position: null, isDisqualified: true } }))).toBe(
      `Marshal disagrees: ${second} 3, here 2; ${third} disqualified, here 3; ${last} 20, here disqualified.`,
    );
    expect(await lastLook()).toMatchObject({ outcome: "recorded", remark: expect.stringContaining("disagrees") });
    const none = await hear({ kind: "order", cars: [] });
    expect(none).toMatch(
      /^Marshal disagrees: (driver_\S+ not listed, here \d; ){4}driver_\S+ not listed, here 5; and 15 more\.$/,
    );
  });
});
