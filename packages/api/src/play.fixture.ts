import type { Db } from "@pitwall/db/database";
import { DAY } from "@pitwall/domain/durations";
import { contextAs } from "@pitwall/services/context.fixture";
import { aRace, aSeason, aUser, type BuiltRace, type BuiltUser, someDrivers } from "@pitwall/testing/builders";
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

/** The kind of thing no answer, header or log line may say, whatever went wrong. */
export const LEAK =
  /Failed query|params:|violates .* constraint|\$argon2|postgres(ql)?:\/\/|redis:\/\/|node_modules|\bat .+:\d+:\d+|ECONN|ENOTFOUND|Unexpected token/;
