import { generateOpenApiDocument } from "trpc-to-openapi";
import { appRouter } from "./router.ts";
import { type Route, routesOf } from "./routes.ts";
import { ACCESS_COOKIE, REFRESH_COOKIE } from "./session-cookies.ts";

export interface OpenApiSettings {
  /** Where the API is reached, with its prefix. */
  readonly baseUrl: string;
  readonly version: string;
}

type Node = Record<string, unknown>;

type Security = "bearer" | "cookie" | "refreshCookie";

const SCHEMES = {
  bearer: { type: "http", scheme: "bearer", bearerFormat: "JWT" },
  cookie: {
    type: "apiKey",
    in: "cookie",
    name: ACCESS_COOKIE,
    description:
      "Of a sign-in with `cookies: true`, in browsers. What changes anything is taken from our own pages and the listed origins only.",
  },
  refreshCookie: {
    type: "apiKey",
    in: "cookie",
    name: REFRESH_COOKIE,
    description: "Set and taken away with the other",
  },
} as const satisfies Record<Security, Node>;

/** The OpenAPI 3.1 document. Costly to make: once for each process. */
export function openApiDocument({ baseUrl, version }: OpenApiSettings): Node {
  const routes = routesOf(appRouter);
  const document = plain(
    generateOpenApiDocument(appRouter, {
      title: "Pitwall",
      description: "An open fantasy Formula 1 backend. Season data: F1DB (CC BY 4.0).",
      version,
      openApiVersion: "3.1.0",
      baseUrl,
      tags: tagsOf(routes),
      securitySchemes: SCHEMES,
    }),
  );
  const paths = child(document, "paths");
  for (const route of routes)
    describe(child(child(paths, `/${route.segments.join("/")}`), route.method.toLowerCase()), route);
  const components = child(document, "components");
  const schemas = child(components, "schemas");
  for (const name of Object.keys(schemas)) if (name.startsWith("error.")) delete schemas[name];
  for (const schema of Object.values(schemas)) open(schema);
  schemas.Problem = PROBLEM;
  components.responses = RESPONSES;
  return document;
}

/** What the generator cannot know: who may call, what a success is, how we speak of errors. */
function describe(operation: Node, route: Route): void {
  operation.operationId = route.name;
  operation.security = securityOf(route);
  if (route.method === "DELETE") askInBody(operation);
  const success = child(child(operation, "responses"), "200");
  open(success);
  const refusals = Object.keys(RESPONSES).filter((status) => isPossible(status, route));
  operation.responses = {
    [route.creates ? "201" : "200"]: { ...success, description: route.creates ? "Made" : "Done" },
    ...Object.fromEntries(refusals.map((status) => [status, { $ref: `#/components/responses/${status}` }])),
  };
  if (route.takesKey) operation.parameters = [...listOf(operation.parameters), IDEMPOTENCY_KEY];
  for (const parameter of listOf(operation.parameters)) {
    const [name] = Object.entries(route.names).find(([, field]) => field === parameter.name) ?? [];
    if (name !== undefined) parameter.name = name;
  }
}

const IDEMPOTENCY_KEY: Node = {
  name: "Idempotency-Key",
  in: "header",
  required: false,
  description:
    "A word of your own for this one act. Sent again within a day it is not done again: the first answer comes, with `Idempotency-Replayed: true`. A refusal is not kept.",
  schema: { type: "string", minLength: 1, maxLength: 255, pattern: "^[!-~]+$" },
};

/** The generator lets a DELETE ask in the address, where a password would end up in every log on its way. */
function askInBody(operation: Node): void {
  const asked = listOf(operation.parameters);
  const inQuery = asked.filter((parameter) => parameter.in === "query");
  if (inQuery.length === 0) return;
  operation.parameters = asked.filter((parameter) => parameter.in !== "query");
  const schema = {
    type: "object",
    properties: Object.fromEntries(inQuery.map(({ name, schema }) => [String(name), schema])),
    required: inQuery.filter(({ required }) => required === true).map(({ name }) => name),
    additionalProperties: false,
  };
  operation.requestBody = { required: true, content: { "application/json": { schema } } };
}

/** Any one of these is enough; the empty one says that nothing is needed. */
function securityOf({ name, who, ignoresToken }: Route): readonly Partial<Record<Security, readonly []>>[] {
  if (name === "auth.refresh") return [{}, { refreshCookie: [] }];
  if (ignoresToken) return [];
  // Nobody needs a token to read, but some see more with one.
  return [...(who === "anyone" ? [{}] : []), { bearer: [] }, { cookie: [] }];
}

const RESPONSES: Record<string, Node> = {
  "400": problem("The request is malformed; `errors` names each field"),
  "401": problem("Nobody is signed in, or the sign-in is over"),
  "403": problem("It is not yours to do or to see"),
  "404": problem("There is no such thing, or none that you may know of"),
  "409": problem("It collides with what is there"),
  "422": problem("It breaks rules of the game; `errors` names each"),
  "429": problem("Too many requests; `Retry-After` says how long to wait"),
  "500": problem("Something went wrong on our side"),
  "503": problem("Out of reach for a moment; `Retry-After` says how long to wait"),
};

function isPossible(status: string, route: Route): boolean {
  switch (status) {
    case "400":
    case "404":
      return route.input !== null;
    case "403":
      return route.method !== "GET" || route.who === "admin" || route.input !== null;
    case "409":
    case "422":
      return route.method !== "GET" && route.input !== null;
    default:
      return true;
  }
}

function problem(description: string): Node {
  return { description, content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } } };
}

const text = { type: "string" };

const PROBLEM: Node = {
  type: "object",
  description: "An error as RFC 9457 has it",
  properties: {
    type: { ...text, format: "uri" },
    title: text,
    status: { type: "integer" },
    detail: { ...text, description: "For people: what is wrong, and what to do" },
    instance: { ...text, description: "The path that was asked for" },
    code: { ...text, description: "For programs: public and never reworded" },
    requestId: { ...text, format: "uuid" },
    errors: {
      type: "array",
      items: {
        type: "object",
        properties: { field: text, reason: text, message: text },
        required: ["field", "reason", "message"],
        additionalProperties: { type: ["string", "number"] },
      },
    },
  },
  required: ["type", "title", "status", "detail", "instance", "code", "requestId", "errors"],
};

/** Answers may gain fields, so they are not said to be closed; and all of an answer is read-only, so no part need say so. */
function open(schema: unknown): void {
  if (typeof schema !== "object" || schema === null) return;
  const node = plain(schema);
  if (node.additionalProperties === false) delete node.additionalProperties;
  if (node.readOnly === true) delete node.readOnly;
  for (const inner of Object.values(node)) open(inner);
}

function tagsOf(routes: readonly Route[]): string[] {
  return [...new Set(routes.flatMap((route) => route.tags))];
}

function child(node: Node, key: string): Node {
  const found = node[key];
  if (typeof found !== "object" || found === null) throw new Error(`the generated document lacks ${key}`);
  return plain(found);
}

function listOf(nodes: unknown): Node[] {
  return Array.isArray(nodes) ? nodes.map(plain) : [];
}

/** Safe, since any JSON object can be read by its keys. */
function plain(object: object): Node {
  return object as Node;
}
