import type { AppRouter } from "@pitwall/api/procedures";
import { TRPCClientError } from "@trpc/client";

/** One thing that is wrong with one field, with the figures needed to mend it. */
export type FieldFault = { field: string; reason: string; message: string; [figure: string]: string | number };

/** Why a call was refused, or that it never arrived. The message is for people. */
export class PitwallError extends TRPCClientError<AppRouter> {
  /**
   * For programs: public and never reworded, as `lineup.breaks_rules`. `network` when no answer of the server came back,
   * `aborted` when the caller's signal ended the call.
   */
  readonly reason: string;
  /** Of HTTP; 0 when no answer came back. */
  readonly status: number;
  /** To be named when asking the operator for help. */
  readonly requestId: string | undefined;
  readonly errors: readonly FieldFault[];
  readonly retryAfterSeconds: number | undefined;

  constructor(caught: unknown) {
    const { message, shape, data, cause } = TRPCClientError.from<AppRouter>(
      caught instanceof Error ? caught : new Error(String(caught)),
    );
    super(message, { ...(shape && { result: { error: shape } }), ...(cause && { cause }) });
    // The class above sets its own prototype on whatever is made of it.
    Object.setPrototypeOf(this, PitwallError.prototype);
    this.name = "PitwallError";
    this.reason = data?.reason ?? (isAbort(caught) || isAbort(cause) ? "aborted" : "network");
    this.status = data?.httpStatus ?? 0;
    this.requestId = data?.requestId;
    this.errors = data?.errors ?? [];
    this.retryAfterSeconds = data?.retryAfterSeconds;
  }
}

function isAbort(error: unknown): boolean {
  if (error instanceof PitwallError) return error.reason === "aborted";
  return error instanceof Error && (error.name === "AbortError" || error.name === "TimeoutError");
}
