import type { Db } from "@pitwall/db/database";
import { heldBodies, looks, raceEntries, races } from "@pitwall/db/schema";
import { HOUR, MINUTE } from "@pitwall/domain/durations";
import { type BuiltDriver, someDrivers } from "@pitwall/testing/builders";
import { test } from "@pitwall/testing/database";
import { desc, eq } from "drizzle-orm";
import { describe, expect } from "vitest";
import { asClock } from "../context.fixture.ts";
import { receiveAnswer } from "./receive.ts";
import { aLockedRace, answer, result } from "./results.fixture.ts";

async function aRaceToCome(db: Db) {
  const locked = await aLockedRace(db);
  const { race, hours, drivers } = locked;
  return {
    ...locked,
    /** The source says so after so many hours, from a copy that it made some minutes before. */
    say(after: number, order: readonly BuiltDriver[], minutesOld = 0) {
      const at = hours(after);
      const copy = { madeAt: new Date(at.getTime() - minutesOld * MINUTE), freshUntil: new Date(at.getTime() + HOUR) };
      return receiveAnswer(asClock(db, at), {
        raceId: race.id,
        source: "test",
        answer: { ...answer(result(order)), copy },
      });
    },
    async reason() {
      const [look] = await db.select().from(looks).where(eq(looks.raceId, race.id)).orderBy(desc(looks.id)).limit(1);
      return look?.reason;
    },
    async row() {
      const [row] = await db.select().from(races).where(eq(races.id, race.id));
      return row;
    },
    without: (count: number) => drivers.slice(0, drivers.length - count),
  };
}

describe("a document with fewer cars than were entered", () => {
  test("is held while it is being typed in, and counts once it is whole", async ({ database: { db } }) => {
    const { race, drivers, say, reason, row, without } = await aRaceToCome(db);
    expect(await say(3, without(10))).toBe("held");
    expect(await reason()).toContain("lists only 10 cars");
    expect(await say(4, without(1))).toBe("held");
    expect(await reason()).toMatch(/^1 of the cars that were to start is not listed \(constructor_\d+_10\)/);
    const held = await db
      .select()
      .from(heldBodies)
      .where(eq(heldBodies.raceId, race.id))
      .orderBy(heldBodies.firstHeldAt);
    expect(held[1]?.reasons).toEqual([await reason()]);
    expect(await say(5, drivers)).toBe("recorded");
    expect(await row()).toMatchObject({ revision: 1 });
  });

  test("counts once the source says so from another copy: who withdrew is left out for good", async ({
    database: { db },
  }) => {
    const { say, row, hours, without } = await aRaceToCome(db);
    expect(await say(3, without(1))).toBe("held");
    expect(await row()).toMatchObject({ revision: null, lookedAt: null, copyFreshUntil: hours(4) });
    // The same copy again, when somebody asks within the hour.
    expect(await say(3.5, without(1), 30)).toBe("held");
    expect(await say(4, without(1))).toBe("recorded");
    expect(await say(28, without(1))).toBe("unchanged");
  });

  test("is asked for twice anew when it said something else meanwhile", async ({ database: { db } }) => {
    const { drivers, say, without } = await aRaceToCome(db);
    const swapped = [...drivers.slice(1, 2), ...drivers.slice(0, 1), ...drivers.slice(2, 19)];
    expect(await say(3, without(1))).toBe("held");
    expect(await say(4, swapped)).toBe("held");
    expect(await say(5, swapped)).toBe("recorded");
  });

  test("never counts while more are missing than may have withdrawn", async ({ database: { db } }) => {
    const { season, race, drivers, say, reason, without } = await aRaceToCome(db);
    const late = await someDrivers(db, season, [150, 150]);
    await db
      .insert(raceEntries)
      .values(
        late.map(({ id: driverId, constructorId, number }) => ({ raceId: race.id, driverId, constructorId, number })),
      );
    for (const hour of [3, 4, 5]) expect(await say(hour, without(1))).toBe("held");
    expect(await reason()).toMatch(
      /^3 of the cars that were to start are not listed .*: the result is not complete yet\.$/,
    );
    expect(await say(6, drivers)).toBe("held");
    expect(await say(7, drivers)).toBe("recorded");
  });

  test("is held as a correction too, since a row may be lost for a while", async ({ database: { db } }) => {
    const { drivers, say, row, without } = await aRaceToCome(db);
    expect(await say(3, drivers)).toBe("recorded");
    expect(await say(27, without(1))).toBe("held");
    expect(await say(28, drivers)).toBe("unchanged");
    expect(await row()).toMatchObject({ revision: 1 });
  });
});
