import { randomUUID } from "node:crypto";
import type { AccountContext } from "@pitwall/services/context";
import type { Counted, RateLimits } from "./limits.ts";

/** Where a request comes from, whoever sends it. */
export interface Origin {
  readonly address: string | null;
  readonly device: string | null;
}

/** What a procedure is called with: all that a service may touch, and what speech itself needs. */
export interface ApiContext extends AccountContext {
  readonly requestId: string;
  readonly origin: Origin;
  /** A token came along that is none of ours, or whose session is over. The actor is a guest then. */
  readonly isTokenRefused: boolean;
  /** Null for scripts: who may run one need not be slowed down. */
  readonly limits: RateLimits | null;
  /** Hears of every count, so that the door can tell the caller. */
  readonly onCounted: (counted: Counted) => void;
}

/** The context of a script, which speaks as a named actor. */
export function contextOf(services: AccountContext, own: Partial<ApiContext> = {}): ApiContext {
  return {
    requestId: randomUUID(),
    origin: { address: null, device: null },
    isTokenRefused: false,
    limits: null,
    onCounted: () => undefined,
    ...services,
    ...own,
  };
}
