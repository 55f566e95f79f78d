import { join } from "node:path";
import { raceSlug } from "@pitwall/domain/races";
import {
  carsIn,
  constructorsIn,
  driversIn,
  type ErgastCar,
  type ErgastRace,
  finalPointsIn,
  type Points,
  racesIn,
} from "./ergast.ts";
import { prices } from "./prices.ts";
import { knownAt } from "./publications.ts";
import { revisionsOf, twoDigits } from "./revisions.ts";
import standings2024 from "./standings-2024.json" with { type: "json" };

type EntryRow = readonly [driverId: string, constructorId: string, number: number];

/** A team that goes on under another name keeps its past. */
const PREDECESSORS: Readonly<Record<string, string>> = { audi: "sauber" };

/** The season in the shape of its file. */
export function convertSeason(folder: string, season: number) {
  const calendar = racesIn(folder, season);
  const raced = calendar.map((race) => entriesOf(folder, season, race.round));
  const lists = raced.map((_, index) => raced.slice(0, index + 1).findLast((list) => list.length > 0) ?? []);
  const drivers = driversIn(folder, season).sort(byId((driver) => driver.driverId));
  const field = drivers.map(({ driverId }) => ({
    driverId,
    constructorId: lists.flat().find(([id]) => id === driverId)?.[1] ?? "",
  }));
  const price = pricesOf(finalPointsIn(folder, season - 1) ?? rememberedPoints(season - 1), field);
  const circuits = new Map(calendar.map(({ Circuit }) => [Circuit.circuitId, Circuit]));
  return {
    season,
    attribution: "Season data: F1DB (CC BY 4.0)",
    ruleset: "standard-1",
    knownAt: knownAt(season),
    circuits: [...circuits.values()]
      .sort(byId(({ circuitId }) => circuitId))
      .map(({ circuitId, circuitName, Location }) => [circuitId, circuitName, Location.locality, Location.country]),
    constructors: constructorsIn(folder, season)
      .sort(byId(({ constructorId }) => constructorId))
      .map(({ constructorId, name, nationality }) => [constructorId, name, nationality]),
    drivers: drivers.map((driver) => [
      driver.driverId,
      driver.givenName,
      driver.familyName,
      driver.code,
      lastEntry(lists, driver.driverId)?.[2] ?? null,
      driver.nationality,
      driver.dateOfBirth,
      price.get(driver.driverId),
    ]),
    races: calendar.map((race, index) => ({
      slug: raceSlug(race.raceName),
      round: race.round,
      name: race.raceName,
      circuit: race.Circuit.circuitId,
      sessions: sessionsOf(race),
      entries: lists[index],
      revisions: revisionsOf(folder, season, race.round),
    })),
  };
}

function sessionsOf(race: ErgastRace) {
  const sessions = {
    fp1: race.FirstPractice,
    fp2: race.SecondPractice,
    fp3: race.ThirdPractice,
    sprint_qualifying: race.SprintQualifying,
    sprint: race.Sprint,
    qualifying: race.Qualifying,
    race: { date: race.date, time: race.time },
  };
  return Object.fromEntries(Object.entries(sessions).map(([name, at]) => [name, at && `${at.date}T${at.time}`]));
}

/** Everybody who took part in any session of the weekend. */
function entriesOf(folder: string, season: number, round: number): EntryRow[] {
  const documents = ["results", "qualifying", "sprint", "sprint-qualifying"];
  const cars = documents.flatMap((document) => carsIn(join(folder, `${season}`, document, `${twoDigits(round)}.json`)));
  const entries = new Map(cars.map((car) => [car.Driver.driverId, entryOf(car)]));
  return [...entries.values()].sort(([, a, m], [, b, n]) => a.localeCompare(b, "en") || m - n);
}

function entryOf(car: ErgastCar): EntryRow {
  return [car.Driver.driverId, car.Constructor.constructorId, car.number];
}

function lastEntry(lists: readonly (readonly EntryRow[])[], driverId: string): EntryRow | undefined {
  return lists.flat().findLast(([id]) => id === driverId);
}

/** A seat belongs to the constructor of the season's first entry. */
function pricesOf(past: Points, field: readonly { readonly driverId: string; readonly constructorId: string }[]) {
  const prospects = field.map(({ driverId, constructorId }) => {
    const car = past.constructors.get(PREDECESSORS[constructorId] ?? constructorId) ?? 0;
    return { driverId, ownPoints: past.drivers.get(driverId) ?? null, seatPoints: car / 2 };
  });
  return prices(prospects);
}

function rememberedPoints(season: number): Points {
  if (season !== 2024) throw new Error(`prices need the points of ${season}: put its standings into the folder`);
  return {
    drivers: new Map(Object.entries(standings2024.drivers)),
    constructors: new Map(Object.entries(standings2024.constructors)),
  };
}

function byId<Item>(id: (item: Item) => string) {
  return (a: Item, b: Item) => id(a).localeCompare(id(b), "en");
}
