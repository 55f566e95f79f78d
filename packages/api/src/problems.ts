import type { PublicFault } from "./errors.ts";

/** A fault as RFC 9457 has it. `instance` is the path that was asked for. */
export interface Problem {
  /** Where the reason is explained. */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly instance: string;
  readonly code: string;
  readonly requestId: string;
  readonly errors: PublicFault["errors"];
}

export interface Asked {
  readonly instance: string;
  readonly requestId: string;
  /** Where this server is reached, without a slash at the end; "" makes what is said of it relative. */
  readonly home: string;
}

export function problemResponse(fault: PublicFault, { instance, requestId, home }: Asked): Response {
  const { reason, title, status, message, errors, retryAfterSeconds } = fault;
  const problem: Problem = {
    type: `${home}/docs/errors#${reason}`,
    title,
    status,
    detail: message,
    instance,
    code: reason,
    requestId,
    errors,
  };
  const headers = new Headers({ "content-type": "application/problem+json" });
  if (status === 401) headers.set("www-authenticate", "Bearer");
  if (retryAfterSeconds !== undefined) headers.set("retry-after", String(retryAfterSeconds));
  return new Response(JSON.stringify(problem), { status, headers });
}
