import { expect } from "vitest";
import { LEAK, LEAK_OF_ERRORS, TOKEN } from "./leak-patterns.ts";

/** Where tokens are given out, on REST and over tRPC. */
const GIVES_TOKENS = /auth[/.](register|login|refresh|password\/change|changePassword)/;

/** The viewer's own files, which are whatever they are. */
const FOREIGN = /\/docs\/swagger-ui/;

/** Fails the test whose answer says what may not leave. The answer can still be read. */
export async function looked(url: string, answer: Response): Promise<Response> {
  const { pathname } = new URL(url, "http://localhost");
  if (FOREIGN.test(pathname)) return answer;
  const headers = [...answer.headers].map(([name, value]) => `${name}: ${value}`).join("\n");
  const said = `${headers}\n${await answer.clone().text()}`;
  expect.soft(said, pathname).not.toMatch(LEAK);
  if (!GIVES_TOKENS.test(readable(pathname))) expect.soft(said, pathname).not.toMatch(TOKEN);
  return answer;
}

/** A fetch whose answers are looked through. */
export const carefulFetch: typeof fetch = async (input, init) =>
  looked(input instanceof Request ? input.url : String(input), await fetch(input, init));

/** Fails the test whose log says what may not be written down. */
export function lookedLine(line: string): void {
  expect.soft(line).not.toMatch(JSON.parse(line).level === "error" ? LEAK_OF_ERRORS : LEAK);
  expect.soft(line).not.toMatch(TOKEN);
}

/** Letters may be written in other ways, which lead to the same place. */
function readable(pathname: string): string {
  return pathname.replace(/%[\da-f]{2}/gi, (escaped) => String.fromCharCode(Number.parseInt(escaped.slice(1), 16)));
}
