import type { Caller } from "@pitwall/api";
import { z } from "zod";

type Sessions = Parameters<Caller["results"]["enter"]>[0]["sessions"];
export type SessionName = Sessions[number]["session"];
export type EnteredCar = Sessions[number]["cars"][number];

/** What is known of the columns, for those who write a file. */
export const COLUMNS_IN_WORDS = `  driver       as max_verstappen
  position     left out, as the cars are listed
  laps         left out, 0
  status       classified or finished; not_classified, dnf or nc; not_started or dns; disqualified or dsq
  fastest_lap  yes or no
  constructor  as red_bull; left out, as the entry list has it, and so is the number
  number       of the car
  grid         0 or pit is the pit lane
  points       the official ones; left out, as the position has them
  session      race, sprint or qualifying; left out, race`;

/** What each column is called, and in the API. */
const COLUMNS = {
  session: "session",
  driver: "driverId",
  constructor: "constructorId",
  number: "number",
  position: "position",
  status: "finish",
  grid: "grid",
  laps: "laps",
  points: "points",
  fastest_lap: "fastestLap",
} as const;

const bare = (name: string): string => name.toLowerCase().replace(/[\s_-]/g, "");

/** Either name will do, however it is spelled. */
const FIELDS = new Map<string, string>(
  Object.entries(COLUMNS).flatMap(([column, field]) => [
    [bare(column), field],
    [bare(field), field],
  ]),
);

/** What the API calls a column; undefined for a name that there is not. */
export function fieldOf(name: string): string | undefined {
  return FIELDS.get(bare(name));
}

/** What a file calls a field of the API. */
export function columnOf(field: string): string {
  return Object.entries(COLUMNS).find(([, name]) => name === field)?.[0] ?? field;
}

const STATUS = new Map<string, NonNullable<EnteredCar["finish"]>>([
  ["classified", "classified"],
  ["finished", "classified"],
  ["not_classified", "not_classified"],
  ["dnf", "not_classified"],
  ["nc", "not_classified"],
  ["not_started", "not_started"],
  ["dns", "not_started"],
  ["disqualified", "disqualified"],
  ["dsq", "disqualified"],
]);
const YES_OR_NO = new Map([
  ["yes", true],
  ["true", true],
  ["no", false],
  ["false", false],
]);

function oneOf<T>(table: ReadonlyMap<string, T>, error: string) {
  return z
    .string()
    .toLowerCase()
    .refine((cell) => table.has(cell), error)
    .transform((cell) => table.get(cell))
    .optional();
}

const whole = z
  .string()
  .regex(/^\d{1,6}$/, "is no whole number")
  .transform(Number);

/** A car as its cells say it, by the API's names. How large a figure may be is the procedure's to say. */
export const carInCells = z.object({
  session: z.enum(["race", "sprint", "qualifying"], "is none of race, sprint, qualifying").default("race"),
  driverId: z.string("is missing"),
  constructorId: z.string().optional(),
  number: whole.optional(),
  position: whole.optional(),
  finish: oneOf(STATUS, `is none of ${[...STATUS.keys()].join(", ")}`),
  grid: z
    .string()
    .regex(/^(\d{1,6}|pit)$/i, "is neither a whole number nor pit")
    .transform((cell) => (cell.toLowerCase() === "pit" ? 0 : Number(cell)))
    .optional(),
  laps: whole.optional(),
  points: z
    .string()
    .regex(/^\d{1,4}(\.\d)?$/, "is no number with at most one decimal")
    .transform(Number)
    .optional(),
  fastestLap: oneOf(YES_OR_NO, "is neither yes nor no"),
});
