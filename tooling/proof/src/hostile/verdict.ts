import { fieldOf } from "@pitwall/api/openapi.fixture";
import { refusalsOf } from "@pitwall/api/refusals";
import { LEAK, LEAK_OF_ERRORS, TOKEN } from "@pitwall/testing/leak-patterns";
import type { Heard } from "./sending.ts";
import type { Shot } from "./shots.ts";

const LARGEST_BODY = 64 * 1024;

/** Before a procedure is reached. */
const OF_ALL = /^(request|precondition)\./;

/** What an answer may not be, or null. */
export function fault({ route, method, body, echo, path }: Shot, heard: Heard): string | null {
  const { status, headers, text } = heard;
  if (status === 0) return (body?.length ?? 0) > LARGEST_BODY ? null : "was cut";
  if (isBroken(status, headers["retry-after"])) return `answered ${status}`;
  const leak = LEAK.exec(`${JSON.stringify(headers)}\n${text}`);
  if (leak) return `said "${leak[0]}"`;
  if (headers["x-content-type-options"] !== "nosniff") return "may be sniffed at";
  if (method === "HEAD" || status === 304 || !/^\/(api|trpc)\//.test(meant(path))) return null;
  const said = parsed(text);
  if (said === undefined) return status === 204 ? null : `said no JSON: ${text.slice(0, 100)}`;
  if (status < 400) return echo ? echoFault(said, echo) : null;
  for (const one of Array.isArray(said) ? said : [said]) {
    const reason = fieldOf(one, "code") ?? ["error", "json", "data", "reason"].reduce(fieldOf, one);
    const isDone = reason === undefined && fieldOf(one, "result") !== undefined;
    if (isDone) continue;
    if (typeof reason !== "string") return `gave no reason with ${status}`;
    const isForeseen =
      OF_ALL.test(reason) || route === null || (refusalsOf(route) as readonly string[]).includes(reason);
    if (!isForeseen || reason === "internal") return `refused for ${reason}`;
  }
  return null;
}

/** Where a path leads that goes up again. */
function meant(path: string): string {
  return URL.parse(path, "http://pitwall.test")?.pathname ?? path;
}

function isBroken(status: number, retryAfter: unknown): boolean {
  return status >= 500 && !(status === 503 && retryAfter !== undefined);
}

/** What is taken is kept as it was sent. */
function echoFault(said: unknown, { field, text }: NonNullable<Shot["echo"]>): string | null {
  const kept = fieldOf(said, field);
  return typeof kept === "string" && kept !== text && field !== "accessToken" ? `kept ${field} otherwise` : null;
}

/** Of all that came back on one connection. */
export function rawFault(text: string): string | null {
  for (const [, status = "", head = ""] of text.matchAll(/HTTP\/1\.1 (\d{3})([\s\S]*?)\r\n\r\n/g))
    if (isBroken(Number(status), /\r\nretry-after:/i.exec(head)?.[0])) return `answered ${status}`;
  if (/smuggled/.test(text)) return "answered what was smuggled";
  const leak = LEAK.exec(text);
  return leak ? `said "${leak[0]}"` : null;
}

/** On a machine with too much to do the database is out of reach for a moment, which is answered with 503 and logged. */
const OUT_OF_BREATH = /connection timeout|timeout exceeded when trying to connect|Query read timeout|statement timeout/;

/** An entry of the log that should not be there. */
export function lineFault(line: string): string | null {
  if (parsed(line) === undefined) return `the log holds no JSON: ${line.slice(0, 200)}`;
  const isFailure = fieldOf(parsed(line), "level") === "error";
  if (isFailure && OUT_OF_BREATH.test(line) && !LEAK_OF_ERRORS.test(line)) return null;
  if (isFailure) return `the log tells of a failure: ${line.slice(0, 2_000)}`;
  const leak = LEAK.exec(line) ?? TOKEN.exec(line);
  return leak ? `the log says "${leak[0]}"` : null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
