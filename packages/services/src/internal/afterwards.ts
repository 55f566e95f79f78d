import type { ServiceContext } from "../context.ts";

/**
 * Begins work that nobody waits for, so that the time of an answer tells nothing of it. It must stand outside of every
 * transaction. What goes wrong is in the log alone.
 */
export function afterwards(ctx: Pick<ServiceContext, "log">, what: string, work: () => Promise<void>): void {
  void work().catch((error: unknown) => ctx.log.error(`${what} failed`, { error }));
}
