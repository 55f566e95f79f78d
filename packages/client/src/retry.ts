import type { AppRouter } from "@pitwall/api/procedures";
import type { Operation, TRPCLink } from "@trpc/client";
import { observable, type Unsubscribable } from "@trpc/server/observable";
import { PitwallError } from "./error.ts";

/** The server does these each time that they are asked for: they sign in or out, or send mails. */
const TAKES_NO_KEY = /^(auth\..*|users\.remove|admin\.changeUser)$/;

/** Under which key a call is done once, however often it arrives. Undefined where it may be done again, or must not be sent again. */
export function keyOf({ type, path, context }: Operation): string | undefined {
  const { idempotencyKey } = context;
  return type === "mutation" && !TAKES_NO_KEY.test(path) && typeof idempotencyKey === "string"
    ? idempotencyKey
    : undefined;
}

/**
 * Sends again what may be sent again and failed on its way, or while the server was away: queries, and mutations under a key,
 * which each gets of itself. Whoever aborts hears it at once, and nothing is sent any more.
 */
export function retryLink(retries: number): TRPCLink<AppRouter> {
  return () =>
    ({ op, next }) =>
      observable((observer) => {
        const said = retries > 0 ? keyed(op) : op;
        let running: Unsubscribable | undefined;
        let waiting: ReturnType<typeof setTimeout> | undefined;
        const stop = () => {
          clearTimeout(waiting);
          running?.unsubscribe();
          op.signal?.removeEventListener("abort", giveUp);
        };
        const giveUp = () => {
          stop();
          observer.error(new PitwallError(op.signal?.reason));
        };
        const send = (attempt: number) => {
          running = next(said).subscribe({
            next: (envelope) => observer.next(envelope),
            error(error) {
              const refusal = new PitwallError(error);
              const pause = attempt < retries && isRepeatable(said) ? pauseAfter(refusal, attempt) : null;
              if (pause === null) return observer.error(refusal);
              waiting = setTimeout(() => send(attempt + 1), pause);
            },
            complete: () => observer.complete(),
          });
        };
        if (op.signal?.aborted) giveUp();
        else {
          op.signal?.addEventListener("abort", giveUp);
          send(0);
        }
        return stop;
      });
}

function keyed(op: Operation): Operation {
  const context = { ...op.context, idempotencyKey: op.context.idempotencyKey ?? aKey() };
  return { ...op, context };
}

/** Not `randomUUID`, which browsers keep from pages without TLS. */
function aKey(): string {
  const bytes = globalThis.crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function isRepeatable(op: Operation): boolean {
  return op.type === "query" || keyOf(op) !== undefined;
}

const SECOND = 1_000;
const MOST_PATIENCE = 30 * SECOND;

/** In milliseconds; null where the same again would be refused again, or only much later be heard. */
function pauseAfter({ reason, status, retryAfterSeconds }: PitwallError, attempt: number): number | null {
  if (reason !== "network" && reason !== "idempotency.in_progress" && status !== 503) return null;
  const pause = (retryAfterSeconds ?? 0.1 * 2 ** attempt) * SECOND;
  // So that those who failed together do not come back together.
  return pause > MOST_PATIENCE ? null : pause + Math.random() * 0.1 * SECOND;
}
