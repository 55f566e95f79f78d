import type { AnyTRPCProcedure, AnyTRPCRouter } from "@trpc/server";
import { z } from "zod";
import type { Meta } from "./meta.ts";

/** A procedure as REST knows it. */
export interface Route {
  /** As `teams.create`. */
  readonly name: string;
  readonly method: string;
  /** Below /api/v1, as `/teams/{id}`. */
  readonly template: string;
  readonly segments: readonly string[];
  readonly type: "query" | "mutation";
  readonly creates: boolean;
  readonly takesLong: boolean;
  readonly who: "anyone" | "user" | "admin";
  readonly ignoresToken: boolean;
  /** It can be asked for with an Idempotency-Key. */
  readonly takesKey: boolean;
  /** Null where nothing may be kept. */
  readonly caching: NonNullable<Meta["caching"]> | null;
  /** Its answer may be handed out again. */
  readonly isReady: boolean;
  readonly tags: readonly string[];
  /** From the names of fields on REST to those of the procedure, where they differ. */
  readonly names: Readonly<Record<string, string>>;
  /** Null when the procedure asks for nothing. */
  readonly input: z.ZodObject | null;
}

/** The route for the method, or the methods of the path when it has others only. */
export type Found =
  | { readonly route: Route; readonly params: ReadonlyMap<string, string> }
  | { readonly route: null; readonly methods: readonly string[] };

/** Every procedure that says where it stands on REST. Those with fewer parameters come first: /users/me is not a username. */
export function routesOf(router: AnyTRPCRouter): Route[] {
  const routes = Object.entries(proceduresOf(router)).flatMap(([name, procedure]) => routeOf(name, procedure) ?? []);
  return routes.sort((a, b) => paramCount(a) - paramCount(b));
}

/** By their whole names, as `teams.create`. */
export function proceduresOf(router: AnyTRPCRouter): Record<string, AnyTRPCProcedure> {
  return router._def.procedures;
}

function routeOf(name: string, procedure: AnyTRPCProcedure): Route | null {
  const {
    openapi,
    who,
    creates = false,
    takesLong = false,
    ignoresToken = false,
    takesNoKey = false,
    caching = null,
    isReady = false,
  } = metaOf(procedure);
  const { type, inputs } = procedure._def;
  if (!openapi || type === "subscription") return null;
  if (!who) throw new TypeError(`${name} does not say who may call it`);
  const [input] = inputs;
  if (inputs.length > 1 || (input !== undefined && !(input instanceof z.ZodObject)))
    throw new TypeError(`${name} needs one object as its input, since REST is to reach it`);
  const { method, path, tags, names = {} } = openapi;
  if ((method === "GET" && who === "anyone") !== (caching !== null))
    throw new TypeError(`${name} needs to say how its answer may be kept just if everybody may read it`);
  const segments = path.split("/").slice(1);
  if (isParam(segments[0] ?? "")) throw new TypeError(`${name} needs a word of its own before anything left open`);
  const takesKey = type === "mutation" && who !== "anyone" && !takesNoKey;
  return {
    name,
    method,
    template: path,
    segments,
    type,
    creates,
    takesLong,
    who,
    ignoresToken,
    takesKey,
    caching,
    isReady,
    tags,
    names,
    input: input ?? null,
  };
}

/** Safe, since every procedure here is made by `trpc.ts`, which knows no other meta. */
export function metaOf(procedure: AnyTRPCProcedure): Meta {
  return procedure._def.meta as Meta;
}

function paramCount(route: Route): number {
  return route.segments.filter(isParam).length;
}

function isParam(segment: string): boolean {
  return segment.startsWith("{");
}

/** Looks for what stands at a path; null when nothing does. */
export type FindRoute = (method: string, path: string) => Found | null;

/** Routes whose paths differ in their first word or in their length are never looked at together. */
export function routeFinder(routes: readonly Route[]): FindRoute {
  const places = Map.groupBy(routes, ({ segments }) => placeOf(segments));
  return (method, path) => {
    const words = wordsOf(path);
    if (words === null) return null;
    const here = (places.get(placeOf(words)) ?? []).filter((route) => fits(route, words));
    if (here.length === 0) return null;
    // Only routes of the same shape compete: POST /leagues/join must not answer for GET /leagues/{id}.
    const route = here.find((one) => one.method === method);
    if (route) return { route, params: paramsOf(route, words) };
    return { route: null, methods: [...new Set(here.map((one) => one.method))] };
  };
}

function placeOf(words: readonly string[]): string {
  return `${words.length} ${words[0]}`;
}

function wordsOf(path: string): string[] | null {
  const words = path.slice(1).split("/");
  if (!path.includes("%")) return words;
  try {
    return words.map(decodeURIComponent);
  } catch {
    return null;
  }
}

/** Of routes that are as long. */
function fits({ segments }: Route, words: readonly string[]): boolean {
  return segments.every((segment, at) => (isParam(segment) ? words[at] !== "" : segment === words[at]));
}

function paramsOf({ segments }: Route, words: readonly string[]): Map<string, string> {
  const params = new Map<string, string>();
  for (const [at, segment] of segments.entries())
    if (isParam(segment)) params.set(segment.slice(1, -1), words[at] ?? "");
  return params;
}
