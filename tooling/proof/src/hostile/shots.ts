import { appRouter } from "@pitwall/api";
import { type Route, routesOf } from "@pitwall/api/routes";
import type { Chance } from "../chance.ts";
import { ODD_HEADERS, ODD_QUERY, ODD_WORDS } from "./odd-addresses.ts";
import {
  BROKEN,
  HUGE,
  type Json,
  METAS,
  ODD_NUMBERS,
  ODD_TEXTS,
  STRANGE_FIELDS,
  UNHELD,
  WRONG_TYPES,
} from "./odd-values.ts";

export const SPEAKERS = ["guest", "outsider", "owner", "admin"] as const;
export type Speaker = (typeof SPEAKERS)[number];

/** One request, as it goes over the wire. */
export interface Shot {
  readonly kind: string;
  /** Null where it may be none. */
  readonly route: Route | null;
  readonly as: Speaker;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  /** A text that must come back as it was sent, if it is taken at all. */
  readonly echo?: { readonly field: string; readonly text: string };
}

/** Good inputs of procedures, from which the bad ones are made. */
export type Inputs = ReadonlyMap<string, Readonly<Record<string, unknown>>>;

const routes = routesOf(appRouter);
/** Would end the sessions that all others need; only what they refuse is asked of them. */
const ENDING = new Set(["auth.logout", "auth.logoutAll"]);
const harmless = routes.filter(({ name }) => !ENDING.has(name));

type Fields = Map<string, Json>;

/** A good input, and what was done to it. */
interface Spoilt {
  readonly kind: string;
  readonly fields: Fields;
  readonly echo?: { readonly field: string; readonly text: string };
}

function spoilt(chance: Chance, route: Route, inputs: Inputs): Spoilt {
  const fields: Fields = new Map(
    Object.entries(inputs.get(route.name) ?? {}).flatMap(([field, value]) => {
      const text = JSON.stringify(value);
      return text === undefined ? [] : [[field, text] as const];
    }),
  );
  const known = [...new Set([...fields.keys(), ...Object.keys(route.input?.shape ?? {})])];
  const texts = known.filter((name) => fields.get(name)?.startsWith('"'));
  const kind = chance.one([
    "text",
    "text",
    "text",
    "number",
    "number",
    "type",
    "type",
    "stranger",
    "missing",
    "deep",
    "huge",
  ]);
  const aims = [kind === "text" ? texts : [], known, STRANGE_FIELDS].find(({ length }) => length > 0) ?? STRANGE_FIELDS;
  const field = chance.one(aims);
  const odd = chance.below(2) === 0 ? UNHELD : ODD_TEXTS;
  if (kind === "stranger") fields.set(chance.one(STRANGE_FIELDS), chance.one([...ODD_TEXTS, ...WRONG_TYPES]));
  else if (kind === "missing") fields.delete(field);
  else if (kind === "deep")
    fields.set(field, `[${fields.get(field) ?? "1"},${chance.one([...ODD_TEXTS, ...WRONG_TYPES])}]`);
  else fields.set(field, chance.one({ text: odd, number: ODD_NUMBERS, type: WRONG_TYPES, huge: HUGE }[kind] ?? HUGE));
  if (ENDING.has(route.name) && fields.size === 0) fields.set("stranger", "1");
  const value = kind === "text" ? JSON.parse(fields.get(field) ?? "null") : null;
  return { kind, fields, ...(typeof value === "string" && { echo: { field, text: value } }) };
}

const objectOf = (fields: Fields): Json =>
  `{${[...fields].map(([field, json]) => `${JSON.stringify(field)}:${json}`).join(",")}}`;

const JSON_TYPE = { "content-type": "application/json" };

function plain(json: Json | undefined): string {
  if (json === undefined) return "";
  const value: unknown = json.length > 3_000 ? "x".repeat(3_000) : JSON.parse(json);
  const text = typeof value === "string" ? value : json;
  return text.isWellFormed() ? encodeURIComponent(text) : "%ED%A0%80";
}

