import { setTimeout as sleep } from "node:timers/promises";
import { SECOND } from "@pitwall/domain/durations";
import type { Copy } from "@pitwall/services/results/answers";
import type { Budget } from "./budget.ts";
import { copyOf } from "./copies.ts";
import { get, type Outcome } from "./outbound.ts";
import { askedPause, oneAtATime } from "./pacing.ts";

export interface ClientOptions {
  /** Without a slash at the end. */
  readonly baseUrl: string;
  /** Says who asks and how to reach them. */
  readonly userAgent: string;
  readonly budget: Budget;
  /** For one document with all that is tried for it, in milliseconds. */
  readonly timeout?: number;
  /** Before each try but the first, in milliseconds; up to half of it is left to chance. */
  readonly pauses?: readonly number[];
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

export type Fetched =
  | { readonly kind: "fetched"; readonly body: string; readonly copy: Copy }
  | { readonly kind: "failed"; readonly reason: string; readonly retryAfterMs?: number }
  | PutOff;

/** Nobody was asked, and nobody should be for so many milliseconds. */
export interface PutOff {
  readonly kind: "put_off";
  readonly reason: string;
  readonly forMs: number;
}

export interface Client {
  /** What stands at this path, which begins with a slash. */
  fetch(path: string): Promise<Fetched>;
}

const PAUSES = [SECOND, 2 * SECOND];

/** How every source is asked: one thing at a time, within its budget, again if the line was bad, and not while it is silent. */
export function openClient(options: ClientOptions): Client {
  const { baseUrl, userAgent, budget, pauses = PAUSES, timeout = 10 * SECOND, now = Date.now } = options;
  const inTurn = oneAtATime();
  return { fetch: (path) => inTurn(() => fetchDocument(path)) };

  async function fetchDocument(path: string): Promise<Fetched> {
    const turn = await budget.take();
    if (turn.kind === "denied") return { kind: "put_off", reason: REASONS[turn.because], forMs: turn.forMs };
    const outcome = await tried(path, AbortSignal.timeout(timeout));
    const asked = outcome.kind === "answered" ? askedPause(outcome.headers.get("retry-after"), now()) : 0;
    if (outcome.kind === "answered" && outcome.status === 429) {
      const retryAfterMs = await budget.setback("refused", asked);
      return { kind: "failed", reason: "The source answered 429: too many requests.", retryAfterMs };
    }
    if (isOutage(outcome)) await budget.setback("failing", asked);
    if (outcome.kind === "failed") return { kind: "failed", reason: outcome.reason };
    if (outcome.status !== 200) return { kind: "failed", reason: `The source answered ${outcome.status}.` };
    if (isData(outcome)) await budget.answered();
    return { kind: "fetched", body: outcome.body, copy: copyOf(outcome.headers, now()) };
  }

  /** The first turn has been taken. */
  async function tried(path: string, signal: AbortSignal): Promise<Outcome> {
    let outcome = await get(path, { baseUrl, userAgent, signal });
    for (const pause of pauses) {
      if (!isPassing(outcome)) return outcome;
      await sleep(pause * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => undefined);
      if (signal.aborted || (await budget.take()).kind === "denied") return outcome;
      outcome = await get(path, { baseUrl, userAgent, signal });
    }
    return outcome;
  }
}

const REASONS = {
  refused: "The source asked for a pause.",
  failing: "The source failed a moment ago and is left alone.",
  spent: "The source has been asked enough for now.",
} as const;

/** What another try may mend: a line that broke, a server that stumbled and does not say for how long. */
function isPassing(outcome: Outcome): boolean {
  if (outcome.kind === "failed") return outcome.mayPass;
  return outcome.status >= 500 && !outcome.headers.has("retry-after");
}

/** What says that the source itself is away, whatever it is asked. A path that it does not know is not among it. */
function isOutage(outcome: Outcome): boolean {
  if (outcome.kind === "failed" || outcome.status === 403) return true;
  return (outcome.status < 400 || outcome.status >= 500) && !isData(outcome);
}

function isData({ status, body }: Extract<Outcome, { kind: "answered" }>): boolean {
  return status === 200 && /^\s*[[{]/.test(body);
}
