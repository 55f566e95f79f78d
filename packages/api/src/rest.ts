import { callTRPCProcedure, TRPCError } from "@trpc/server";
import type { ApiContext } from "./context.ts";
import { doorFaults, faultOf, isOurs, malformed, PublicError } from "./errors.ts";
import { isJson } from "./media-types.ts";
import { asPrecondition, versionMeant, versionTag } from "./preconditions.ts";
import { type Asked, problemAnswer, type RestAnswer } from "./problems.ts";
import { revived } from "./revive.ts";
import { appRouter } from "./router.ts";
import { type Route, routeFinder, routesOf } from "./routes.ts";
import { unknownField } from "./wire/field-faults.ts";

export interface RestRequest {
  readonly request: Request;
  /** Below the prefix, as `/teams/…`. */
  readonly path: string;
  readonly asked: Asked;
  readonly context: () => Promise<ApiContext>;
  /** Told where the procedure stands, as `/teams/{id}`. */
  readonly onFound?: (template: string) => void;
  /** Hands out again what is the same for everybody, by its address. */
  readonly ready?: { of(address: string, make: () => Promise<ReadyAnswer>): Promise<ReadyAnswer> } | undefined;
}

export interface ReadyAnswer extends RestAnswer {
  /** Where the procedure stands, as `/teams/{id}`. */
  readonly template: string;
}

const findRoute = routeFinder(routesOf(appRouter));

/** For a guest; whoever is known keeps nothing. */
const CACHING = {
  revalidated: "public, no-cache",
  minute: "public, max-age=60, stale-while-revalidate=60",
} as const satisfies Record<NonNullable<Route["caching"]>, string>;

/** Answers a REST request by the procedure that stands at its address, always in JSON. Errors of `context` are the caller's. */
export async function answerRest(asking: RestRequest): Promise<RestAnswer> {
  const { request, path, asked, context, onFound, ready } = asking;
  const method = request.method === "HEAD" ? "GET" : request.method;
  const found = findRoute(method, path);
  if (!found) return problemAnswer(doorFaults.noSuchPath, asked);
  if (!found.route) {
    const refusal = problemAnswer(doorFaults.wrongMethod, asked);
    return { ...refusal, headers: { ...refusal.headers, allow: found.methods.join(", ") } };
  }
  const { route, params } = found;
  const { template } = route;
  onFound?.(template);
  const ctx = await context();
  let handedOut: RestAnswer | undefined;
  const handOut = async (make: () => Promise<unknown>) => {
    handedOut = await ready?.of(addressIn(request), async () => ({ template, ...answerOf(route, await make()) }));
  };
  try {
    const addressed = { route, params, query: wordsIn(request, route) };
    const input = route.method === "GET" ? inputOf(addressed) : await inputWithBody(addressed, request);
    const data: unknown = await callTRPCProcedure({
      router: appRouter,
      path: route.name,
      type: route.type,
      getRawInput: async () => input,
      ctx: ready && route.isReady ? { ...ctx, ready: handOut } : ctx,
      signal: undefined,
      batchIndex: 0,
    });
    return handedOut ?? answerOf(route, data);
  } catch (error) {
    const fault = asPrecondition(request, faultOf(error));
    // A procedure has told the log of its own errors; what went wrong before it was reached is told here. Whoever left
    // half-way is no fault of ours.
    if (isOurs(fault) && !(error instanceof PublicError) && !request.signal.aborted)
      ctx.log.error("a request failed", { requestId: ctx.requestId, error });
    return problemAnswer(fault, asked);
  }
}

function answerOf(route: Route, data: unknown): RestAnswer {
  const body = JSON.stringify(data);
  const headers = {
    "content-type": "application/json",
    "content-length": String(Buffer.byteLength(body)),
    ...(route.type === "query" && versionTag(data)),
    ...(route.caching && { "cache-control": CACHING[route.caching] }),
  };
  return { status: route.creates ? 201 : 200, headers, body };
}

/** Path and query, as they were sent. */
export function addressIn({ url }: Pick<Request, "url">): string {
  return url.slice(url.indexOf("/", url.indexOf("//") + 2));
}

interface Addressed {
  readonly route: Route;
  readonly params: ReadonlyMap<string, string>;
  readonly query: ReadonlyMap<string, readonly string[]>;
}

/** All that is asked for stands in the address. */
function inputOf({ route: { input }, params, query }: Addressed): unknown {
  refuse([...query.keys()].filter((field) => input === null || params.has(field)));
  return input === null ? undefined : revived(input, new Map([...inLists(params), ...query]));
}

/** Read even where nothing is asked for, so that no mutation runs on a body that a form could have sent. */
async function inputWithBody({ route, params, query }: Addressed, request: Request): Promise<unknown> {
  const body = await bodyOf(request);
  const isStrange = (field: string) => route.input === null || params.has(field) || query.has(field);
  refuse([...query.keys(), ...Object.keys(body)].filter(isStrange));
  const meant = versionMeant(request, route, body);
  if (!route.input) return undefined;
  // Entries instead of a spread, so that an own "__proto__" stays a field, which the schema refuses.
  return Object.fromEntries([body, revived(route.input, new Map(inLists(params))), meant].flatMap(Object.entries));
}

function refuse(strangers: readonly string[]): void {
  if (strangers.length > 0) throw malformed(strangers.slice(0, 20).map(unknownField));
}

/** An address says each of its parts once. */
function inLists(params: ReadonlyMap<string, string>): [string, string[]][] {
  return [...params].map(([field, word]) => [field, [word]]);
}

const NO_WORDS: ReadonlyMap<string, readonly string[]> = new Map();

/** What stands in the query, by the names that the procedure has for it. */
function wordsIn({ url }: Pick<Request, "url">, { names }: Route): ReadonlyMap<string, readonly string[]> {
  const text = /^[^?#]*\?([^#]*)/.exec(url)?.[1];
  if (text === undefined) return NO_WORDS;
  const query = new URLSearchParams(text);
  return new Map(
    [...new Set(query.keys())].map((field) => [
      Object.hasOwn(names, field) ? (names[field] ?? field) : field,
      query.getAll(field),
    ]),
  );
}

async function bodyOf(request: Request): Promise<object> {
  const text = await request.text();
  if (text === "" && !request.headers.has("content-type")) return {};
  if (!isJson(request.headers)) throw new TRPCError({ code: "UNSUPPORTED_MEDIA_TYPE" });
  const body: unknown = text === "" ? {} : parsed(text);
  if (typeof body !== "object" || body === null || Array.isArray(body)) throw new TRPCError({ code: "BAD_REQUEST" });
  return body;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new TRPCError({ code: "PARSE_ERROR" });
  }
}
