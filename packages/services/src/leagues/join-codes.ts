import { randomInt } from "node:crypto";

/** Without 0 O 1 I L and U, which are misread, misheard or spell words. */
const ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ";
const LENGTH = 10;

/**
 * A code that lets people into a league: 49 bits from a secure source. Of 30¹⁰ codes a hundred thousand guesses find one of
 * a million leagues with a chance of 1 in 5 900, and no one of a given league but with 1 in 5 900 000 000.
 */
export function newJoinCode(): string {
  return Array.from({ length: LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join("");
}

/** As it was given out, however somebody typed it. */
export function normalizedJoinCode(typed: string): string {
  return typed.replace(/[\s-]/g, "").toUpperCase();
}
