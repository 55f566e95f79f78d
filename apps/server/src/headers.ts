import { createHash } from "node:crypto";
import type { Counted } from "@pitwall/api";
import { SECOND } from "@pitwall/domain/durations";
import { isPersonal } from "./cookies.ts";

const SECURITY = {
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
export function tellLimits(headers: Headers, counts: readonly Counted[]): void {
  const [tightest] = [...counts].sort((a, b) => a.remaining - b.remaining);
  if (!tightest) return;
  headers.set("ratelimit-policy", counts.map(({ limit, most, per }) => `"${limit}";q=${most};w=${per}`).join(", "));
  headers.set(
    "ratelimit",
    counts.map(({ limit, remaining, resetSeconds }) => `"${limit}";r=${remaining};t=${resetSeconds}`).join(", "),
  );
  headers.set("x-ratelimit-limit", String(tightest.most));
  headers.set("x-ratelimit-remaining", String(tightest.remaining));
  headers.set("x-ratelimit-reset", String(Math.ceil(Date.now() / SECOND) + tightest.resetSeconds));
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
export async function tagged(request: Request, answer: Response): Promise<Response> {
  const headers = new Headers(answer.headers);
  if (isPersonal(request.headers)) headers.delete("cache-control");
  const isKept = headers.has("cache-control");
  const version = headers.get("etag");
  if (answer.status !== 200 || !(isKept || version))
    return new Response(answer.body, { status: answer.status, headers });
  const body = await answer.text();
  const digest = createHash("sha256").update(body).digest("base64url").slice(0, 27);
  const tag = version === null ? `"${digest}"` : `${version.slice(0, -1)}-${digest}"`;
  headers.set("etag", tag);
  if (!isKept) return new Response(body, { status: 200, headers });
  headers.append("vary", "authorization, cookie");
  const known = request.headers
    .get("if-none-match")
    ?.split(",")
    .map((one) => one.trim().replace(/^W\//, ""));
  if (!known?.includes(tag) && !known?.includes("*")) return new Response(body, { status: 200, headers });
  headers.delete("content-type");
  return new Response(null, { status: 304, headers });
}
