import type { RaceFacts, SeasonFacts } from "@pitwall/db/facts";
import type { ClassifiedCar, FinishClass, SessionKind } from "@pitwall/domain/classifications";
import { fromTenths } from "@pitwall/domain/tenths";

const LISTS = { race: "Results", sprint: "SprintResults", qualifying: "QualifyingResults" } as const satisfies Record<
  SessionKind,
  string
>;

export interface ReplayedDocument {
  readonly facts: SeasonFacts;
  readonly season: string;
  readonly round: string;
  readonly session: SessionKind;
  /** Null for a round that the season does not have. */
  readonly race: RaceFacts | null;
  /** Empty while nothing is published. */
  readonly cars: readonly ClassifiedCar[];
  /** The address that was asked, and the rows that it wants. */
  readonly url: string;
  readonly limit: number;
}

/** A session's document word for word as Jolpica writes it: every value is text, and what is not there yet is an empty list. */
export function documentBody({ facts, season, round, session, race, cars, url, limit }: ReplayedDocument): string {
  const mostLaps = Math.max(0, ...cars.map((car) => car.laps));
  const rows = cars
    .slice(0, limit)
    .map((car) => (session === "qualifying" ? qualifyingRow(facts, car) : resultRow(facts, car, mostLaps)));
  const races = race && rows.length > 0 ? [{ ...raceHead(facts, race), [LISTS[session]]: rows }] : [];
  const page = { xmlns: "", series: "f1", url, limit: String(limit), offset: "0", total: String(cars.length) };
  return JSON.stringify({ MRData: { ...page, RaceTable: { season, round, Races: races } } });
}

export function raceHead(facts: SeasonFacts, race: RaceFacts) {
  const circuit = facts.circuits[race.circuitId];
  return {
    season: String(facts.season),
    round: String(race.round),
    url: "",
    raceName: race.name,
    Circuit: {
      circuitId: race.circuitId,
      url: "",
      circuitName: circuit?.name,
      Location: { locality: circuit?.locality, country: circuit?.country },
    },
    ...momentOnTheWire(race.sessions.race),
  };
}

/** To the second. */
export function momentOnTheWire(at: Date): { date: string | undefined; time: string | undefined } {
  const [date, time] = at.toISOString().replace(/\.\d+/, "").split("T");
  return { date, time };
}

function resultRow(facts: SeasonFacts, car: ClassifiedCar, mostLaps: number) {
  const { number, position, ...driverAndConstructor } = carRow(facts, car);
  return {
    number,
    position,
    positionText: POSITION_TEXTS[car.finish] ?? position,
    points: String(fromTenths(car.points)),
    ...driverAndConstructor,
    grid: car.grid === null ? null : String(car.grid),
    laps: String(car.laps),
    status: car.finish === "classified" && car.laps < mostLaps ? "Lapped" : STATUSES[car.finish],
    ...(car.fastestLap && { FastestLap: { rank: "1" } }),
  };
}

/** No times are shipped. Where they tell how a car fared, there is one as empty or as left standing as the source has it. */
function qualifyingRow(facts: SeasonFacts, car: ClassifiedCar) {
  return { ...carRow(facts, car), ...QUALIFYING_TIMES[car.finish] };
}

const QUALIFYING_TIMES: Readonly<Partial<Record<FinishClass, { readonly Q1: string; readonly Q2?: string }>>> = {
  not_classified: { Q1: "" },
  disqualified: { Q1: "", Q2: "1:30.000" },
};

const POSITION_TEXTS: Readonly<Partial<Record<FinishClass, string>>> = {
  not_classified: "R",
  not_started: "W",
  disqualified: "D",
};

const STATUSES: Readonly<Record<FinishClass, string>> = {
  classified: "Finished",
  not_classified: "Retired",
  not_started: "Did not start",
  disqualified: "Disqualified",
};

function carRow(facts: SeasonFacts, car: ClassifiedCar) {
  const constructor = facts.constructors[car.constructorId];
  return {
    number: String(car.number),
    position: String(car.position),
    Driver: driverHead(facts, car.driverId),
    Constructor: {
      constructorId: car.constructorId,
      url: "",
      name: constructor?.name,
      nationality: constructor?.nationality,
    },
  };
}

export function driverHead(facts: SeasonFacts, driverId: string) {
  const driver = facts.drivers[driverId];
  return {
    driverId,
    permanentNumber: driver && String(driver.number),
    code: driver?.code,
    url: "",
    givenName: driver?.givenName,
    familyName: driver?.familyName,
    dateOfBirth: driver?.dateOfBirth,
    nationality: driver?.nationality,
  };
}
