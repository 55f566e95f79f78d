import "./provided.ts";
import { randomUUID } from "node:crypto";
import { inject } from "vitest";

/** Null when the run has no Redis: `describe.skipIf(redisUrl() === null)`. */
export function redisUrl(): string | null {
  return inject("redisUrl");
}

/** Keeps the keys of one test away from all others. */
export function aPrefix(): string {
  return `pitwall-test-${randomUUID().slice(0, 8)}:`;
}
