import { createHash } from "node:crypto";
import type { Counted, RestAnswer } from "@pitwall/api";
import { SECOND } from "@pitwall/domain/durations";
import type { Outgoing } from "./answers.ts";
import { isPersonal } from "./cookies.ts";
import type { Parts } from "./parts.ts";

export const SECURITY = {
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "cross-origin-resource-policy": "cross-origin",
  "referrer-policy": "no-referrer",
  "strict-transport-security": "max-age=31536000; includeSubDomains",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "cache-control": "no-store",
};

const SECURITY_LINES = Object.entries(SECURITY);

/** What every answer says, unless it says otherwise itself. What is meant for one person no foreign page may load. */
export function secure(headers: Outgoing["headers"], asked: Headers): void {
  if (isPersonal(asked)) headers.set("cross-origin-resource-policy", "same-origin");
  for (const [name, value] of SECURITY_LINES) if (!headers.has(name)) headers.set(name, value);
}

/** Tells a caller of each limit where they stand; the older headers have room for the tightest one only. */
export function limitHeaders(counts: readonly Counted[]): Record<string, string> {
  if (counts.length === 0) return {};
  const tightest = counts.reduce((one, other) => (other.remaining < one.remaining ? other : one));
  return {
    "ratelimit-policy": counts.map(({ limit, most, per }) => `"${limit}";q=${most};w=${per}`).join(", "),
    ratelimit: counts
      .map(({ limit, remaining, resetSeconds }) => `"${limit}";r=${remaining};t=${resetSeconds}`)
      .join(", "),
    "x-ratelimit-limit": String(tightest.most),
    "x-ratelimit-remaining": String(tightest.remaining),
    "x-ratelimit-reset": String(Math.ceil(Date.now() / SECOND) + tightest.resetSeconds),
  };
}

/** The names that a browser lets foreign pages read. */
export const EXPOSED = [
  "etag",
  "idempotency-replayed",
  "ratelimit",
  "ratelimit-policy",
  "retry-after",
  "x-ratelimit-limit",
  "x-ratelimit-remaining",
  "x-ratelimit-reset",
  "x-request-id",
];

/**
 * Tags what may be kept by what it says, so that every process tags it alike, and what has a version by its version too,
 * whoever reads it. Whoever has it already gets no body. What was asked for by somebody known is kept by nobody.
 */
export function tagged({ headers: asked }: Request, { status, headers: said, body }: RestAnswer): Parts {
  const { "cache-control": caching = null, etag: version = null, ...rest } = said;
  const kept = isPersonal(asked) ? null : caching;
  if (status !== 200 || (kept === null && version === null))
    return { status, headers: { ...rest, ...(kept !== null && { "cache-control": kept }) }, body };
  const etag = tagOf(body, version);
  if (kept === null) return { status, headers: { ...rest, etag }, body };
  const headers: Record<string, string> = { ...rest, etag, "cache-control": kept, vary: VARY };
  if (!isKnown(asked.get("if-none-match") ?? undefined, etag)) return { status, headers, body };
  const { "content-type": _type, "content-length": _length, ...unchanged } = headers;
  return { status: 304, headers: unchanged, body: null };
}

/** What an answer depends on that everybody may keep who is not known. */
export const VARY = "authorization, cookie";

export function tagOf(body: string, version: string | null): string {
  const digest = createHash("sha256").update(body).digest("base64url").slice(0, 27);
  return version === null ? `"${digest}"` : `${version.slice(0, -1)}-${digest}"`;
}

/** Whether who asks has what bears this tag, by what they say in If-None-Match. */
export function isKnown(said: string | undefined, tag: string): boolean {
  const tags = said?.split(",").map((one) => one.trim().replace(/^W\//, ""));
  return tags !== undefined && (tags.includes(tag) || tags.includes("*"));
}
