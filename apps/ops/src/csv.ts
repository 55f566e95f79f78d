import { AskingError } from "./asking.ts";

export interface CsvLine {
  /** In the file, from 1; where a quoted cell holds line breaks, the first of its lines. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** One piece: a quoted cell or a bare one, and what ends it. A quoted cell that never ends swallows the rest. */
const PIECES = {
  ",": /(?:"((?:[^"]|"")*)("|$)|([^,\r\n]*))(,|\r?\n|\r|$)?/gy,
  ";": /(?:"((?:[^"]|"")*)("|$)|([^;\r\n]*))(;|\r?\n|\r|$)?/gy,
} as const;

/** The lines of a file of cells between commas, or semicolons if its first line has more of them. Empty lines are none. */
export function csvLines(file: string, text: string): CsvLine[] {
  const [head = ""] = text.split(/\r?\n|\r/, 1);
  const separator = head.split(";").length > head.split(",").length ? ";" : ",";
  const lines: CsvLine[] = [];
  let line = 1;
  let begun = 1;
  let cells: string[] = [];
  for (const [piece, quoted, quote, bare = "", end] of text.matchAll(PIECES[separator])) {
    if (quoted !== undefined && (quote === "" || end === undefined))
      throw new AskingError(`${file}:${line}: a cell is quoted, and its last quote is missing or not the end of it.`);
    cells.push((quoted?.replaceAll('""', '"') ?? bare).trim());
    line += piece.split(/\r\n|\r|\n/).length - 1;
    if (end === separator) continue;
    if (cells.some((cell) => cell !== "")) lines.push({ line: begun, cells });
    begun = line;
    cells = [];
    if (end === "") break;
  }
  return lines;
}
