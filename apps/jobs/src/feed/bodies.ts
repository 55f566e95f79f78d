import { z } from "zod";

/** What a body says; undefined for one that is no JSON. */
export function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** Whether a name stands twice in one object. A parser takes the last and does not tell. */
export function saysTwice(body: string, json: unknown): boolean {
  const said = body.replaceAll(/"[^"\\]*(?:\\.[^"\\]*)*"/g, "").split(":").length - 1;
  return said !== membersOf(json);
}

/** Step by step rather than by calling itself: a body may be a hole of any depth. */
function membersOf(json: unknown): number {
  let members = 0;
  const rest = [json];
  while (rest.length > 0) {
    const next = rest.pop();
    if (typeof next !== "object" || next === null) continue;
    const values = Object.values(next);
    if (!Array.isArray(next)) members += values.length;
    for (const value of values) rest.push(value);
  }
  return members;
}

/** In one line, short enough to be stored with a look. */
export function faultsOf(error: z.ZodError): string {
  return z.prettifyError(error).replaceAll(/\s+/g, " ").slice(0, 200);
}
