import { randomUUID } from "node:crypto";
import type { Db } from "@pitwall/db/database";
import type { AccountContext } from "@pitwall/services/context";
import type { Idempotency } from "./idempotency.ts";
import type { Counting } from "./limits.ts";
import type { SessionCookies } from "./session-cookies.ts";

/** What a procedure is called with: all that a service may touch, and what speech itself needs. */
export interface ApiContext extends AccountContext, Counting {
  readonly requestId: string;
  /** A token came along that is none of ours, or whose session is over. The actor is a guest then. */
  readonly isTokenRefused: boolean;
  /** Null for scripts, which have none. */
  readonly cookies: SessionCookies | null;
  /** Null where the call may be done each time that it is said. */
  readonly idempotency: Idempotency | null;
  /** Makes an answer that is the same for everybody, or hands out one that is ready. Null where each is made anew. */
  readonly ready: ((make: () => Promise<unknown>) => Promise<unknown>) | null;
  /** Hears that an admin may have changed what everybody may read, before the admin is answered. */
  readonly onChanged: () => void;
  /**
   * Has the asker wait for minutes, and hands out connections on which statements may take as long. Null where `db` is such
   * already.
   */
  readonly patiently: (() => Db) | null;
}

/** The context of a script, which speaks as a named actor. */
export function contextOf(services: AccountContext, own: Partial<ApiContext> = {}): ApiContext {
  return {
    requestId: randomUUID(),
    origin: { address: null, device: null },
    isTokenRefused: false,
    cookies: null,
    idempotency: null,
    ready: null,
    onChanged: () => undefined,
    patiently: null,
    limits: null,
    onCounted: () => undefined,
    ...services,
    ...own,
  };
}
