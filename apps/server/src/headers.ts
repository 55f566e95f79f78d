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
 * Lets caches keep what everybody may read, if they ask each time whether it still holds: a correction must not be hidden
 * by an older answer. Whoever has it already gets no body. What has a version is tagged with it whoever reads it.
 */
export async function revalidated(request: Request, answer: Response): Promise<Response> {
  const version = answer.headers.get("etag");
  const isForAll = !isPersonal(request.headers);
  if (answer.status !== 200 || !(isForAll || version)) return answer;
  const body = await answer.text();
  const digest = createHash("sha256").update(body).digest("base64url").slice(0, 27);
  const tag = version === null ? `"${digest}"` : `${version.slice(0, -1)}-${digest}"`;
  const headers = new Headers(answer.headers);
  headers.set("etag", tag);
  if (!isForAll) return new Response(body, { status: 200, headers });
  headers.set("cache-control", "public, no-cache");
  headers.append("vary", "authorization, cookie");
  const known = request.headers
    .get("if-none-match")
    ?.split(",")
    .map((one) => one.trim().replace(/^W\//, ""));
  if (!known?.includes(tag) && !known?.includes("*")) return new Response(body, { status: 200, headers });
  headers.delete("content-type");
  return new Response(null, { status: 304, headers });
}
