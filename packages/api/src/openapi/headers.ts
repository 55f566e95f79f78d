type Node = Record<string, unknown>;

const text = { type: "string" };
const count = { type: "integer", minimum: 0 };

/** Of answers, by the names that they travel under. */
export const HEADERS = {
  "X-Request-Id": {
    description: "Finds the request in the log of the server",
    required: true,
    schema: { ...text, format: "uuid" },
  },
  RateLimit: { description: 'Where you stand under each limit, as `"user";r=998;t=3540`', schema: text },
  "RateLimit-Policy": { description: 'What the limits are, as `"user";q=1000;w=3600`', schema: text },
  "X-RateLimit-Limit": { description: "Calls in a window, of the limit that is closest", schema: count },
  "X-RateLimit-Remaining": { description: "What is left of it", schema: count },
  "X-RateLimit-Reset": { description: "When it starts anew, in seconds since 1970", schema: count },
  "Retry-After": { description: "How many seconds to wait", schema: count },
  "WWW-Authenticate": { description: "Always `Bearer`", schema: text },
  ETag: {
    description: "For `If-None-Match`, where no token was sent. Of what has a version it is for `If-Match` too",
    schema: text,
  },
  "Idempotency-Replayed": { description: "`true` on an answer that was given before under the same key", schema: text },
  "Set-Cookie": {
    description: "The tokens, where `cookies` was asked for; taken away at the end of a session that had some",
    schema: text,
  },
} as const satisfies Record<string, Node>;

/** What may come along with whatever changes something. */
export const IDEMPOTENCY_KEY = {
  name: "Idempotency-Key",
  in: "header",
  required: false,
  description:
    "A word of your own for this one act. Sent again within a day it is not done again: the first answer comes, with `Idempotency-Replayed: true`. A refusal is not kept.",
  schema: { type: "string", minLength: 1, maxLength: 255, pattern: "^[!-~]+$" },
};

/** What may come along with the change of what has a version. */
export const IF_MATCH = {
  name: "If-Match",
  in: "header",
  required: false,
  description: "The `ETag` of what is to be changed, as it was read: refused if it has changed since.",
  schema: text,
};

type Name = keyof typeof HEADERS;

/** What every answer says, but for the limits where a request is refused before it is counted. */
export const ALWAYS = [
  "X-Request-Id",
  "RateLimit",
  "RateLimit-Policy",
  "X-RateLimit-Limit",
  "X-RateLimit-Remaining",
  "X-RateLimit-Reset",
] as const satisfies readonly Name[];

export function named(names: readonly Name[]): Node {
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}
