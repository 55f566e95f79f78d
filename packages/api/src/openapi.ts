import { generateOpenApiDocument } from "trpc-to-openapi";
import { DESCRIPTION, LICENSE, TAGS, TITLE } from "./openapi/about.ts";
import { answerExample, parameterExample, REQUESTS, SHAPES } from "./openapi/exampled.ts";
import { ALWAYS, HEADERS, IDEMPOTENCY_KEY, IF_MATCH, named } from "./openapi/headers.ts";
import { PROBLEM, problemExamples, refusalResponses, sharedResponses } from "./openapi/responses.ts";
import { takesVersion } from "./preconditions.ts";
import { appRouter } from "./router.ts";
import { type Route, routesOf } from "./routes.ts";
import { ACCESS_COOKIE, REFRESH_COOKIE } from "./session-cookies.ts";

export interface OpenApiSettings {
  /** Where the server is reached, without a slash at the end; "" leaves addresses relative. */
  readonly home: string;
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
export function openApiDocument({ home, baseUrl, version }: OpenApiSettings): Node {
  const routes = routesOf(appRouter);
  const document = plain(
    generateOpenApiDocument(appRouter, {
      title: TITLE,
      description: DESCRIPTION,
      version,
      openApiVersion: "3.1.0",
      baseUrl,
      securitySchemes: SCHEMES,
    }),
  );
  document.info = {
    ...child(document, "info"),
    license: LICENSE,
    ...(home !== "" && { contact: { name: "Whoever runs this server", url: home } }),
  };
  document.tags = Object.entries(TAGS).map(([name, description]) => ({ name, description }));
  const paths = child(document, "paths");
  for (const route of routes) describe(child(child(paths, route.template), route.method.toLowerCase()), route);
  const components = child(document, "components");
  const schemas = child(components, "schemas");
  for (const name of Object.keys(schemas)) if (name.startsWith("error.")) delete schemas[name];
  for (const [name, schema] of Object.entries(schemas)) {
    open(schema);
    child(schemas, name).examples = [SHAPES.get(name)];
  }
  schemas.Problem = PROBLEM;
  Object.assign(components, {
    responses: sharedResponses(routes),
    headers: HEADERS,
    examples: problemExamples(home),
  });
  return document;
}

/** What the generator cannot know: who may call, what a success is, how we speak of errors, and what it all looks like. */
function describe(operation: Node, route: Route): void {
  operation.operationId = route.name;
  operation.security = securityOf(route);
  const said = [route.who === "admin" && "For admins.", operation.description, route.takesLong && TAKES_LONG].filter(
    Boolean,
  );
  if (said.length > 0) operation.description = said.join(" ");
  if (route.method === "DELETE") askInBody(operation);
  operation.responses = { ...successOf(operation, route), ...refusalResponses(route) };
  if (route.method !== "GET" && takesVersion(route)) operation.parameters = [...listOf(operation.parameters), IF_MATCH];
  if (route.takesKey) operation.parameters = [...listOf(operation.parameters), IDEMPOTENCY_KEY];
  for (const parameter of listOf(operation.parameters)) {
    const isNeeded = parameter.required === true;
    if (isNeeded) parameter.example = parameterExample(route.name, String(parameter.name));
    const [name] = Object.entries(route.names).find(([, field]) => field === parameter.name) ?? [];
    if (name !== undefined) parameter.name = name;
  }
  if (operation.requestBody === undefined) return;
  const body = child(operation, "requestBody");
  const sent = child(child(body, "content"), JSON_TYPE);
  withoutSteps(sent.schema);
  sent.example = REQUESTS.get(route.name);
  const { required } = child(sent, "schema");
  body.required = Array.isArray(required) && required.length > 0;
}

const TAKES_LONG =
  "With a million teams it may take a minute; ask with an `Idempotency-Key`, and what is asked again is not done again.";

const JSON_TYPE = "application/json";

/** Those that give out tokens, and those that take them away. */
const SETS_COOKIES = new Set([
  ...["auth.register", "auth.login", "auth.refresh", "auth.changePassword"],
  ...["auth.logout", "auth.logoutAll", "users.remove"],
]);

function successOf(operation: Node, route: Route): Record<string, Node> {
  const content = child(child(child(operation, "responses"), "200"), "content");
  open(content);
  const answer = child(content, JSON_TYPE);
  answer.example = answerExample(route.name, answer.schema);
  const isCached = route.method === "GET" && route.who === "anyone";
  const headers = named([
    ...ALWAYS,
    ...(isCached ? (["ETag"] as const) : []),
    ...(route.takesKey ? (["Idempotency-Replayed"] as const) : []),
    ...(SETS_COOKIES.has(route.name) ? (["Set-Cookie"] as const) : []),
  ]);
  return {
    [route.creates ? "201" : "200"]: { description: route.creates ? "Made" : "Done", headers, content },
    ...(isCached && {
      "304": { description: "What you have still holds", headers: named(["X-Request-Id", "ETag"]) },
    }),
  };
}

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

/** Answers may gain fields, so they are not said to be closed; and all of an answer is read-only, so no part need say so. */
function open(schema: unknown): void {
  if (typeof schema !== "object" || schema === null) return;
  const node = plain(schema);
  if (node.additionalProperties === false) delete node.additionalProperties;
  if (node.readOnly === true) delete node.readOnly;
  for (const inner of Object.values(node)) open(inner);
}

/** In binary 27.4 is no multiple of 0.1, and so many a validator would refuse it. The words beside it say what is meant. */
function withoutSteps(schema: unknown): void {
  if (typeof schema !== "object" || schema === null) return;
  const node = plain(schema);
  if (typeof node.multipleOf === "number" && !Number.isInteger(node.multipleOf)) delete node.multipleOf;
  for (const inner of Object.values(node)) withoutSteps(inner);
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
