import type { Cache } from "@pitwall/cache/cache";
import type { Db } from "@pitwall/db/database";
import type { Schedule } from "@pitwall/domain/schedule";
import type { Bearer } from "./auth/bearers.ts";
import type { Auth } from "./auth/tokens.ts";

/**
 * Who speaks. The system is the clock, the one-command start, or a script of whoever holds the database's address: it acts
 * for nobody, may do what no person may, and its name is what the audit trail tells of it.
 */
export type Actor =
  | { readonly kind: "guest"; readonly address: string | null; readonly device: string | null }
  | Bearer
  | { readonly kind: "system"; readonly name: string };

export interface Log {
  info(message: string, facts?: Record<string, unknown>): void;
  warn(message: string, facts?: Record<string, unknown>): void;
  error(message: string, facts?: Record<string, unknown>): void;
}

/** All that a service may touch beside its input. There are no globals: what is not here cannot be reached. */
export interface ServiceContext {
  /** A pool or a transaction: a service cannot tell, and need not. */
  readonly db: Db;
  readonly cache: Cache;
  readonly actor: Actor;
  readonly now: () => Date;
  readonly log: Log;
  readonly schedule: Schedule;
}

export interface Mail {
  /** One address. */
  readonly to: string;
  readonly subject: string;
  /** Plain text. It may hold a link that opens an account, so it belongs in no log. */
  readonly text: string;
  /** What is the same for the same mail, should it be sent twice. */
  readonly id?: string;
}

export interface Mailer {
  send(mail: Mail): Promise<void>;
  /** For a great many at once: so many at a time, on connections that are used again until it is closed. */
  forMany?(atOnce: number): Mailer & { close(): void };
}

/** What the doors for people carry beside it. The clock signs nobody in. */
export interface AccountContext extends ServiceContext {
  readonly auth: Auth;
  readonly mailer: Mailer;
  /** Where mailed links lead, without a slash at the end. */
  readonly publicUrl: string;
  /** When the request came, by `performance.now()`; left out, it comes as it is asked. */
  readonly arrivedAt?: number | undefined;
}
