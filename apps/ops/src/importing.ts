import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { PublicError } from "@pitwall/api";
import { type Act, RefusedError } from "./acts.ts";
import { AskingError } from "./asking.ts";
import { type ReadSession, readClassification } from "./classification-file.ts";
import { columnOf } from "./classified-cars.ts";
import { seasonIn } from "./season.ts";

interface Import {
  readonly season: string;
  readonly slug: string;
  readonly file: string;
  readonly note: string | undefined;
  /** Where a relative path begins. */
  readonly folder: string;
}

/** Enters a race's classification from a file. */
export async function importResult({ season: year, slug, file, note, folder }: Import): Promise<Act> {
  const season = seasonIn(year);
  const read = readClassification(file, await textOf(file, folder));
  const sessions = read.map(({ session, cars }) => ({ session, cars: cars.map(({ car }) => car) }));
  return async ({ results }) => {
    const entered = await results
      .enter({ season, slug, sessions, ...(note !== undefined && { note }) })
      .catch((error: unknown) => {
        throw atItsLines(error, file, read);
      });
    const cars = sessions.map(({ session, cars }) => `${session} of ${cars.length} cars`).join(", ");
    const outcomes = {
      recorded: `recorded as revision ${entered.revision}`,
      corrected: `corrected by revision ${entered.revision}`,
      unchanged: `unchanged: revision ${entered.revision} says the same`,
    };
    return { text: `${season} ${slug} (${cars}): ${outcomes[entered.outcome]}.`, facts: entered };
  };
}

async function textOf(file: string, folder: string): Promise<string> {
  try {
    return await readFile(resolve(folder, file), "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unreadable";
    throw new AskingError(code === "ENOENT" ? `There is no file ${file}.` : `${file} cannot be read (${code}).`);
  }
}

type Fault = PublicError["fault"]["errors"][number];

/** Says of each fault that the procedure found where it stands in the file. */
function atItsLines(error: unknown, file: string, read: readonly ReadSession[]): unknown {
  if (!(error instanceof PublicError) || error.fault.errors.length === 0) return error;
  const lines = error.fault.errors.map((fault) => {
    const { line, column } = placeOf(fault, read);
    const isOfFile = fault.field.startsWith("sessions") || read.some(({ session }) => session === fault.field);
    const place = isOfFile ? `${file}${line === undefined ? "" : `:${line}`}: ` : `${fault.field}: `;
    return `${place}${column === undefined ? "" : `${columnOf(column)}: `}${fault.message}`;
  });
  return new RefusedError(lines.join("\n"));
}

function placeOf(
  fault: Fault,
  read: readonly ReadSession[],
): { line?: number | undefined; column?: string | undefined } {
  const [, session, car, column] = /^sessions\.(\d+)\.cars\.(\d+)(?:\.(\w+))?/.exec(fault.field) ?? [];
  if (session !== undefined) return { line: read[Number(session)]?.cars[Number(car)]?.line, column };
  // Of two that are alike, the second is the one too many.
  const cars = read.find(({ session: name }) => name === fault.field)?.cars ?? [];
  return { line: cars.findLast(({ car }, place) => isOf(fault, { position: place + 1, ...car }))?.line };
}

function isOf(fault: Fault, car: Readonly<Record<string, unknown>>): boolean {
  return ["driverId", "constructorId", "position"].some(
    (name) => fault[name] !== undefined && fault[name] === car[name],
  );
}
