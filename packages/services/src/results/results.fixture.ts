import type { Db } from "@pitwall/db/database";
import { looks } from "@pitwall/db/schema";
import type { Classification, ClassifiedCar } from "@pitwall/domain/classifications";
import { HOUR } from "@pitwall/domain/durations";
import type { Ruleset } from "@pitwall/domain/rulesets";
import {
  aRace,
  aSeason,
  aTeam,
  aUser,
  type BuiltDriver,
  type BuiltRace,
  lockNow,
  someDrivers,
} from "@pitwall/testing/builders";
import { eq } from "drizzle-orm";
import { asClock } from "../context.fixture.ts";
import { receiveAnswer } from "./receive.ts";

const SCALE = [250, 180, 150, 120, 100, 80, 60, 40, 20, 10];

/** The order as named, fastest lap for the winner; whoever is disqualified stands behind the others without points. */
export function result(order: readonly BuiltDriver[], disqualified: readonly BuiltDriver[] = []): Classification {
  const cars = [...order, ...disqualified].map((driver, index): ClassifiedCar => {
    const isClassified = index < order.length;
    return {
      driverId: driver.id,
      constructorId: driver.constructorId,
      number: driver.number,
      position: index + 1,
      finish: isClassified ? "classified" : "disqualified",
      grid: index + 1,
      laps: 57,
      points: isClassified ? (SCALE[index] ?? 0) : 0,
      fastestLap: index === 0,
    };
  });
  return { race: cars };
}

export function answer(classification: Classification) {
  return { kind: "classification" as const, classification, body: JSON.stringify(classification) };
}

/** A classification as the source would give it, received so many hours after the flag. */
export async function record(
  db: Db,
  race: BuiltRace,
  classification: Classification,
  hoursAfterFlag = 3,
): Promise<void> {
  const at = new Date(race.flagDueAt.getTime() + hoursAfterFlag * HOUR);
  await receiveAnswer(asClock(db, at), { raceId: race.id, source: "test", answer: answer(classification) });
}

/** A race of twenty cars that has locked, with two teams: one captained by the first driver, one by the second. */
export async function aLockedRace(db: Db, rules?: Ruleset) {
  const season = await aSeason(db, undefined, rules);
  const drivers = await someDrivers(db, season, Array(20).fill(150));
  const race = await aRace(db, { season, lockIn: HOUR, drivers });
  const [ann, ben] = [await aUser(db), await aUser(db)];
  const annsTeam = await aTeam(db, { owner: ann, season, lineup: { race, drivers: at(drivers, 0, 2, 4, 6, 8) } });
  const bensTeam = await aTeam(db, { owner: ben, season, lineup: { race, drivers: at(drivers, 1, 3, 5, 7, 9) } });
  const locked = await lockNow(db, race);
  const hours = (after: number) => new Date(locked.flagDueAt.getTime() + after * HOUR);
  return { season, drivers, race: locked, ann, ben, annsTeam, bensTeam, hours };
}

export function at(drivers: readonly BuiltDriver[], ...places: number[]): BuiltDriver[] {
  return places.flatMap((place) => drivers[place] ?? []);
}

/** The clock, and what its log was warned of. */
export function aListeningClock(db: Db, moment: Date) {
  const warned: unknown[] = [];
  const log = { info: () => undefined, warn: (...said: unknown[]) => void warned.push(said), error: () => undefined };
  return { warned, clock: { ...asClock(db, moment), log } };
}

/** Why each look at a race came to what it came to, the first look first. */
export async function reasonsOf(db: Db, race: BuiltRace) {
  return (await db.select().from(looks).where(eq(looks.raceId, race.id)).orderBy(looks.id)).map(({ reason }) => reason);
}
