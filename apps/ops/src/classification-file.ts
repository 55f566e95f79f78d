import { extname } from "node:path";
import { z } from "zod";
import { AskingError } from "./asking.ts";
import {
  COLUMNS_IN_WORDS,
  carInCells,
  columnOf,
  type EnteredCar,
  fieldOf,
  type SessionName,
} from "./classified-cars.ts";
import { csvLines } from "./csv.ts";
import { parsedJson } from "./json-lines.ts";

export const FORMAT = `The file is CSV whose first line has the names, or JSON: a list of cars with the same names, or what
/races/{season}/{slug}/results answers. An empty cell is left out. Of a car only the driver is always needed.
${COLUMNS_IN_WORDS}`;

/** A car, and where the file speaks of it. */
export interface ReadCar {
  readonly line: number;
  readonly car: EnteredCar;
}

export interface ReadSession {
  readonly session: SessionName;
  readonly cars: ReadCar[];
}

interface Row {
  readonly line: number;
  readonly cells: readonly (readonly [name: string, cell: string])[];
}

/** Throws an AskingError that names every fault with its line. `file` is what the file is called when it is spoken of. */
export function readClassification(file: string, text: string): ReadSession[] {
  const rows = rowsOf(file, text.replace(/^\uFEFF/, ""));
  if (rows.length === 0) throw new AskingError(`${file}: there is no car in it.`);
  const sessions = new Map<SessionName, ReadSession>();
  const faults = rows.flatMap(({ line, cells }) => {
    const named = cells.filter(([, cell]) => cell !== "");
    const strange = named.filter(([name]) => fieldOf(name) === undefined);
    const said = new Map(named.map(([name, cell]) => [fieldOf(name) ?? "", cell]));
    const { data, error } = carInCells.safeParse(Object.fromEntries(said));
    if (data) {
      const { session, ...car } = data;
      const read = sessions.get(session) ?? { session, cars: [] };
      sessions.set(session, read);
      read.cars.push({ line, car });
    }
    return [
      ...strange.map(([name]) => `"${name}" is no column that is known`),
      ...(error?.issues ?? []).map(({ path: [field], message }) => inWords(String(field), said, message)),
    ].map((fault) => `${file}:${line}: ${fault}`);
  });
  if (faults.length > 0) throw new AskingError([...new Set(faults)].join("\n"));
  return [...sessions.values()];
}

function inWords(field: string, said: ReadonlyMap<string, string>, message: string): string {
  const cell = said.get(field);
  return `${columnOf(field)} ${cell === undefined ? "" : `"${cell}" `}${message}`;
}

function rowsOf(file: string, text: string): Row[] {
  switch (extname(file).toLowerCase()) {
    case ".csv":
      return csvRows(file, text);
    case ".json":
      return jsonRows(file, text);
    default:
      throw new AskingError(`${file}: its name is to end with .csv or .json, so that one knows how to read it.`);
  }
}

function csvRows(file: string, text: string): Row[] {
  const [head, ...lines] = csvLines(file, text);
  const names = head?.cells ?? [];
  const strange = names.filter((name) => fieldOf(name) === undefined);
  if (strange.length > 0)
    throw new AskingError(
      `${file}:${head?.line}: no column is called ${strange.map((name) => `"${name}"`).join(", ")}.`,
    );
  return lines.map(({ line, cells }) => {
    if (cells.length > names.length)
      throw new AskingError(`${file}:${line}: there are ${cells.length} cells under ${names.length} names.`);
    return { line, cells: cells.map((cell, at) => [names[at] ?? "", cell] as const) };
  });
}

/** Stays the very object that was parsed, whose line is known. */
const jsonCar = z.custom<object>((value) => typeof value === "object" && value !== null && !Array.isArray(value));
const jsonSession = z.object({ session: z.string().default("race"), cars: z.array(jsonCar) });
const jsonDocument = z.union([
  z.array(jsonCar).transform((cars) => [{ session: null, cars }]),
  z.object({ sessions: z.array(jsonSession) }).transform(({ sessions }) => sessions),
]);

function jsonRows(file: string, text: string): Row[] {
  const { value, lineOf } = parsedJson(file, text);
  const { data } = jsonDocument.safeParse(value);
  if (!data)
    throw new AskingError(`${file}: it is to be a list of cars, or {"sessions": [{"session": …, "cars": […]}]}.`);
  return data.flatMap(({ session, cars }) =>
    cars.map((car) => ({
      line: lineOf(car),
      cells: [...(session === null ? [] : [["session", session] as const]), ...Object.entries(car).map(asCell)],
    })),
  );
}

function asCell([name, value]: [string, unknown]): readonly [string, string] {
  return [name, typeof value === "object" && value !== null ? JSON.stringify(value) : String(value ?? "").trim()];
}
