import { z } from "zod";

/** What a body says; undefined for one that is no JSON. */
export function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** In one line, short enough to be stored with a look. */
export function faultsOf(error: z.ZodError): string {
  return z.prettifyError(error).replaceAll(/\s+/g, " ").slice(0, 200);
}
