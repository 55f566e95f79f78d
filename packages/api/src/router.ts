import type { AccountContext } from "@pitwall/services/context";
import { type ApiContext, contextOf } from "./context.ts";
import { procedures } from "./procedures.ts";
import { createCallerFactory, router } from "./trpc.ts";

export const appRouter = router(procedures);

const createCaller = createCallerFactory(appRouter);

/**
 * The procedures for a script, which speaks as the context's actor: its input is checked and its authority asked for like
 * anybody's. What is refused comes as a `PublicError`.
 */
export function callerFor(services: AccountContext, own: Partial<ApiContext> = {}): Caller {
  return createCaller(contextOf(services, own));
}

export type Caller = ReturnType<typeof createCaller>;
