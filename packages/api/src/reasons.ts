import { FAULT_REASONS } from "@pitwall/domain/fault-reasons";
import { REASONS } from "@pitwall/domain/reasons";
import { BUG, doorFaults, KINDS } from "./errors.ts";

export interface PublicReason {
  /** What a problem has as its `code`, and tRPC as its `reason`. */
  readonly code: string;
  readonly status: number;
  /** Of the status. */
  readonly title: string;
  readonly meaning: string;
}

/** Everything that may be refused, by status. A code that is of two kinds is there twice. */
export const publicReasons: readonly PublicReason[] = [
  ...Object.entries(KINDS).flatMap(([kind, { status, title }]) =>
    Object.entries(REASONS[kindNamed(kind)]).map(([code, meaning]) => ({ code, status, title, meaning })),
  ),
  ...[
    doorFaults.noSuchPath,
    doorFaults.wrongMethod,
    doorFaults.outdated,
    doorFaults.tooLarge,
    doorFaults.wrongMediaType,
    BUG,
  ].map(({ reason: code, status, title, message: meaning }) => ({ code, status, title, meaning })),
].toSorted((a, b) => a.status - b.status || a.code.localeCompare(b.code));

/** What `errors` may say of single fields. */
export const publicFaultReasons: readonly Pick<PublicReason, "code" | "meaning">[] = Object.entries(FAULT_REASONS).map(
  ([code, meaning]) => ({ code, meaning }),
);

/** Safe, since a table has the kinds alone as its keys. */
function kindNamed(name: string): keyof typeof KINDS {
  return name as keyof typeof KINDS;
}
