import { type Examples, ids } from "./examples/examples.ts";
import { game } from "./examples/game.ts";
import { operations } from "./examples/operations.ts";
import { people } from "./examples/people.ts";
import { play } from "./examples/play.ts";

const ALL = [people, game, play, operations];

function gathered(kind: keyof Examples): ReadonlyMap<string, unknown> {
  return new Map(ALL.flatMap((examples) => Object.entries(examples[kind])));
}

export const SHAPES = gathered("shapes");
export const REQUESTS = gathered("requests");
const ANSWERS = gathered("answers");

/** What is written for the answer of a procedure, or else what its parts show. */
export function answerExample(name: string, schema: unknown): unknown {
  return ANSWERS.get(name) ?? shown(schema);
}

const PARAMETERS: Readonly<Record<string, unknown>> = {
  season: 2026,
  slug: "australian-grand-prix",
  driver: "leclerc",
  username: "anna",
  userId: ids.ben,
  teamId: ids.slipstream,
  task: "check-result",
  search: "ann",
};

/** What `id` means is said by what it is an id of. */
const IDS: Readonly<Record<string, unknown>> = {
  "auth.endSession": ids.session,
  "admin.changeUser": ids.ben,
  "admin.retryRun": ids.run,
  "admin.heldBody": 7,
  teams: ids.slipstream,
  scores: ids.slipstream,
  leagues: ids.friends,
  standings: ids.friends,
  notifications: ids.notification,
};

export function parameterExample(procedure: string, name: string): unknown {
  if (name !== "id") return PARAMETERS[name];
  return IDS[procedure] ?? IDS[procedure.split(".")[0] ?? ""];
}

interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly items?: unknown;
}

/** Fields of lists and little answers that are no shape of their own. */
const FIELDS: Readonly<Record<string, unknown>> = {
  season: 2026,
  slug: "australian-grand-prix",
  revision: 1,
  total: 1,
  nextCursor: null,
};

function shown(schema: unknown): unknown {
  if (!isSchema(schema)) return undefined;
  const name = schema.$ref?.split("/").at(-1);
  if (name !== undefined) return SHAPES.get(name);
  if (schema.items !== undefined) return [shown(schema.items)];
  const fields = Object.entries(schema.properties ?? {});
  return Object.fromEntries(fields.map(([field, inner]) => [field, field in FIELDS ? FIELDS[field] : shown(inner)]));
}

function isSchema(value: unknown): value is Schema {
  return typeof value === "object" && value !== null;
}
