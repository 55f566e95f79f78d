import { COMMON_PASSWORDS } from "./common-passwords.ts";
import type { FieldFault } from "./domain-error.ts";
import type { FaultReason } from "./fault-reasons.ts";

const USERNAME = { min: 3, max: 50 };
const PASSWORD = { min: 8, max: 128 };

/** Longer input is refused unread: normalising can make text eighteen times as long. */
const PASSWORD_MAX_UNITS = 4 * PASSWORD.max;

/** Names that would pass for the game itself, or that collide with addresses. */
const RESERVED_USERNAMES: ReadonlySet<string> = new Set(
  `admin administrator admins anonymous api deleted everyone fantasyf1 help me moderator moderators null official
   pitwall root security staff superuser support sysadmin system undefined webmaster`.split(/\s+/),
);

const PRODUCT_NAMES = ["pitwall", "fantasyf1"];

/** Short words turn up in a good password by chance. */
const SHORTEST_OWN_WORD = 4;

export function usernameFaults(username: string): FieldFault[] {
  return [
    ...lengthFaults("username", username.length, USERNAME),
    ...faultIf(
      !/^[A-Za-z0-9_]*$/.test(username),
      "username",
      "username.bad_characters",
      "Use only the letters A to Z, digits and _ in a username.",
    ),
    ...faultIf(isReserved(username), "username", "username.reserved", "This username is reserved. Choose another one."),
  ];
}

/** The one form in which a password is judged and hashed: NFKC, and nothing trimmed, cut or folded. */
export function normalizedPassword(password: string): string {
  return password.normalize("NFKC");
}

export interface PasswordContext {
  readonly username?: string;
  readonly email?: string;
  /** Passwords that everybody tries, in lower case, beside those that are refused here anyway. */
  readonly common?: ReadonlySet<string>;
}

/** Every rule that a password breaks. Lengths count code points of the normalized form, so 128 of them are at most 512 bytes. */
export function passwordFaults(password: string, context: PasswordContext): FieldFault[] {
  if (password.length > PASSWORD_MAX_UNITS) return lengthFaults("password", password.length, PASSWORD);
  const text = normalizedPassword(password);
  const lower = text.toLowerCase();
  const email = context.email?.replace(/[+@].*$/s, "");
  return [
    ...lengthFaults("password", [...text].length, PASSWORD),
    ...faultIf(
      !/\p{Lu}/u.test(text),
      "password",
      "password.no_upper_case",
      "Add an upper-case letter to the password.",
    ),
    ...faultIf(!/\p{Ll}/u.test(text), "password", "password.no_lower_case", "Add a lower-case letter to the password."),
    ...faultIf(!/\p{Nd}/u.test(text), "password", "password.no_digit", "Add a digit to the password."),
    ...faultIf(
      isCommon(lower, context.common),
      "password",
      "password.too_common",
      "This password is among the first that anybody tries. Choose a less usual one.",
    ),
    ...faultIf(
      holds(lower, context.username),
      "password",
      "password.contains_username",
      "Leave your username out of the password.",
    ),
    ...faultIf(
      holds(lower, email),
      "password",
      "password.contains_email",
      "Leave your e-mail address out of the password.",
    ),
    ...faultIf(
      PRODUCT_NAMES.some((name) => lower.includes(name)),
      "password",
      "password.contains_product",
      "Leave the name of the game out of the password.",
    ),
  ];
}

type Judged = "username" | "password";

function lengthFaults(
  field: Judged,
  length: number,
  limit: { readonly min: number; readonly max: number },
): FieldFault[] {
  const { min, max } = limit;
  if (length < min) {
    return [
      { field, reason: `${field}.too_short`, message: `Use at least ${min} characters for the ${field}.`, length, min },
    ];
  }
  if (length > max) {
    return [
      { field, reason: `${field}.too_long`, message: `Use at most ${max} characters for the ${field}.`, length, max },
    ];
  }
  return [];
}

function faultIf(broken: boolean, field: Judged, reason: FaultReason, message: string): FieldFault[] {
  return broken ? [{ field, reason, message }] : [];
}

function isReserved(username: string): boolean {
  return RESERVED_USERNAMES.has(username.toLowerCase().replace(/^_+|_+$/g, ""));
}

function isCommon(lower: string, more: ReadonlySet<string> | undefined): boolean {
  const bare = withoutEnds(lower);
  const unsigned = lower.replace(/[^\p{L}\p{N}]+$/u, "");
  const forms = [lower, bare, plainLetters(bare), withoutEnds(plainLetters(lower)), unsigned, withoutNumber(unsigned)];
  return forms.some((form) => COMMON_PASSWORDS.has(form) || more?.has(form) || /^(.)\1*$/u.test(form));
}

/** What is left of "monkey" once "!monkey2024?" has lost the ends that people put on to please the rules. */
function withoutEnds(lower: string): string {
  return lower.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, "");
}

/** The same for what ends in digits of its own: "trustno1" of "trustno12024". */
function withoutNumber(unsigned: string): string {
  return unsigned.replace(/((19|20)\d\d|123|1)$/, "");
}

const LOOKALIKES: Readonly<Record<string, string>> = {
  "0": "o",
  "1": "i",
  "3": "e",
  "4": "a",
  "5": "s",
  "7": "t",
  "@": "a",
  $: "s",
  "!": "i",
};

function plainLetters(text: string): string {
  return text.replace(/[013457@$!]/g, (sign) => LOOKALIKES[sign] ?? sign);
}

function holds(lower: string, word: string | undefined): boolean {
  if (!word) return false;
  const own = normalizedPassword(word).toLowerCase();
  return own.length >= SHORTEST_OWN_WORD ? lower.includes(own) : withoutEnds(lower) === own;
}
