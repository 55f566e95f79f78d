import { readdirSync, readFileSync } from "node:fs";
import type { Classification, ClassifiedCar, FinishClass } from "@pitwall/domain/classifications";
import type { SessionName, SessionTimes } from "@pitwall/domain/races";
import { type Tenths, toTenths } from "@pitwall/domain/tenths";
import { list, number, object, text, whole } from "./facts-cells.ts";

/** Everything that is shipped of a season. */
export interface SeasonFacts {
  readonly season: number;
  readonly attribution: string;
  readonly ruleset: string;
  /** Up to when the results of the season were followed: what happened later is not in here. */
  readonly knownAt: Date;
  readonly circuits: Readonly<Record<string, CircuitFacts>>;
  readonly constructors: Readonly<Record<string, ConstructorFacts>>;
  readonly drivers: Readonly<Record<string, DriverFacts>>;
  /** In the order of the calendar. */
  readonly races: readonly RaceFacts[];
}

export interface CircuitFacts {
  readonly name: string;
  readonly locality: string;
  readonly country: string;
}

export interface ConstructorFacts {
  readonly name: string;
  readonly nationality: string;
}

export interface DriverFacts {
  readonly givenName: string;
  readonly familyName: string;
  readonly code: string;
  /** On the car of the driver's last entry of the season. */
  readonly number: number;
  readonly nationality: string;
  readonly dateOfBirth: string;
  readonly price: Tenths;
}

export interface RaceFacts {
  readonly slug: string;
  readonly round: number;
  readonly name: string;
  readonly circuitId: string;
  readonly sessions: SessionTimes;
  /** Who took part in the weekend; for a race to come, who took part in the last one known. */
  readonly entries: readonly EntryFacts[];
  /** In the order of publication; none for a race without a known result. */
  readonly revisions: readonly RevisionFacts[];
}

export interface EntryFacts {
  readonly driverId: string;
  readonly constructorId: string;
  readonly number: number;
}

export interface RevisionFacts {
  /** Counted from an hour and a half after the start. */
  readonly hoursAfterFlag: number;
  /** Every session as it stood then. */
  readonly classification: Classification;
}

const SEASONS = new URL("../seasons/", import.meta.url);

/** The seasons whose facts are shipped, oldest first. */
export function shippedSeasons(): number[] {
  return readdirSync(SEASONS)
    .map((file) => /^(\d{4})\.json$/.exec(file)?.[1])
    .filter((year) => year !== undefined)
    .map(Number)
    .sort((a, b) => a - b);
}

/** Reads the facts of a shipped season from its file. */
export function seasonFacts(year: number): SeasonFacts {
  const file = object(JSON.parse(readFileSync(new URL(`${year}.json`, SEASONS), "utf8")));
  return {
    season: whole(file.season),
    attribution: text(file.attribution),
    ruleset: text(file.ruleset),
    knownAt: moment(file.knownAt),
    circuits: byId(file.circuits, ([id, name, locality, country]) => [
      text(id),
      { name: text(name), locality: text(locality), country: text(country) },
    ]),
    constructors: byId(file.constructors, ([id, name, nationality]) => [
      text(id),
      { name: text(name), nationality: text(nationality) },
    ]),
    drivers: byId(file.drivers, ([id, ...cells]) => [text(id), driverOf(cells)]),
    races: list(file.races).map(raceOf),
  };
}

function byId<Facts>(rows: unknown, entryOf: (cells: readonly unknown[]) => [string, Facts]): Record<string, Facts> {
  return Object.fromEntries(list(rows).map((row) => entryOf(list(row))));
}

function driverOf([
  givenName,
  familyName,
  code,
  car,
  nationality,
  dateOfBirth,
  price,
]: readonly unknown[]): DriverFacts {
  return {
    givenName: text(givenName),
    familyName: text(familyName),
    code: text(code),
    number: whole(car),
    nationality: text(nationality),
    dateOfBirth: text(dateOfBirth),
    price: toTenths(number(price)),
  };
}

function raceOf(value: unknown): RaceFacts {
  const race = object(value);
  const entries = list(race.entries).map((row): EntryFacts => {
    const [driverId, constructorId, car] = list(row);
    return { driverId: text(driverId), constructorId: text(constructorId), number: whole(car) };
  });
  return {
    slug: text(race.slug),
    round: whole(race.round),
    name: text(race.name),
    circuitId: text(race.circuit),
    sessions: sessionsOf(race.sessions),
    entries,
    revisions: revisionsOf(list(race.revisions), new Map(entries.map((entry) => [entry.driverId, entry]))),
  };
}

const SESSIONS: readonly SessionName[] = ["fp1", "fp2", "fp3", "sprint_qualifying", "sprint", "qualifying"];

function sessionsOf(value: unknown): SessionTimes {
  const sessions = object(value);
  const held = SESSIONS.filter((name) => sessions[name] !== undefined);
  return { ...Object.fromEntries(held.map((name) => [name, moment(sessions[name])])), race: moment(sessions.race) };
}

type Entries = ReadonlyMap<string, EntryFacts>;

/** A session that a revision does not mention is as it was in the one before. */
function revisionsOf(rows: readonly unknown[], entries: Entries): RevisionFacts[] {
  const revisions: RevisionFacts[] = [];
  for (const row of rows) {
    const { hoursAfterFlag, race, sprint, qualifying } = object(row);
    const before = revisions.at(-1)?.classification;
    const changed = {
      ...(race !== undefined && { race: carsOf(race, entries) }),
      ...(sprint !== undefined && { sprint: carsOf(sprint, entries) }),
      ...(qualifying !== undefined && { qualifying: qualifyingOf(qualifying, entries) }),
    };
    revisions.push({ hoursAfterFlag: number(hoursAfterFlag), classification: { race: [], ...before, ...changed } });
  }
  return revisions;
}

const FINISHES: Readonly<Record<string, FinishClass>> = {
  C: "classified",
  NC: "not_classified",
  DNS: "not_started",
  DSQ: "disqualified",
};

function carsOf(rows: unknown, entries: Entries): ClassifiedCar[] {
  return list(rows).map((row, index) => {
    const [driverId, finish, grid, laps, points, mark] = list(row);
    return {
      ...entryOf(text(driverId), entries),
      position: index + 1,
      finish: known(FINISHES[text(finish)], `the class ${finish}`),
      grid: grid === null ? null : whole(grid),
      laps: whole(laps),
      points: toTenths(number(points)),
      fastestLap: mark === "FL",
    };
  });
}

/** Qualifying has an order, and a word on whoever is in it without a place. */
function qualifyingOf(rows: unknown, entries: Entries): ClassifiedCar[] {
  return list(rows).map((row, index) => {
    const [driverId, finish = "C"] = typeof row === "string" ? [row] : list(row);
    return {
      ...entryOf(text(driverId), entries),
      position: index + 1,
      finish: known(FINISHES[text(finish)], `the class ${finish}`),
      grid: null,
      laps: 0,
      points: 0,
      fastestLap: false,
    };
  });
}

function entryOf(driverId: string, entries: Entries): EntryFacts {
  return known(entries.get(driverId), `an entry of ${driverId}`);
}

function known<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new TypeError(`A season's file lacks ${what}.`);
  return value;
}

function moment(value: unknown): Date {
  const at = new Date(text(value));
  if (Number.isNaN(at.getTime())) throw new TypeError(`A season's file has ${value} for a moment.`);
  return at;
}
