// This module imports nothing, so that the published client's types stay as small as they are.

export type OwnLimit = "signIn" | "register" | "mail" | "link" | "code" | "codeFrom" | "league" | "lineup";

/** What a procedure says of itself beside its input and its output. */
export type Meta = {
  /** Who may call it. */
  who?: "anyone" | "user" | "admin";
  /** It proves who somebody is by other means, so a token that came along says nothing. */
  ignoresToken?: true;
  /** Limits of its own beside the general one. */
  limit?: OwnLimit | OwnLimit[];
  /**
   * An Idempotency-Key says nothing to it: its answer bears secrets, or what it does goes beyond the database and must wait
   * for the commit.
   */
  takesNoKey?: true;
  /** It may touch every team of a season, so an admin, once known as one, is given minutes for it instead of seconds. */
  takesLong?: true;
  /** It makes something that was not there: REST answers 201. */
  creates?: true;
  /**
   * How long others may keep what a guest is answered. "revalidated": as long as they ask each time whether it still holds,
   * since no correction may be hidden. "minute": what no result changes. Whatever everybody may read on REST says which.
   */
  caching?: "revalidated" | "minute";
  /**
   * A server may have its answer ready for whoever asks: it is the same for everybody, and all that it shows is in tables that
   * tell of their changes, unless it may be kept for a minute anyway.
   */
  isReady?: true;
  openapi?: {
    method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
    /** Below /api/v1. */
    path: `/${string}`;
    tags: string[];
    summary: string;
    description?: string;
    /** What REST calls a field of the input, where it has another name for it. */
    names?: Record<string, string>;
  };
};

/** One thing that is wrong with one field, with the figures needed to mend it. */
export type PublicFieldFault = { field: string; reason: string; message: string; [figure: string]: string | number };

/** An error as tRPC sends it. */
export type PublicErrorShape = {
  message: string;
  /** JSON-RPC's number. */
  code: number;
  data: {
    /** tRPC's word for the status. */
    code: string;
    httpStatus: number;
    path?: string;
    /** Public and never reworded: `subject.what_is_wrong`. */
    reason: string;
    requestId: string;
    errors: PublicFieldFault[];
    retryAfterSeconds?: number;
  };
};
