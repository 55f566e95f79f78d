import { setTimeout as wait } from "node:timers/promises";
import type { Chance } from "../chance.ts";
import type { Supervised } from "./supervised.ts";

/** Where a request was sent, and whether it was answered as it should be. */
export type Verdict = "right" | "clean" | "wrong";

export interface Tally {
  readonly reads: Record<Verdict, number>;
  readonly writes: Record<Verdict, number>;
  /** What was wrong, in words. */
  readonly wrongs: string[];
  /** Answers that refused something, to be looked through. */
  readonly said: { readonly where: string; readonly text: string; readonly is?: "sign-in" }[];
}

export interface Door {
  readonly url: string;
  readonly process: Supervised;
}

export function aTally(): Tally {
  return { reads: { right: 0, clean: 0, wrong: 0 }, writes: { right: 0, clean: 0, wrong: 0 }, wrongs: [], said: [] };
}

/** Longer than the server gives itself for any request. */
const PATIENCE = 15_000;

/** Who hears of what became of a write that bears a key. */
export type OnKeyed = (key: string, fate: "acknowledged" | "refused" | "unknown") => void;

/** Sends each request to any of the doors, for one address, and judges what comes back. */
export function balanced(
  doors: readonly Door[],
  address: string,
  tally: Tally,
  chance: Chance,
  onKeyed: OnKeyed,
): typeof fetch {
  return async (input, init = {}) => {
    const door = chance.one(doors);
    const asked = new URL(input instanceof Request ? input.url : String(input));
    const url = `${door.url}${asked.pathname}${asked.search}`;
    const headers = new Headers(init.headers);
    headers.set("x-forwarded-for", address);
    const method = init.method ?? "GET";
    const kind = method === "GET" ? "reads" : "writes";
    const key = /\/auth[./]|users\.remove/.test(asked.pathname) ? null : headers.get("idempotency-key");
    const startedAt = performance.now();
    const count = (verdict: Verdict, words: string) => {
      tally[kind][verdict] += 1;
      if (verdict === "wrong") tally.wrongs.push(`${method} ${asked.pathname}: ${words}`);
    };
    try {
      const answer = await fetch(url, { ...init, headers, signal: AbortSignal.timeout(PATIENCE) });
      const text = await answer.text();
      const isClean =
        answer.status === 503 && (answer.headers.has("retry-after") || text.includes('"retryAfterSeconds"'));
      if (isClean) count("clean", "");
      else if (answer.status >= 500) count("wrong", `${answer.status} ${text.slice(0, 120)}`);
      else count("right", "");
      if (answer.status >= 400) tally.said.push({ where: asked.pathname, text });
      if (key) onKeyed(key, fateOf(answer.status));
      return new Response(text, { status: answer.status, headers: answer.headers });
    } catch (error) {
      const words = error instanceof Error ? `${error.message} ${String(error.cause ?? "")}` : String(error);
      const isTimeout = error instanceof Error && error.name === "TimeoutError";
      count(!isTimeout && !door.process.wasUpSince(startedAt) ? "clean" : "wrong", words);
      if (key) onKeyed(key, "unknown");
      await wait(chance.around(100));
      throw error;
    }
  };
}

function fateOf(status: number): "acknowledged" | "refused" | "unknown" {
  if (status >= 500) return "unknown";
  return status < 300 ? "acknowledged" : "refused";
}
