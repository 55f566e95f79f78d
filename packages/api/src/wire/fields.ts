import { z } from "zod";

/** PostgreSQL holds no NUL, and half of a surrogate pair is no text at all. */
export function text(max: number) {
  return z
    .string()
    .max(max)
    .refine((value) => value.isWellFormed() && !value.includes("\0"), "Leave out characters that cannot be stored");
}

/** Line breaks, control characters, and marks that turn the direction of all text after them. */
const NOT_IN_A_NAME = /[\p{Cc}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069]/u;

/** What something or somebody is called: one line, stored as it is given. */
export function name(min: number, max: number) {
  return text(max)
    .min(min)
    .refine((value) => !NOT_IN_A_NAME.test(value), "Use one line without control characters")
    .refine((value) => value.trim() === value, "Leave out the spaces at the ends");
}

/** Of a user, team, league, notification or session. */
export const id = z.uuid();

/** Of a driver or constructor, as the source of results spells it. */
export const sourceId = z.string().regex(/^[a-z0-9_-]{1,64}$/);

export const season = z.int().min(1950).max(9999);

export const seasonOrCurrent = season.meta({ description: "By default the season that is being played" }).optional();

export const slug = z
  .string()
  .regex(/^[a-z0-9-]{1,100}$/)
  .meta({ description: "A race's name in its season, such as monaco-grand-prix" });

export const revision = z.int().min(1).max(32_767);

/** Of what is to be changed, as it was read. */
export const version = z
  .int()
  .min(1)
  .max(2_147_483_647)
  .meta({ description: "As it was read: refused if it has changed since. On REST `If-Match` says the same" });

export const raceName = { season, slug };

const limit = z.int().min(1).max(100).default(50);

/** Page by number. */
export const byOffset = { limit, offset: z.int().min(0).max(1_000_000).default(0) };

/** Page by the `nextCursor` of the page before. */
export const byCursor = <Cursor extends z.ZodType>(cursor: Cursor) => ({ limit, cursor: cursor.optional() });
