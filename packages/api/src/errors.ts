import { DomainError, type FieldFault } from "@pitwall/domain/domain-error";
import type { ErrorKind } from "@pitwall/domain/reasons";
import { isOutage } from "@pitwall/services/outages";
import { TRPCError } from "@trpc/server";
import { ZodError } from "zod";
import { fieldFaults } from "./wire/field-faults.ts";

type Code = TRPCError["code"];

/** How each kind of refusal is spoken, on tRPC and on REST. */
export const KINDS = {
  malformed: { code: "BAD_REQUEST", status: 400, title: "Malformed request" },
  unauthenticated: { code: "UNAUTHORIZED", status: 401, title: "Not signed in" },
  forbidden: { code: "FORBIDDEN", status: 403, title: "Not allowed" },
  not_found: { code: "NOT_FOUND", status: 404, title: "Not found" },
  conflict: { code: "CONFLICT", status: 409, title: "Conflict" },
  broken_rule: { code: "UNPROCESSABLE_CONTENT", status: 422, title: "Broken game rule" },
  rate_limited: { code: "TOO_MANY_REQUESTS", status: 429, title: "Too many requests" },
  unavailable: { code: "SERVICE_UNAVAILABLE", status: 503, title: "Out of reach for a moment" },
} as const satisfies Record<ErrorKind, { code: Code; status: number; title: string }>;

/** Everything that the outside may know of an error. */
export interface PublicFault {
  readonly code: Code;
  readonly status: number;
  readonly title: string;
  readonly reason: string;
  readonly message: string;
  readonly errors: readonly FieldFault[];
  readonly retryAfterSeconds?: number;
}

/** What can go wrong before a procedure is reached. tRPC's own messages repeat the request, so none of them is passed on. */
export const doorFaults = {
  unreadable: {
    code: "BAD_REQUEST",
    status: 400,
    title: "Malformed request",
    reason: "request.malformed",
    message: "The request cannot be read. Send JSON as /openapi.json describes it.",
    errors: [],
  },
  noSuchPath: {
    code: "NOT_FOUND",
    status: 404,
    title: "Not found",
    reason: "request.no_such_path",
    message: "There is nothing at this address. See /openapi.json for what there is.",
    errors: [],
  },
  wrongMethod: {
    code: "METHOD_NOT_SUPPORTED",
    status: 405,
    title: "Method not allowed",
    reason: "request.wrong_method",
    message: "This address does not take that method.",
    errors: [],
  },
  outdated: {
    code: "PRECONDITION_FAILED",
    status: 412,
    title: "Precondition failed",
    reason: "precondition.failed",
    message: "What If-Match names is not what is there now. Read it again, then change it.",
    errors: [],
  },
  tooLarge: {
    code: "PAYLOAD_TOO_LARGE",
    status: 413,
    title: "Request too large",
    reason: "request.too_large",
    message: "The request is too large. Send at most 64 KB.",
    errors: [],
  },
  wrongMediaType: {
    code: "UNSUPPORTED_MEDIA_TYPE",
    status: 415,
    title: "Unsupported media type",
    reason: "request.wrong_media_type",
    message: "Send application/json in UTF-8 and in no other encoding.",
    errors: [],
  },
} as const satisfies Record<string, PublicFault>;

const DOOR_FAULT_OF: Partial<Record<Code, PublicFault>> = {
  PARSE_ERROR: doorFaults.unreadable,
  BAD_REQUEST: doorFaults.unreadable,
  NOT_FOUND: doorFaults.noSuchPath,
  METHOD_NOT_SUPPORTED: doorFaults.wrongMethod,
  PRECONDITION_FAILED: doorFaults.outdated,
  PAYLOAD_TOO_LARGE: doorFaults.tooLarge,
  UNSUPPORTED_MEDIA_TYPE: doorFaults.wrongMediaType,
};

/** What is said of whatever nobody foresaw. */
export const BUG: PublicFault = {
  code: "INTERNAL_SERVER_ERROR",
  status: 500,
  title: "Internal error",
  reason: "internal",
  message: "Something went wrong.",
  errors: [],
};

const OUTAGE = new DomainError(
  "unavailable",
  "service.unavailable",
  "The game is out of reach for a moment. Try again shortly.",
  {
    retryAfterSeconds: 5,
  },
);

/** The only error that leaves. Whatever caused it stays inside. */
export class PublicError extends TRPCError {
  readonly fault: PublicFault;
  readonly requestId: string;

  constructor(fault: PublicFault, requestId: string) {
    super({ code: fault.code, message: fault.message });
    this.name = "PublicError";
    this.fault = fault;
    this.requestId = requestId;
  }
}

/** What may be said of any error at all. A bug says nothing but that it is one. */
export function faultOf(error: unknown): PublicFault {
  if (error instanceof PublicError) return error.fault;
  if (error instanceof DomainError) return refusal(error);
  if (!(error instanceof TRPCError)) return isOutage(error) ? refusal(OUTAGE) : BUG;
  if (error.code === "BAD_REQUEST" && error.cause instanceof ZodError)
    return refusal(malformed(fieldFaults(error.cause)));
  if (error.code === "INTERNAL_SERVER_ERROR") return error.cause === undefined ? BUG : faultOf(error.cause);
  return DOOR_FAULT_OF[error.code] ?? BUG;
}

/** Whether it is a fault of ours, whose cause belongs in the log. */
export function isOurs(fault: PublicFault): boolean {
  return fault === BUG || fault.reason === OUTAGE.reason;
}

/** What a request is told whose fields are wrong. */
export function malformed(faults: readonly FieldFault[]): DomainError {
  const message = faults.map(({ field, message }) => (field === "" ? message : `${field}: ${message}`)).join(" ");
  return new DomainError("malformed", "request.malformed", message, { faults });
}

function refusal({ kind, reason, message, faults, retryAfterSeconds }: DomainError): PublicFault {
  return {
    ...KINDS[kind],
    reason,
    message,
    errors: faults,
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
  };
}
