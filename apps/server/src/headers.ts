import { createHash } from "node:crypto";
import type { Counted, RestAnswer } from "@pitwall/api";
import { SECOND } from "@pitwall/domain/durations";
import { isPersonal } from "./cookies.ts";

export const SECURITY = {
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "cross-origin-resource-policy": "cross-origin",
  "referrer-policy": "no-referrer",
  "strict-transport-security": "max-age=31536000; includeSubDomains",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "cache-control": "no-store",
};

/** What every answer says, unless it says otherwise itself. What is meant for one person no foreign page may load. */
export function secure(headers: Headers, asked: Headers): void {
  if (isPersonal(asked)) headers.set("cross-origin-resource-policy", "same-origin");
  for (const [name, value] of Object.entries(SECURITY)) if (!headers.has(name)) headers.set(name, value);
}

/** Tells a caller of each limit where they stand; the older headers have room for the tightest one only. */
export function limitHeaders(counts: readonly Counted[]): Record<string, string> {
  const [tightest] = [...counts].sort((a, b) => a.remaining - b.remaining);
  if (!tightest) return {};
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
export function tagged({ headers: asked }: Request, { status, headers: said, body }: RestAnswer): Response {
  const headers = new Headers(said);
  if (isPersonal(asked)) headers.delete("cache-control");
  const isKept = headers.has("cache-control");
  const version = headers.get("etag");
  if (status !== 200 || !(isKept || version)) return new Response(body, { status, headers });
  const tag = tagOf(body, version);
  headers.set("etag", tag);
  if (!isKept) return new Response(body, { status, headers });
  headers.append("vary", VARY);
  if (!isKnown(asked, tag)) return new Response(body, { status, headers });
  for (const name of ["content-type", "content-length"]) headers.delete(name);
  return new Response(null, { status: 304, headers });
}

/** What an answer depends on that everybody may keep who is not known. */
export const VARY = "authorization, cookie";

export function tagOf(body: string, version: string | null): string {
  const digest = createHash("sha256").update(body).digest("base64url").slice(0, 27);
  return version === null ? `"${digest}"` : `${version.slice(0, -1)}-${digest}"`;
}

/** Whether who asks has what bears this tag. */
export function isKnown(asked: Headers, tag: string): boolean {
  const tags = asked
    .get("if-none-match")
    ?.split(",")
    .map((one) => one.trim().replace(/^W\//, ""));
  return tags !== undefined && (tags.includes(tag) || tags.includes("*"));
}
