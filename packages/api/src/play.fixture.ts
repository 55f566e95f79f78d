import type { Db } from "@pitwall/db/database";
import { DAY, HOUR } from "@pitwall/domain/durations";
import { standard } from "@pitwall/domain/rulesets";
import { asClock, contextAs } from "@pitwall/services/context.fixture";
import { receiveAnswer } from "@pitwall/services/results/receive";
import {
  aRace,
  aSeason,
  aTeam,
  aUser,
  type BuiltDriver,
  type BuiltRace,
  type BuiltTeam,
  type BuiltUser,
  lockNow,
  someDrivers,
} from "@pitwall/testing/builders";
import type { ApiContext } from "./context.ts";
import { type Caller, callerFor } from "./router.ts";

export interface Playable {
  readonly season: number;
  readonly race: BuiltRace;
  /** Five drivers within the rules. */
  readonly driverIds: string[];
  readonly captainId: string;
}

/** A season with one open race, and five drivers whom anybody may choose. */
export async function aPlayableSeason(db: Db): Promise<Playable> {
  const season = await aSeason(db);
  const drivers = await someDrivers(db, season);
  const race = await aRace(db, { season, lockIn: DAY, drivers });
  const driverIds = [0, 2, 4, 6, 8].map((at) => drivers[at]?.id ?? "");
  return { season, race, driverIds, captainId: driverIds[0] ?? "" };
}

export interface Scored {
  readonly season: number;
  readonly race: BuiltRace;
  readonly drivers: readonly BuiltDriver[];
  readonly owner: BuiltUser;
  readonly team: BuiltTeam;
}

/** A race that is over, with a result in the order of the drivers. Its one team has the winner as captain, and the fastest lap. */
export async function aScoredRace(db: Db): Promise<Scored> {
  const season = await aSeason(db);
  const drivers = await someDrivers(db, season, Array(20).fill(150));
  const race = await aRace(db, { season, lockIn: HOUR, drivers });
  const owner = await aUser(db);
  const five = drivers.filter((_, place) => place < 10 && place % 2 === 0);
  const team = await aTeam(db, { owner, season, lineup: { race, drivers: five } });
  const locked = await lockNow(db, race);
  const cars = drivers.map(({ id: driverId, constructorId, number }, place) => ({
    ...{
      driverId,
      constructorId,
      number,
      position: place + 1,
      finish: "classified" as const,
      grid: place + 1,
      laps: 57,
    },
    points: standard.racePoints[place] ?? 0,
    fastestLap: place === 0,
  }));
  const answer = { kind: "classification" as const, classification: { race: cars }, body: "as the source said it" };
  const clock = asClock(db, new Date(locked.flagDueAt.getTime() + HOUR));
  await receiveAnswer(clock, { raceId: race.id, source: "test", answer });
  return { season, race, drivers, owner, team };
}

export function guest(db: Db, own: Partial<ApiContext> = {}): Caller {
  return callerFor(contextAs(db, { kind: "guest", address: "192.0.2.7", device: null }), own);
}

export function callerOf(db: Db, user: BuiltUser, own: Partial<ApiContext> = {}): Caller {
  return callerFor(contextAs(db, { kind: user.role, userId: user.id, username: user.username, sessionId: null }), own);
}

export async function aCaller(
  db: Db,
  wanted: Parameters<typeof aUser>[1] = {},
): Promise<{ user: BuiltUser; caller: Caller }> {
  const user = await aUser(db, wanted);
  return { user, caller: callerOf(db, user) };
}