function rest(chance: Chance, inputs: Inputs): Omit<Shot, "as"> {
  const route = chance.one(routes);
  const { kind, fields, echo } = spoilt(chance, route, inputs);
  const how = chance.below(12);
  const inPath = (segment: string) => segment.startsWith("{");
  const words = route.segments.map((segment) => {
    if (!inPath(segment)) return how === 1 && chance.below(4) === 0 ? chance.one(ODD_WORDS) : segment;
    if (how === 1) return chance.one(ODD_WORDS);
    const json = fields.get(segment.slice(1, -1));
    fields.delete(segment.slice(1, -1));
    return plain(json) || "x";
  });
  const isReading = route.method === "GET";
  const query = isReading ? [...fields].map(([field, json]) => `${plain(JSON.stringify(field))}=${plain(json)}`) : [];
  if (how === 2)
    query.push(`${chance.one([...Object.keys(route.input?.shape ?? {}), "x", "__proto__"])}=${chance.one(ODD_QUERY)}`);
  if (how === 3 && query[0] !== undefined) query.push(query[0]);
  const path = `/api/v1/${words.join("/")}${query.length > 0 ? `?${query.join("&")}` : ""}`;
  const [name = "", value = ""] = how === 4 || how === 5 ? chance.one(ODD_HEADERS) : [];
  const body = how === 6 ? chance.one(BROKEN) : objectOf(fields);
  const method =
    how === 7 ? chance.one(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"]) : route.method;
  const whole = {
    ...{ route: how === 1 || how === 7 ? null : route, method, path: path.slice(0, 6_000) },
    headers: { ...(!isReading && JSON_TYPE), ...(name !== "" && { [name]: value }) },
    body: isReading && how !== 8 ? null : body,
  };
  const named = ["", "path", "query", "twice", "header", "header", "broken", "method", "body"][how] || kind;
  return { ...whole, kind: named, ...(echo && !isReading && how !== 7 && { echo }) };
}

function trpc(chance: Chance, inputs: Inputs): Omit<Shot, "as"> {
  const route = chance.one(harmless);
  const { kind, fields } = spoilt(chance, route, inputs);
  const json = objectOf(fields);
  const how = chance.below(10);
  const isQuery = route.type === "query";
  const meta = how < 3 ? `,"meta":${chance.one(METAS)}` : "";
  const one = how === 3 ? chance.one(BROKEN) : `{"json":${json}${meta}}`;
  const [name = "", value = ""] = how === 4 ? chance.one(ODD_HEADERS) : [];
  const others = Array.from({ length: chance.below(11) }, () => chance.one(harmless).name);
  const isBatch = how === 5 || how === 6;
  const names = isBatch
    ? [route.name, ...others, ...(how === 6 ? [chance.one(["", "__proto__", "x.y", "a,b"])] : [])]
    : [route.name];
  const input = isBatch
    ? `{${names.map((_, at) => `"${chance.one([at, at, "x", "__proto__", -1])}":${one}`).join(",")}}`
    : one;
  const isGet = how === 7 ? chance.below(2) === 0 : isQuery;
  const written = encodeURIComponent(input.toWellFormed()).slice(0, 6_000);
  const words = [...(isBatch ? ["batch=1"] : []), ...(isGet ? [`input=${written}`] : [])];
  return {
    ...{
      kind: ["meta", "meta", "meta", "broken", "header", "batch", "batch", "method"][how] ?? kind,
      method: isGet ? "GET" : "POST",
    },
    route: isBatch ? null : route,
    path: `/trpc/${names.join(",")}${words.length > 0 ? `?${words.join("&")}` : ""}`,
    headers: { ...(!isGet && JSON_TYPE), ...(name !== "" && { [name]: value }) },
    body: isGet ? null : input,
  };
}

const ELSEWHERE = [
  "/",
  "/docs",
  "/docs/x",
  "/links/x",
  "/health/live",
  "/metrics",
  "/openapi.json",
  "/api/v1",
  "/api/v2/teams",
  "/trpc",
  "/%00",
];

function elsewhere(chance: Chance): Omit<Shot, "as"> {
  const path = `${chance.one(ELSEWHERE)}${chance.one(["", "/", "?x=%", `/${chance.one(ODD_WORDS)}`, "//", "?__proto__=1"])}`;
  const [name, value] = chance.one(ODD_HEADERS);
  const method = chance.one(["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"]);
  const body = method === "GET" || method === "HEAD" ? null : chance.one([...BROKEN, "x".repeat(1_000_000)]);
  return { kind: "elsewhere", route: null, method, path, headers: { [name]: value }, body };
}

const MEGABYTE = JSON.stringify({ name: "x".repeat(1_000_000) });

export function shotOf(chance: Chance, inputs: Inputs): Shot {
  const anybody = chance.one(SPEAKERS);
  const way = chance.below(60);
  if (way < 3) return { ...elsewhere(chance), as: anybody };
  if (way === 3)
    return { ...rest(chance, inputs), kind: "1 MB", as: anybody, method: "POST", route: null, body: MEGABYTE };
  const shot = (way < 38 ? rest : trpc)(chance, inputs);
  // Half of all come from somebody who is let in, so that what is odd gets far.
  const fit = shot.route?.who === "admin" ? "admin" : "owner";
  return { ...shot, as: chance.below(2) === 0 ? fit : anybody };
}
