import { type SQL, type SQLWrapper, sql } from "drizzle-orm";

/**
 * Whether a text has such a part, without regard to case. Nothing in it is a wildcard. A trigram index finds what has three
 * letters or digits in a row; for less, every text is looked at.
 */
export function hasPart(text: SQLWrapper, part: string): SQL {
  return isLike(text, `%${literally(part)}%`);
}

/** Whether a text, or a word in it, begins so, without regard to case. Nothing in it is a wildcard. The same index helps. */
export function hasWordFrom(text: SQLWrapper, beginning: string): SQL {
  const part = literally(beginning);
  return sql`(${isLike(text, `${part}%`)} or ${isLike(text, `% ${part}%`)})`;
}

function isLike(text: SQLWrapper, pattern: string): SQL {
  return sql`lower(${text}) like lower(${pattern})`;
}

function literally(part: string): string {
  return part.replace(/[\\%_]/g, "\\$&");
}
