import { raceSlug, type SessionName, type SessionTimes } from "@pitwall/domain/races";
import type { ToldConstructor, ToldDriver } from "@pitwall/services/seasons/answers";
import type { CalendarRace } from "@pitwall/services/seasons/calendar";
import { z } from "zod";

/** A part of a list. */
export interface Page<T> {
  /** Which season it speaks of, wherever it says so. */
  readonly seasons: readonly string[];
  /** Of the whole list. */
  readonly total: number;
  readonly items: readonly T[];
}

export interface List<T> {
  /** What follows the season in its address. */
  readonly path: string;
  readonly page: z.ZodType<Page<T>>;
  /** What no two of its items share. */
  readonly keyOf: (item: T) => string;
}

/** Every value is text out there, numbers too. */
const whole = z
  .string()
  .regex(/^\d{1,4}$/)
  .transform(Number);
const id = z.string().regex(/^[\w-]{1,64}$/);
const words = z
  .string()
  .trim()
  .regex(/^\P{Cc}{1,100}$/u);
const day = z.iso.date();
const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$/);

/** What is not known is left out, or empty. */
const ifKnown = <T extends z.ZodType<string>>(known: T) =>
  known
    .or(z.literal(""))
    .nullish()
    .transform((text) => text || undefined);

const session = z.object({ date: day, time: ifKnown(time) });

const race = session.extend({
  season: z.string(),
  round: whole,
  raceName: words,
  Circuit: z.object({
    circuitId: id,
    circuitName: words,
    Location: z.object({ locality: words, country: words }),
  }),
  FirstPractice: session.optional(),
  SecondPractice: session.optional(),
  ThirdPractice: session.optional(),
  SprintShootout: session.optional(),
  SprintQualifying: session.optional(),
  Sprint: session.optional(),
  Qualifying: session.optional(),
});

type Race = z.infer<typeof race>;

export const CALENDAR: List<CalendarRace> = {
  path: "",
  page: z
    .object({ MRData: z.object({ total: whole, RaceTable: z.object({ season: z.string(), Races: z.array(race) }) }) })
    .transform(({ MRData: { total, RaceTable } }) => ({
      seasons: [RaceTable.season, ...RaceTable.Races.map((one) => one.season)],
      total,
      items: RaceTable.Races.map(calendarRace),
    })),
  keyOf: ({ name }) => raceSlug(name),
};

function calendarRace(told: Race): CalendarRace {
  const { circuitId, circuitName, Location } = told.Circuit;
  const circuit = { id: circuitId, name: circuitName, ...Location };
  return { name: told.raceName, round: told.round, circuit, sessions: sessionsOf(told) };
}

/** The names of sprint qualifying changed with its rules. */
const BLOCKS = [
  ["FirstPractice", "fp1"],
  ["SecondPractice", "fp2"],
  ["ThirdPractice", "fp3"],
  ["SprintShootout", "sprint_qualifying"],
  ["SprintQualifying", "sprint_qualifying"],
  ["Sprint", "sprint"],
  ["Qualifying", "qualifying"],
] as const satisfies readonly (readonly [keyof Race, SessionName])[];

/** Null before the start is known. While another time is not, the start alone counts: the lock must not follow from gaps. */
function sessionsOf(told: Race): SessionTimes | null {
  const start = momentOf(told);
  if (start === null) return null;
  const others = BLOCKS.flatMap(([block, name]) => {
    const listed = told[block];
    return listed ? [{ name, at: momentOf(listed) }] : [];
  });
  if (others.some(({ at }) => at === null)) return { race: start };
  return { ...Object.fromEntries(others.map(({ name, at }) => [name, at])), race: start };
}

function momentOf({ date, time: clock }: z.infer<typeof session>): Date | null {
  return clock === undefined ? null : new Date(`${date}T${clock}`);
}

const constructor = z.object({ constructorId: id, name: words, nationality: words });

export const CONSTRUCTORS: List<ToldConstructor> = {
  path: "/constructors",
  page: z
    .object({
      MRData: z.object({
        total: whole,
        ConstructorTable: z.object({ season: z.string(), Constructors: z.array(constructor) }),
      }),
    })
    .transform(({ MRData: { total, ConstructorTable } }) => ({
      seasons: [ConstructorTable.season],
      total,
      items: ConstructorTable.Constructors.map(({ constructorId, ...said }) => ({ id: constructorId, ...said })),
    })),
  keyOf: (one) => one.id,
};

/** The permanent number is not read: a champion drives another one. */
const driver = z.object({
  driverId: id,
  givenName: words,
  familyName: words,
  code: ifKnown(words),
  nationality: ifKnown(words),
  dateOfBirth: ifKnown(day),
});

export const DRIVERS: List<ToldDriver> = {
  path: "/drivers",
  page: z
    .object({
      MRData: z.object({ total: whole, DriverTable: z.object({ season: z.string(), Drivers: z.array(driver) }) }),
    })
    .transform(({ MRData: { total, DriverTable } }) => ({
      seasons: [DriverTable.season],
      total,
      items: DriverTable.Drivers.map(({ driverId, ...said }) => ({ id: driverId, ...said })),
    })),
  keyOf: (one) => one.id,
};
