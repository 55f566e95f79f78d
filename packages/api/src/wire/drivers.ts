import { z } from "zod";
import { name, season, sourceId } from "./fields.ts";
import { decimal, listOf, moment } from "./shapes.ts";

export const driverStatus = z.enum(["entered", "absent"]);

const racePoints = z.object({ slug: z.string(), points: decimal });

const seasonStatistics = z
  .object({
    races: z.number().meta({ description: "Those that the driver started" }),
    wins: z.number(),
    podiums: z.number(),
    pointsFinishes: z.number(),
    fastestLaps: z.number(),
    notClassified: z.number(),
    notStarted: z.number(),
    disqualified: z.number(),
    bestPlace: z.number().nullable(),
    bestRace: racePoints.nullable(),
    average: decimal.nullable().meta({ description: "Points for each race started" }),
    form: listOf(racePoints).meta({ description: "The last five races, the latest first" }),
  })
  .meta({ id: "SeasonStatistics" });

const ownership = z
  .number()
  .nullable()
  .meta({ description: "Percent of the teams that fielded the driver in the race that locked last" });

const inAnySeason = {
  id: z.string(),
  code: z.string().nullable(),
  name: z.string(),
  nationality: z.string().nullable(),
  status: driverStatus,
  points: decimal,
  ownership,
  stats: seasonStatistics,
};

export const driver = z
  .object({ ...inAnySeason, number: z.number(), constructorId: z.string(), price: decimal, rank: z.number() })
  .meta({ id: "Driver" });

export const driverDetail = z
  .object({
    ...inAnySeason,
    givenName: z.string(),
    familyName: z.string(),
    dateOfBirth: z.string().nullable(),
    version: z.number(),
    season: z.number(),
    number: z.number().nullable().meta({ description: "Null, as the others, for whom no race of the season lists" }),
    constructorId: z.string().nullable(),
    price: decimal.nullable(),
    rank: z.number().nullable(),
    prices: listOf(z.object({ price: decimal, since: moment })).meta({
      description: "Of the season, the latest first",
    }),
  })
  .meta({ id: "DriverDetail" });

export const raceEntry = z
  .object({
    driverId: z.string(),
    name: z.string(),
    constructorId: z.string(),
    number: z.number(),
    price: decimal.nullable().meta({ description: "Now, or when the race locked" }),
  })
  .meta({ id: "RaceEntry" });

/** Comes in as millions with one decimal, and goes on as the tenths that they are. */
export const price = z
  .number()
  .min(0.1)
  .max(100)
  .multipleOf(0.1)
  .overwrite((millions) => Math.round(millions * 10))
  .meta({ description: "In millions, with at most one decimal" });

/** Who a driver is, all of which may be changed. */
export const person = {
  givenName: name(1, 50),
  familyName: name(1, 50),
  code: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .nullable()
    .optional(),
  nationality: name(1, 50).nullable().optional(),
  dateOfBirth: z.iso
    .date()
    .refine((date) => date >= "1850-01-01", "Give the whole year of birth")
    .nullable()
    .optional(),
};

export const entry = { season, constructorId: sourceId, number: z.int().min(0).max(999) };
