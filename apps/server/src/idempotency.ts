import { DomainError } from "@pitwall/domain/domain-error";

const KEY = /^[\x21-\x7e]{1,255}$/;

/** The key that a caller chose for what is asked for. A batch has several calls for one. */
export function idempotencyKey(headers: Headers, calls: number): string | null {
  const key = headers.get("idempotency-key");
  if (key === null) return null;
  if (calls > 1) throw malformed("An Idempotency-Key stands for one call. Send each call by itself, with its own key.");
  if (!KEY.test(key)) throw malformed("An Idempotency-Key is 1 to 255 visible characters of ASCII.");
  return key;
}

function malformed(message: string): DomainError {
  return new DomainError("malformed", "idempotency.key_malformed", message);
}
