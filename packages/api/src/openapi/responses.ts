import type { FieldFault } from "@pitwall/domain/domain-error";
import type { PublicFault } from "../errors.ts";
import { takesVersion } from "../preconditions.ts";
import { publicReasons } from "../reasons.ts";
import { refusalsOf } from "../refusals.ts";
import type { Route } from "../routes.ts";
import { ALWAYS, named } from "./headers.ts";

type Node = Record<string, unknown>;

const MEANINGS: Readonly<Record<string, string>> = {
  "400": "The request is malformed",
  "401": "Nobody is signed in, or the sign-in is over",
  "403": "It is not yours to do or to see",
  "404": "There is no such thing, or none that you may know of",
  "409": "It collides with what is there",
  "412": "It has changed since it was read",
  "413": "The body is larger than 64 KB",
  "415": "The body is not JSON in UTF-8",
  "422": "It breaks rules of the game",
  "429": "Too often",
  "500": "Something went wrong on our side. The request id finds it in our log",
  "503": "Out of reach for a moment",
};

/** Every refusal of an operation by its status. */
export function refusalResponses(route: Route): Record<string, Node> {
  const refs = refusalsByStatus(route).map(([status, reasons]): [string, Node] => [
    status,
    { $ref: `#/components/responses/${nameOfAll(status, reasons)}` },
  ]);
  return Object.fromEntries(refs);
}

/** What those lead to. Operations that refuse for the same reasons share what is said of them. */
export function sharedResponses(routes: readonly Route[]): Record<string, Node> {
  const all = routes.flatMap(refusalsByStatus);
  return Object.fromEntries(all.map(([status, reasons]) => [nameOfAll(status, reasons), problem(status, reasons)]));
}

function refusalsByStatus(route: Route): [string, Reason[]][] {
  const codes = [...refusalsOf(route), ...(route.method === "GET" ? [] : ofBodies(route)), "internal"];
  const reasons = codes.flatMap((code) => publicReasonOf(code, route)).toSorted((a, b) => a.status - b.status);
  return [...Map.groupBy(reasons, ({ status }) => String(status))];
}

function nameOfAll(status: string, reasons: readonly Reason[]): string {
  return [status, ...reasons.map(({ code }) => code)].join("-");
}

function ofBodies(route: Route): string[] {
  const outdated = takesVersion(route) ? ["precondition.failed"] : [];
  return ["request.too_large", "request.wrong_media_type", ...outdated];
}

type Reason = (typeof publicReasons)[number];

/** What has two statuses is what was not found when it was only asked for, and a broken rule when it was to be done. */
function publicReasonOf(code: string, { method }: Route): Reason[] {
  const found = publicReasons.filter((reason) => reason.code === code);
  return method === "GET" ? found.slice(0, 1) : found.slice(-1);
}

function problem(status: string, reasons: readonly Reason[]): Node {
  const said = reasons.map(({ code, meaning }) => `- \`${code}\`: ${meaning}`);
  const examples = reasons.map((reason) => [reason.code, { $ref: `#/components/examples/${nameOf(reason)}` }]);
  return {
    description: [MEANINGS[status] ?? "", "", ...said].join("\n"),
    headers: named([
      ...ALWAYS,
      ...(status === "401" ? (["WWW-Authenticate"] as const) : []),
      ...(mayHelp(reasons) ? (["Retry-After"] as const) : []),
    ]),
    content: {
      "application/problem+json": {
        schema: { $ref: "#/components/schemas/Problem" },
        examples: Object.fromEntries(examples),
      },
    },
  };
}

/** Whether waiting may help. */
function mayHelp(reasons: readonly Reason[]): boolean {
  return reasons.some(({ code, status }) => status === 429 || status === 503 || code === "idempotency.in_progress");
}

/** A problem of each reason. `home` is where the server is reached. */
export function problemExamples(home: string): Record<string, Node> {
  return Object.fromEntries(
    publicReasons.map((reason) => [
      nameOf(reason),
      {
        value: {
          type: `${home}/docs/errors#${reason.code}`,
          title: reason.title,
          status: reason.status,
          detail: reason.meaning.replaceAll("`", ""),
          instance: "/api/v1/teams",
          code: reason.code,
          requestId: "01990c30-2e4d-7c6b-8a79-8897a6b5c4d3",
          errors: FAULTS[reason.code] ?? [],
        } satisfies Record<string, PublicFault["errors"] | string | number>,
      },
    ]),
  );
}

function nameOf({ code, status }: Reason): string {
  return `${status}.${code}`;
}

const FAULTS: Readonly<Record<string, readonly FieldFault[]>> = {
  "request.malformed": [{ field: "role", reason: "field.unknown", message: "There is no such field." }],
  "auth.invalid_registration": [
    { field: "password", reason: "password.no_digit", message: "Add a digit to the password." },
  ],
  "lineup.breaks_rules": [
    {
      field: "driverIds",
      reason: "lineup.over_budget",
      message: "This line-up costs 104.9 M, which is 4.9 M over the budget of 100.0 M. Choose cheaper drivers.",
      cost: 104.9,
      budget: 100,
      over: 4.9,
    },
  ],
};

const text = { type: "string" };

export const PROBLEM: Node = {
  type: "object",
  description: "An error as RFC 9457 has it",
  properties: {
    type: { ...text, format: "uri-reference", description: "Where the reason is explained" },
    title: text,
    status: { type: "integer" },
    detail: { ...text, description: "For people: what is wrong, and what to do" },
    instance: { ...text, description: "The path that was asked for" },
    code: { ...text, description: "For programs: public and never reworded" },
    requestId: { ...text, format: "uuid" },
    errors: {
      type: "array",
      description: "Each field that is wrong, with the figures to mend it",
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
