import { randomInt } from "node:crypto";

/** Without 0 O 1 I L and U, which are misread, misheard or spell words. */
const ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ";
const LENGTH = 10;

/** A code that lets people into a league: 49 bits from a secure source. */
export function newJoinCode(): string {
  return Array.from({ length: LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join("");
}

/** As it was given out, however somebody typed it. */
export function normalizedJoinCode(typed: string): string {
  return typed.replace(/[\s-]/g, "").toUpperCase();
}
