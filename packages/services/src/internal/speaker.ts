import { DomainError } from "@pitwall/domain/domain-error";
import type { Actor } from "../context.ts";

/** The id of the person who speaks; guests are asked to sign in, and the clock owns nothing. */
export function speakerId(actor: Actor): string {
  if (actor.kind === "user" || actor.kind === "admin") return actor.userId;
  throw new DomainError("unauthenticated", "auth.required", "Sign in first: this needs an account.");
}

/** The same for reads that show more to some: null for whoever owns nothing. */
export function readerId(actor: Actor): string | null {
  return actor.kind === "user" || actor.kind === "admin" ? actor.userId : null;
}

/** The session in which somebody speaks; null for whoever speaks without one. */
export function sessionIdOf(actor: Actor): string | null {
  return actor.kind === "user" || actor.kind === "admin" ? actor.sessionId : null;
}
