/**
 * Whether a body is JSON and nothing else. Forms and plain text are what a foreign page may send without asking first, so
 * they must not reach a mutation.
 */
export function isJson(headers: Headers): boolean {
  const encoding = headers.get("content-encoding") ?? "identity";
  const type = headers.get("content-type") ?? "";
  return encoding === "identity" && /^application\/json\s*(;\s*charset\s*=\s*"?utf-8"?\s*)?$/i.test(type);
}
