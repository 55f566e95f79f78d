import type { Db } from "@pitwall/db/database";
import { teams } from "@pitwall/db/schema";
import { HOUR } from "@pitwall/domain/durations";
import {
  aRace,
  aSeason,
  aTeam,
  aUser,
  type BuiltDriver,
  type BuiltTeam,
  type BuiltUser,
  lockNow,
  someDrivers,
} from "@pitwall/testing/builders";
import { eq } from "drizzle-orm";
import { at, record, result } from "../results/results.fixture.ts";

export interface Entrant {
  readonly owner: BuiltUser;
  readonly team: BuiltTeam;
}

/**
 * A season of two races that are over. Each team is captained by the driver of its place in `captains`; the other four are
 * the same for all and score nothing, so that only captains tell teams apart. The races end in the order of `finishes`, in
 * which drivers are named by their places; whoever is not named comes in after them.
 */
export async function aPlayedSeason(
  db: Db,
  { captains, finishes }: { readonly captains: readonly number[]; readonly finishes: readonly (readonly number[])[] },
) {
  const season = await aSeason(db);
  const drivers = await someDrivers(db, season, Array(20).fill(150));
  const first = await aRace(db, { season, lockIn: HOUR, drivers });
  const entrants: Entrant[] = [];
  for (const captain of captains) {
    const owner = await aUser(db);
    const lineup = { race: first, drivers: at(drivers, captain, 16, 17, 18, 19) };
    entrants.push({ owner, team: await aTeam(db, { owner, season, lineup }) });
  }
  const slugs: string[] = [];
  for (const finish of finishes) {
    const open = slugs.length === 0 ? first : await aRace(db, { season, lockIn: HOUR, drivers });
    const race = await lockNow(db, open);
    await record(db, race, result(finishing(drivers, finish)));
    slugs.push(race.slug);
  }
  return { season, drivers, entrants, slugs };
}

export function finishing(drivers: readonly BuiltDriver[], places: readonly number[]): BuiltDriver[] {
  return [...at(drivers, ...places), ...drivers.filter((_, place) => !places.includes(place))];
}

/** A team entered at a moment of its own. */
export async function enteredAt(db: Db, season: number, createdAt: Date): Promise<Entrant> {
  const owner = await aUser(db);
  const team = await aTeam(db, { owner, season });
  await db.update(teams).set({ createdAt }).where(eq(teams.id, team.id));
  return { owner, team };
}
