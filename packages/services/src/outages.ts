import { setTimeout as wait } from "node:timers/promises";
import { SECOND } from "@pitwall/domain/durations";
import type { Log } from "./context.ts";
import { EnvError } from "./environment.ts";

/**
 * Words of the network, of the driver and SQLSTATEs that say "not now" rather than "never": no connection, the server
 * stops or is full, a lock or an answer that took too long.
 */
const CODES = /^(ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENOTFOUND|EAI_AGAIN|08|53|57P|57014|55P03|40001|40P01|25006|25P0)/;

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

/** SQLSTATEs of a server that answers, and will not let this address in however long one waits. */
const REFUSALS = /^(28|3D000|42501)/;

/** The server is there but not for us: no such user or database, a wrong password, no TLS, or too few rights. Null for all else. */
export function refusedByDatabase(error: unknown): EnvError | null {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const code = "code" in cause && typeof cause.code === "string" ? cause.code : "";
    if (REFUSALS.test(code) || cause.message === "The server does not support SSL connections")
      return new EnvError(`DATABASE_URL: is refused by the database, which says: ${cause.message}`);
  }
  return null;
}

/** Does the work that a start needs. A database that is still starting is nothing to die of: it is told, and tried again. */
export async function onceTheDatabaseAnswers<T>(log: Log, work: () => Promise<T>): Promise<T> {
  for (let pause = SECOND; ; pause = Math.min(2 * pause, 30 * SECOND)) {
    try {
      return await work();
    } catch (error) {
      if (!isOutage(error)) throw refusedByDatabase(error) ?? error;
      log.warn("the database does not answer: see DATABASE_URL. Trying again", { inSeconds: pause / SECOND, error });
      await wait(pause);
    }
  }
}
