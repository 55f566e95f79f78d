/** A file is unknown until read: whoever edits one by hand should hear what is wrong with it, not see it in the tables. */
export function text(value: unknown): string {
  if (typeof value !== "string") throw unexpected(value, "text");
  return value;
}

export function number(value: unknown): number {
  if (typeof value !== "number") throw unexpected(value, "a number");
  return value;
}

export function whole(value: unknown): number {
  if (!Number.isSafeInteger(value)) throw unexpected(value, "a whole number");
  return number(value);
}

export function list(value: unknown): unknown[] {
  if (!Array.isArray(value)) throw unexpected(value, "a list");
  return value;
}

export function object(value: unknown): Partial<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw unexpected(value, "an object");
  return { ...value };
}

function unexpected(value: unknown, wanted: string): TypeError {
  return new TypeError(`A season's file has ${JSON.stringify(value)?.slice(0, 80)} where ${wanted} is expected.`);
}
