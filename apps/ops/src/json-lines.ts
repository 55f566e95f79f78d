import { AskingError } from "./asking.ts";

/** A text of JSON, and the line on which each object in it begins. */
export function parsedJson(file: string, text: string): { value: unknown; lineOf: (part: unknown) => number } {
  const value = parsed(file, text);
  const starts = objectStarts(text);
  const lines = new Map<unknown, number>();
  number(value, () => starts.shift() ?? 1, lines);
  return { value, lineOf: (part) => lines.get(part) ?? 1 };
}

function parsed(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const [, position = text.length] = /at position (\d+)/.exec(String(error)) ?? [];
    const line = text.slice(0, Number(position)).split("\n").length;
    throw new AskingError(`${file}:${line}: this is not JSON from here on.`);
  }
}

/** A string of JSON holds no line break of its own. */
function objectStarts(text: string): number[] {
  const starts: number[] = [];
  let line = 1;
  for (const [piece] of text.matchAll(/"(?:[^"\\]|\\.)*"|[{\n]/g)) {
    if (piece === "\n") line += 1;
    if (piece === "{") starts.push(line);
  }
  return starts;
}

/** Objects come out of the parser in the order in which they stand. */
function number(value: unknown, next: () => number, lines: Map<unknown, number>): void {
  if (typeof value !== "object" || value === null) return;
  if (!Array.isArray(value)) lines.set(value, next());
  for (const part of Object.values(value)) number(part, next, lines);
}
