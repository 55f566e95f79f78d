import { HOUR, SECOND } from "@pitwall/domain/durations";
import type { Copy } from "@pitwall/services/results/answers";

/** What an answer says about the copy that it was taken from. Whatever a source promises, it is asked again within an hour. */
export function copyOf(headers: Headers, now: number): Copy {
  const age = seconds(headers.get("age")) ?? 0;
  const left = Math.min(HOUR, ((lifetimeOf(headers, now) ?? 0) - age) * SECOND);
  return { madeAt: new Date(now - age * SECOND), freshUntil: left > 0 ? new Date(now + left) : null };
}

/** Several documents are as old as the oldest, and there is something new once all may be. */
export function copyOfAll(copies: readonly Copy[]): Copy {
  const until = copies.map(({ freshUntil }) => freshUntil?.getTime() ?? 0);
  const latest = Math.max(0, ...until);
  return {
    madeAt: new Date(Math.min(...copies.map(({ madeAt }) => madeAt.getTime()))),
    freshUntil: latest > 0 ? new Date(latest) : null,
  };
}

/** In seconds, from the making of the copy. */
function lifetimeOf(headers: Headers, now: number): number | null {
  const control = headers.get("cache-control") ?? "";
  if (/no-store|no-cache/i.test(control)) return null;
  const [, maxAge] = /(?:^|[\s,])max-age="?(\d+)/i.exec(control) ?? [];
  if (maxAge !== undefined) return seconds(maxAge);
  const expiresAt = Date.parse(headers.get("expires") ?? "");
  if (Number.isNaN(expiresAt)) return null;
  const saidAt = Date.parse(headers.get("date") ?? "");
  return (expiresAt - (Number.isNaN(saidAt) ? now : saidAt)) / SECOND;
}

/** A number that is too large to be one of seconds is none. */
function seconds(text: string | null): number | null {
  return text !== null && /^\d{1,10}$/.test(text) ? Number(text) : null;
}
