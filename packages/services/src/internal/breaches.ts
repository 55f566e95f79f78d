import type { DomainError } from "@pitwall/domain/domain-error";

/** What PostgreSQL says of a refused write. `constraint` is a name of our own schema, `code` an SQLSTATE. */
export interface Breach {
  readonly code: string;
  readonly constraint: string | null;
}

/** The breach behind an error, however deep drizzle and the driver wrapped it; null if it is no refusal by the database. */
export function breachOf(error: unknown): Breach | null {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ("code" in cause && typeof cause.code === "string" && /^[0-9A-Z]{5}$/.test(cause.code)) {
      const constraint = "constraint" in cause && typeof cause.constraint === "string" ? cause.constraint : null;
      return { code: cause.code, constraint };
    }
  }
  return null;
}

/** Runs a write, and turns the breach of a named constraint (or of an SQLSTATE) into the refusal it stands for. */
export async function refusing<T>(write: () => Promise<T>, refusals: Record<string, () => DomainError>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    const breach = breachOf(error);
    const refusal = breach && (refusals[breach.constraint ?? ""] ?? refusals[breach.code]);
    throw refusal ? refusal() : error;
  }
}
