export type ErrorKind =
  | "malformed"
  | "unauthenticated"
  | "forbidden"
  | "not_found"
  | "conflict"
  | "broken_rule"
  | "rate_limited"
  | "source_failed"
  | "unavailable";

/**
 * One thing that is wrong with one field. The numbers a person needs to mend it (cost, budget, limit …) travel beside it,
 * as people read them: millions and points.
 */
export interface FieldFault {
  readonly field: string;
  /** Public, stable, `subject.what_is_wrong`. */
  readonly reason: string;
  readonly message: string;
  readonly [figure: string]: string | number;
}

export interface DomainErrorOptions {
  readonly faults?: readonly FieldFault[];
  readonly retryAfterSeconds?: number;
}

/** A refusal that one could foresee. Its message is for people and says what to do; its reason is for programs and is never reworded. */
export class DomainError extends Error {
  readonly kind: ErrorKind;
  readonly reason: string;
  readonly faults: readonly FieldFault[];
  readonly retryAfterSeconds?: number;

  constructor(kind: ErrorKind, reason: string, message: string, options: DomainErrorOptions = {}) {
    super(message);
    this.name = "DomainError";
    this.kind = kind;
    this.reason = reason;
    this.faults = options.faults ?? [];
    if (options.retryAfterSeconds !== undefined) this.retryAfterSeconds = options.retryAfterSeconds;
  }
}
