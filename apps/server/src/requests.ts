import { type ApiContext, type Counted, contextOf, faultOf, isOurs, PublicError, type RateLimits } from "@pitwall/api";
import { authenticate } from "@pitwall/services/auth/authenticate";
import type { AccountContext, Actor } from "@pitwall/services/context";
import type { Context } from "hono";
import { addressReader } from "./addresses.ts";

/** What is known of one request while it is answered. */
export interface AppEnv {
  Bindings: { readonly incoming?: { readonly socket: { readonly remoteAddress?: string | undefined } } };
  Variables: {
    requestId: string;
    /** The last count under each limit, since a batch is counted call by call. */
    counts: Map<string, Counted>;
    address: string | null;
    actor: Actor;
  };
}

export type Asking = Context<AppEnv>;

export interface ContextSources {
  /** Everything a service may touch; who speaks is found out for each request. */
  readonly services: Omit<AccountContext, "actor">;
  /** Null: nobody is slowed down. */
  readonly limits: RateLimits | null;
}

/** Makes what a procedure is called with. Whatever goes wrong here has been logged, and is fit to leave. */
export function contextMaker({ services, limits }: ContextSources): (c: Asking) => Promise<ApiContext> {
  return async (c) => {
    const requestId = c.get("requestId");
    const origin = { address: c.get("address"), device: c.req.header("user-agent") ?? null };
    try {
      const authorization = c.req.header("authorization");
      const bearer = authorization === undefined ? null : await bearerOf(services, authorization);
      const actor: Actor = bearer ?? { kind: "guest", ...origin };
      c.set("actor", actor);
      const isTokenRefused = authorization !== undefined && bearer === null;
      const onCounted = (counted: Counted) => c.get("counts").set(counted.limit, counted);
      return contextOf({ ...services, actor }, { requestId, origin, isTokenRefused, limits, onCounted });
    } catch (error) {
      throw publicError(services, error, requestId);
    }
  };
}

async function bearerOf(services: ContextSources["services"], authorization: string): Promise<Actor | null> {
  const [, token] = /^Bearer ([\w.~+/=-]+)$/i.exec(authorization) ?? [];
  return token === undefined ? null : authenticate(services, token);
}

/** Logs what is ours to mend, and leaves only what may be told. */
export function publicError({ log }: Pick<AccountContext, "log">, error: unknown, requestId: string): PublicError {
  if (error instanceof PublicError) return error;
  const fault = faultOf(error);
  if (isOurs(fault)) log.error("a request failed", { requestId, error });
  return new PublicError(fault, requestId);
}

/** Fills in where each request comes from. */
export function addressOf(trustedProxies: readonly string[]): (c: Asking) => string | null {
  const read = addressReader(trustedProxies);
  return (c) => read(c.env?.incoming?.socket?.remoteAddress, c.req.header("x-forwarded-for"));
}
