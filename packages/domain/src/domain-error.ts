import type { FaultReason } from "./fault-reasons.ts";
import type { ErrorKind, Reason, ReasonOf } from "./reasons.ts";

/**
 * One thing that is wrong with one field. The numbers a person needs to mend it (cost, budget, limit …) travel beside it,
 * as people read them: millions and points.
 */
export interface FieldFault {
  readonly field: string;
  readonly reason: FaultReason;
  readonly message: string;
  readonly [figure: string]: string | number;
}

export interface DomainErrorOptions {
  readonly faults?: readonly FieldFault[];
  readonly retryAfterSeconds?: number;
}

/** Each kind with the reasons that are of this kind. */
type Refusal = {
  [Kind in ErrorKind]: [kind: Kind, reason: ReasonOf<Kind>, message: string, options?: DomainErrorOptions];
}[ErrorKind];

/** A refusal that one could foresee. Its message is for people and says what to do; its reason is for programs and is never reworded. */
export class DomainError extends Error {
  readonly kind: ErrorKind;
  readonly reason: Reason;
  readonly faults: readonly FieldFault[];
  readonly retryAfterSeconds?: number;

  constructor(...[kind, reason, message, options = {}]: Refusal) {
    super(message);
    this.name = "DomainError";
    this.kind = kind;
    this.reason = reason;
    this.faults = options.faults ?? [];
    if (options.retryAfterSeconds !== undefined) this.retryAfterSeconds = options.retryAfterSeconds;
  }
}
