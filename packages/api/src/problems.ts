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

/** An answer on REST, before the door adds what every answer says. */
export interface RestAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Asked {
  readonly instance: string;
  readonly requestId: string;
  /** Where this server is reached, without a slash at the end; "" makes what is said of it relative. */
  readonly home: string;
}

export function problemResponse(fault: PublicFault, asked: Asked): Response {
  const { body, ...init } = problemAnswer(fault, asked);
  return new Response(body, init);
}

export function problemAnswer(fault: PublicFault, { instance, requestId, home }: Asked): RestAnswer {
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
  const headers = {
    "content-type": "application/problem+json",
    ...(status === 401 && { "www-authenticate": "Bearer" }),
    ...(retryAfterSeconds !== undefined && { "retry-after": String(retryAfterSeconds) }),
  };
  return { status, headers, body: JSON.stringify(problem) };
}
