import { setTimeout as wait } from "node:timers/promises";
import { SECOND } from "@pitwall/domain/durations";
import type { Log } from "./context.ts";

/**
 * Words of the network, of the driver and SQLSTATEs that say "not now" rather than "never": no connection, the server
 * stops or is full, a lock or an answer that took too long.
 */
const CODES = /^(ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENOTFOUND|EAI_AGAIN|08|53|57P|57014|55P03|40001|40P01|25006)/;

/** The driver's own failures bear no code. */
const MESSAGES =
  /^(timeout exceeded when trying to connect|Connection terminated|Query read timeout|Client has encountered a connection error)/;

/** Whether an error, however deep it is wrapped, means that the database is away for a moment. */
export function isOutage(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ("code" in cause && typeof cause.code === "string" && CODES.test(cause.code)) return true;
    if (MESSAGES.test(cause.message)) return true;
    if (cause instanceof AggregateError) return cause.errors.some(isOutage);
  }
  return false;
}

/** Does the work that a start needs. A database that is still starting is nothing to die of: it is told, and tried again. */
export async function onceTheDatabaseAnswers<T>(log: Log, work: () => Promise<T>): Promise<T> {
  for (let pause = SECOND; ; pause = Math.min(2 * pause, 30 * SECOND)) {
    try {
      return await work();
    } catch (error) {
      if (!isOutage(error)) throw error;
      log.warn("the database does not answer: see DATABASE_URL. Trying again", { inSeconds: pause / SECOND, error });
      await wait(pause);
    }
  }
}
