import type { Db } from "@pitwall/db/database";
import { HOUR } from "@pitwall/domain/durations";
import { standard } from "@pitwall/domain/rulesets";
import { lineupLedger, scoreDrivers } from "@pitwall/domain/scoring";
import { type Placed, rankTeams } from "@pitwall/domain/standings";
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
import { at, record, result } from "../results/results.fixture.ts";
import { type Entrant, finishing } from "./standings.fixture.ts";
import type { StandingsOrder } from "./views.ts";

/** As the rules of the game work them out, from ledgers, in memory. */
export interface Expected extends Placed {
  readonly racePoints: number;
}

type Told = readonly { readonly race: number; readonly finish: readonly number[] }[];

const CARS = 20;
const SHARED = [16, 17, 18, 19];

export interface Played {
  readonly year: number;
  readonly drivers: readonly BuiltDriver[];
  readonly races: readonly BuiltRace[];
  readonly entrants: readonly Entrant[];
  /** By race and revision: what stood after it, and what had stood after the race before. */
  readonly expected: ReadonlyMap<string, { after: readonly Expected[]; before: readonly Expected[] | null }>;
}

/** Plays what was told, race by race, and keeps what the rules make of it beside it. */
export async function play(
  db: Db,
  captains: readonly number[],
  told: Told,
  count: number,
  then: (played: Played) => Promise<void> = async () => undefined,
): Promise<Played> {
  const year = await aSeason(db);
  const drivers = await someDrivers(db, year, Array(CARS).fill(150));
  const races: BuiltRace[] = [];
  for (let n = 0; n < count; n += 1) races.push(await aRace(db, { season: year, lockIn: HOUR, drivers }));
  const [opening] = races;
  if (!opening) throw new Error("a season needs a race");
  const entrants: Entrant[] = [];
  for (const captain of captains) {
    const owner = await aUser(db);
    const lineup = captain < 4 && { lineup: { race: opening, drivers: at(drivers, captain, ...SHARED) } };
    entrants.push({ owner, team: await aTeam(db, { owner, season: year, ...lineup }) });
  }
  for (const [n, race] of races.entries()) races[n] = await lockNow(db, race);

  const finishes: (readonly number[] | null)[] = races.map(() => null);
  const revisions = races.map(() => 0);
  const expected = new Map<string, { after: Expected[]; before: Expected[] | null }>();
  for (const { race, finish } of told) {
    const place = races[race];
    if (!place) throw new Error("no such race");
    const before = finishes[race];
    await record(db, place, result(finishing(drivers, finish)), 3 + 24 * (revisions[race] ?? 0));
    if (before && orderOf(drivers, before) === orderOf(drivers, finish)) continue;
    finishes[race] = finish;
    revisions[race] = (revisions[race] ?? 0) + 1;
    let carried: Expected[] | null = null;
    for (const [n, said] of finishes.entries()) {
      if (!said) continue;
      const after = standingsAfter(drivers, captains, entrants, said, carried);
      if (n >= race) expected.set(`${n} ${revisions[n]}`, { after, before: carried });
      carried = after;
    }
  }
  const played = { year, drivers, races, entrants, expected };
  await then(played);
  return played;
}

function orderOf(drivers: readonly BuiltDriver[], finish: readonly number[]): string {
  return finishing(drivers, finish)
    .map(({ id }) => id)
    .join();
}

function standingsAfter(
  drivers: readonly BuiltDriver[],
  captains: readonly number[],
  entrants: readonly Entrant[],
  finish: readonly number[],
  carried: readonly Expected[] | null,
): Expected[] {
  const classification = result(finishing(drivers, finish));
  const scores = new Map(scoreDrivers(classification, standard).map((score) => [score.driverId, score]));
  return entrants.map(({ team }, n) => {
    const captain = captains[n] ?? 4;
    const driverIds = at(drivers, captain, ...SHARED).map(({ id }) => id);
    const captainId = driverIds[0] ?? "";
    const points = captain < 4 ? lineupLedger({ driverIds, captainId }, scores, standard).points : null;
    const before = carried?.find(({ teamId }) => teamId === team.id);
    return {
      teamId: team.id,
      racePoints: points ?? 0,
      total: (before?.total ?? 0) + (points ?? 0),
      best: Math.max(before?.best ?? points ?? 0, points ?? before?.best ?? 0),
    };
  });
}

/** By the points of the race, the whole place decides among equals. */
function ranked(teams: readonly Expected[], by: StandingsOrder) {
  if (by === "total") return rankTeams(teams);
  return rankTeams(teams.map((team) => ({ ...team, total: team.racePoints, best: team.total * 100_000 + team.best })));
}

export interface Wanted {
  readonly after: readonly Expected[];
  readonly before: readonly Expected[] | null;
  readonly by: StandingsOrder;
}

export function wanted(entrants: readonly Entrant[], { after, before, by }: Wanted) {
  const ids = new Set(entrants.map(({ team }) => team.id));
  const among = (teams: readonly Expected[] | null) => ranked(teams?.filter(({ teamId }) => ids.has(teamId)) ?? [], by);
  const earlier = new Map(among(before).map(({ teamId, rank }) => [teamId, rank]));
  return among(after).map(({ rank, teamId }) => {
    const points = after.find((team) => team.teamId === teamId);
    const rankBefore = earlier.get(teamId);
    return {
      rank,
      teamId,
      total: points?.total,
      racePoints: points?.racePoints,
      rankChange: rankBefore === undefined ? null : rankBefore - rank,
    };
  });
}
