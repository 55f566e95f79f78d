import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const moment = z.object({ date: z.string(), time: z.string() });
const driver = z.object({
  driverId: z.string(),
  code: z.string(),
  givenName: z.string(),
  familyName: z.string(),
  nationality: z.string(),
  dateOfBirth: z.string(),
});
const constructorFields = z.object({ constructorId: z.string(), name: z.string(), nationality: z.string() });
const car = z.object({
  number: z.coerce.number(),
  Driver: z.object({ driverId: z.string() }),
  Constructor: z.object({ constructorId: z.string() }),
});
const result = car.extend({
  positionText: z.string(),
  status: z.string(),
  points: z.coerce.number(),
  grid: z.coerce.number().nullable().default(null),
  laps: z.coerce.number(),
  FastestLap: z.object({ rank: z.string() }).optional(),
});
const qualified = car.extend({ Q1: z.string().optional(), Q2: z.string().optional(), Q3: z.string().optional() });
const race = z.object({
  round: z.coerce.number(),
  raceName: z.string(),
  Circuit: z.object({
    circuitId: z.string(),
    circuitName: z.string(),
    Location: z.object({ locality: z.string(), country: z.string() }),
  }),
  ...moment.shape,
  FirstPractice: moment.optional(),
  SecondPractice: moment.optional(),
  ThirdPractice: moment.optional(),
  SprintQualifying: moment.optional(),
  Sprint: moment.optional(),
  Qualifying: moment.optional(),
});

export type ErgastRace = z.infer<typeof race>;
export type ErgastCar = z.infer<typeof car>;
export type ErgastQualified = z.infer<typeof qualified>;
export type ErgastResult = z.infer<typeof result>;
export type ErgastDriver = z.infer<typeof driver>;
export type ErgastConstructor = z.infer<typeof constructorFields>;
export interface Points {
  readonly drivers: ReadonlyMap<string, number>;
  readonly constructors: ReadonlyMap<string, number>;
}

export function racesIn(folder: string, season: number): ErgastRace[] {
  return read(join(folder, `${season}`, "races.json"), z.object({ RaceTable: z.object({ Races: z.array(race) }) }))
    .RaceTable.Races;
}

export function driversIn(folder: string, season: number): ErgastDriver[] {
  const table = z.object({ DriverTable: z.object({ Drivers: z.array(driver) }) });
  return read(join(folder, `${season}`, "drivers.json"), table).DriverTable.Drivers;
}

export function constructorsIn(folder: string, season: number): ErgastConstructor[] {
  const table = z.object({ ConstructorTable: z.object({ Constructors: z.array(constructorFields) }) });
  return read(join(folder, `${season}`, "constructors.json"), table).ConstructorTable.Constructors;
}

/** The rows of a race's or a sprint's document; none when the folder does not have it. */
export function resultsIn(path: string): ErgastResult[] {
  return rowsIn(path, result);
}

/** The rows of a qualifying document in the order of the session. */
export function qualifyingIn(path: string): ErgastQualified[] {
  return rowsIn(path, qualified);
}

/** The rows of any document: who drove which car. */
export function carsIn(path: string): ErgastCar[] {
  return rowsIn(path, car);
}

function rowsIn<Row>(path: string, row: z.ZodType<Row>): Row[] {
  if (!existsSync(path)) return [];
  const rows = z.array(row).optional();
  const session = z.object({
    Results: rows,
    SprintResults: rows,
    QualifyingResults: rows,
    SprintQualifyingResults: rows,
  });
  const found = read(path, z.object({ RaceTable: z.object({ Races: z.tuple([session]) }) })).RaceTable.Races[0];
  return found.Results ?? found.SprintResults ?? found.QualifyingResults ?? found.SprintQualifyingResults ?? [];
}

/** The points at the end of a season; null when the folder does not know it. */
export function finalPointsIn(folder: string, season: number): Points | null {
  if (!existsSync(join(folder, `${season}`, "driverstandings"))) return null;
  const driverList = z.object({
    DriverStandings: z.array(z.object({ points: z.coerce.number(), Driver: z.object({ driverId: z.string() }) })),
  });
  const constructorList = z.object({
    ConstructorStandings: z.array(
      z.object({ points: z.coerce.number(), Constructor: z.object({ constructorId: z.string() }) }),
    ),
  });
  const drivers = lastOf(join(folder, `${season}`, "driverstandings"), driverList).DriverStandings;
  const constructors = lastOf(join(folder, `${season}`, "constructorstandings"), constructorList).ConstructorStandings;
  return {
    drivers: new Map(drivers.map((row) => [row.Driver.driverId, row.points])),
    constructors: new Map(constructors.map((row) => [row.Constructor.constructorId, row.points])),
  };
}

function lastOf<List>(folder: string, list: z.ZodType<List>): List {
  const file = readdirSync(folder).sort().at(-1);
  if (file === undefined) throw new Error(`${folder} is empty`);
  const table = z.object({ StandingsTable: z.object({ StandingsLists: z.tuple([list]) }) });
  return read(join(folder, file), table).StandingsTable.StandingsLists[0];
}

function read<T>(path: string, data: z.ZodType<T>): T {
  return z.object({ MRData: data }).parse(JSON.parse(readFileSync(path, "utf8"))).MRData;
}
