/**
 * What a failure means for a mail: its server refused it for good, or for now; the server was not to be had, and the mail is
 * surely not sent; or the connection broke, and nobody knows.
 */
export type MailFailure = "refused" | "failed" | "unreached" | "unknown";

/** What a mail server's error says, without what it says of anybody. */
export interface Facts {
  readonly command?: string;
  readonly code?: string;
  readonly status?: number;
  readonly syscall?: string;
  readonly timeoutType?: string;
}

/** Nothing else of an error may be told: the words of a mail server name the address. */
export function factsOf(error: unknown): Facts {
  const said: Record<string, unknown> = typeof error === "object" && error !== null ? { ...error } : {};
  const word = (name: string) => (typeof said[name] === "string" ? { [name]: said[name] } : {});
  return {
    ...{ ...word("command"), ...word("code"), ...word("syscall"), ...word("timeoutType") },
    ...(typeof said.responseCode === "number" && { status: said.responseCode }),
  };
}

const CLOSING = 421;

const IS_ABOUT_THE_MAIL: ReadonlySet<string | undefined> = new Set(["RCPT TO", "DATA", "API"]);

/** Timeouts before the server was told of any mail. */
const IS_EARLY: ReadonlySet<string | undefined> = new Set(["CONNECT_TIMEOUT", "GREETING_TIMEOUT", "UPGRADE_TIMEOUT"]);

export function failureOf({ command, code, status, syscall, timeoutType }: Facts): MailFailure {
  if (status === CLOSING) return "unreached";
  if (IS_ABOUT_THE_MAIL.has(command)) return status !== undefined && status >= 500 ? "refused" : "failed";
  if (command === undefined) return code === "ECONNECTION" ? "unreached" : "failed";
  if (command !== "CONN" || code === "EDNS" || syscall === "connect" || IS_EARLY.has(timeoutType)) return "unreached";
  return "unknown";
}
